select job, kind, status, submitted_at, started_at, ended_at, progress, message
from audit.job
order by submitted_at desc, job
