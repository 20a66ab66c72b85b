-- What each plan was made from, so that it can be made again; plans from before this migration have none.
create table plan.basis (
    run bigint primary key,
    batch bigint not null,
    -- The forecast of Takt's own it rests on; null where the network brings one.
    forecast bigint,
    -- The version that was published when it was made; null where none was.
    published bigint,
    -- The day it was, which settings without as_of go by.
    today date not null,
    threads bigint not null,
    solver varchar not null,
    code_version varchar not null,
    -- Of the scenario it is of; null for a plan of the base.
    revision bigint
);

-- The files by which a scenario's plan differs from the import it was made from.
create table plan.basis_file (
    run bigint not null,
    place bigint not null,
    "table" varchar not null,
    "data" blob not null
);

-- A scenario is what it changes in the network that holds, never a copy of it. Its revision counts the changes
-- that were saved, so that of two planners the second is told.
create table plan.scenario_state (
    scenario varchar primary key,
    actor varchar not null,
    status varchar not null,
    revision bigint not null
);

create table plan.scenario_change (
    scenario varchar not null,
    place bigint not null,
    change json not null
);

-- Forecasts made for a scenario: the forecast of the network that holds is none of them.
create table plan.scenario_forecast (
    forecast bigint primary key
);
