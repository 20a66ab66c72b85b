select file, line, upload, upload_line, raw
from raw.origin
where batch = $batch
order by file, line
