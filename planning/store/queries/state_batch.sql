update raw.import_batch
set status = 'superseded', stated = (select max(stated) + 1 from raw.import_batch)
where batch = $batch
