delete from raw.{table}
where batch = $batch and batch_line in (select unnest($lines::bigint []))
