select batch, source, content_hash, status, rows_in, rows_loaded, rows_kept_aside
from raw.import_batch
where batch = $batch
