insert into audit.job (job, kind, status, submitted_at, started_at, ended_at, progress, message)
values ($job, $kind, $status, $submitted_at, $started_at, $ended_at, $progress, $message)
on conflict (job) do update set
    status = excluded.status,
    started_at = excluded.started_at,
    ended_at = excluded.ended_at,
    progress = excluded.progress,
    message = excluded.message
