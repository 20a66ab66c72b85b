select batch, kind, source, imported_at, status, rows_in, rows_loaded, rows_kept_aside
from raw.import_batch
order by batch desc
