-- How the files of a source are read, as planners confirmed it; and where the rows kept aside of a network stood in
-- the files planners uploaded.
create table raw.profile (
    profile varchar primary key,
    saved_at timestamp not null,
    content json not null
);

create table raw.origin (
    batch bigint not null,
    file varchar not null,
    line bigint not null,
    upload varchar not null,
    upload_line bigint not null,
    raw varchar
);
