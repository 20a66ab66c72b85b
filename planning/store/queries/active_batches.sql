select batch
from raw.import_batch
where status = 'active'
