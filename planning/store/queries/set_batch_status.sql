update raw.import_batch
set status = $status
where batch = $batch
