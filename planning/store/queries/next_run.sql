select coalesce(max(run), 0) + 1 as run, coalesce(max(version), 0) + 1 as version
from plan.run
