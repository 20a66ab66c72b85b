select file, bytes, compressed
from raw.payload
where batch = $batch and starts_with(file, $folder)
order by file
