insert into plan.basis (
    run, batch, forecast, published, today, threads, solver, code_version, revision, corner
)
values ($run, $batch, $forecast, $published, $today, $threads, $solver, $code_version, $revision, $corner)
