select file, line, "column", "value", reason, remedy, raw
from raw.upload_aside
where batch = $batch
order by file, line nulls first
