insert into plan.basis (run, batch, forecast, published, today, threads, solver, code_version)
values ($run, $batch, $forecast, $published, $today, $threads, $solver, $code_version)
