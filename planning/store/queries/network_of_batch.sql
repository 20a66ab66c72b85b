select batch, network
from raw.import_batch
where batch = $batch
