select
    (select count(*) from raw.import_batch) as imports,
    (select count(*) from plan.run) as plans
