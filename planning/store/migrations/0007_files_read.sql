-- Files of other systems some of whose rows are kept aside, with how they were read and what was mended in them: such
-- a row is mended among those of its file, however long ago that came in.
create table raw.read_file (
    sha256 varchar primary key,
    bytes bigint not null,
    compressed blob not null
);

create table raw.upload_read (
    batch bigint not null,
    file varchar not null,
    sha256 varchar not null,
    profile json not null,
    mended json not null
);

-- The upload of each file that holds: one of the same name takes the place of the one before, and a folder says all
-- there is, so that what was uploaded before it holds no more.
create view raw.standing_upload as
with holds as (
    select stated from raw.import_batch where status = 'active' order by stated desc limit 1
),
folder as (
    select max(stated) as stated
    from raw.import_batch
    where status <> 'undone' and batch not in (select batch from raw.upload)
)
select file, max_by(batch, stated) as batch
from (select distinct file, batch from raw.upload)
join raw.import_batch using (batch)
where status <> 'undone'
    and stated <= (select stated from holds)
    and stated > coalesce((select stated from folder), -1)
group by file;
