-- What every workspace has beside the tables of the data contract, which contract.py keeps equal to the schema.
-- All timestamps are UTC.
create schema raw;
create schema core;
create schema plan;

create table raw.import_batch (
    batch bigint primary key,
    kind varchar not null,
    source varchar not null,
    content_hash varchar not null unique,
    imported_at timestamp not null,
    -- The import said last holds; saying an older one again puts it last.
    stated bigint not null,
    status varchar not null,
    rows_in bigint not null,
    rows_loaded bigint not null,
    rows_kept_aside bigint not null,
    network json not null
);

create table raw.payload (
    batch bigint not null,
    file varchar not null,
    sha256 varchar not null,
    bytes bigint not null,
    compressed blob not null
);

create table raw.quarantine (
    batch bigint not null,
    file varchar not null,
    line bigint,
    "column" varchar,
    "value" varchar,
    reason varchar not null,
    raw varchar
);

create table plan.forecast_run (
    forecast bigint primary key,
    created_at timestamp not null,
    input_hash varchar not null
);

create table plan.scenario (
    scenario varchar primary key,
    created_at timestamp not null
);

insert into plan.scenario
values ('base', make_timestamp(epoch_us(now())));

create table plan.run (
    run bigint primary key,
    scenario varchar not null,
    version bigint not null unique,
    created_at timestamp not null,
    network_hash varchar not null,
    ledger_count bigint not null,
    ledger_head varchar not null,
    summary json not null
);

create table audit.ledger (
    seq bigint primary key,
    happened_at timestamp not null,
    kind varchar not null,
    actor varchar not null,
    detail json not null,
    prev_hash varchar not null,
    hash varchar not null
);

create macro audit.entry_hash(seq, happened_at, kind, actor, detail, prev_hash) as
sha256(to_json([prev_hash, seq::varchar, epoch_us(happened_at)::varchar, kind, actor, detail::varchar])::varchar);

create table audit.job (
    job varchar primary key,
    kind varchar not null,
    status varchar not null,
    submitted_at timestamp not null,
    started_at timestamp,
    ended_at timestamp,
    progress json not null,
    message varchar not null
);
