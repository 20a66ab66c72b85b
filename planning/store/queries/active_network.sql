select batch, network
from raw.import_batch
where kind = 'network' and status = 'active'
