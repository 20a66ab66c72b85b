select file, sha256
from raw.payload
where batch = $batch and not starts_with(file, 'published/')
order by file
