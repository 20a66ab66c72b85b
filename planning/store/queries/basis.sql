select run, batch, forecast, published, today, threads, solver, code_version, revision, corner
from plan.basis
inner join plan.run using (run)
where version = $version
