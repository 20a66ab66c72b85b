select file, line, "column", "value", reason, raw
from raw.quarantine
where batch = $batch
order by file, line nulls first
