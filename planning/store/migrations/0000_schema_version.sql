create schema audit;

create table audit.schema_version (
    version integer primary key,
    name varchar not null,
    checksum varchar not null,
    applied_at timestamp not null
);
