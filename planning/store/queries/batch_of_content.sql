select batch, status
from raw.import_batch
where content_hash = $content_hash
