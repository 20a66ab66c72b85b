select bytes, compressed
from raw.payload
where batch = $batch and file = $file
