-- How errors of a forecast go together, and what was found of every series, by the hash of all it was found from:
-- the next forecast finds only what has changed. One forecast is remembered, the latest.
alter table plan.forecast_run add column dependence json;
-- The data it was made from, and the day and code that made it: of the same by the same it need not be made.
alter table plan.forecast_run add column made_of varchar;
alter table plan.forecast_run add column made_by varchar;

create table plan.forecast_outcome (
    "key" varchar primary key,
    series_class varchar not null,
    mean double [] not null,
    spread double not null,
    method varchar not null,
    fallback varchar,
    shape double [] not null,
    log_lift double [] not null,
    signals varchar,
    unusual varchar,
    trial_back bigint [] not null,
    trial_class varchar [] not null,
    trial_spread double [] not null,
    trial_scale double [] not null,
    trial_shape double [] not null,
    trial_mean double [] not null,
    trial_log_lift double [] not null,
    trial_actual double [] not null,
    trial_naive double [] not null
);
