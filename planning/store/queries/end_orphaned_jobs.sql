update audit.job
set
    status = 'failed',
    ended_at = $ended_at,
    message = 'The app ended before this was done. Nothing was changed; start it again.'
where status in ('queued', 'running')
