-- What each uploaded file did to the network it joined, and the rows of it that were kept aside.
create table raw.upload (
    batch bigint not null,
    file varchar not null,
    "table" varchar not null,
    mode varchar not null,
    rows_in bigint not null,
    rows_new bigint not null,
    rows_changed bigint not null,
    rows_same bigint not null,
    rows_removed bigint not null,
    rows_kept_aside bigint not null
);

create table raw.upload_aside (
    batch bigint not null,
    file varchar not null,
    line bigint,
    "column" varchar,
    "value" varchar,
    reason varchar not null,
    remedy varchar not null,
    raw varchar
);
