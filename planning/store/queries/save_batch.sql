insert into raw.import_batch (
    batch, kind, source, content_hash, imported_at, stated, status, rows_in, rows_loaded, rows_kept_aside, network
)
values (
    $batch, 'network', $source, $content_hash, $imported_at, 0, 'superseded',
    $rows_in, $rows_loaded, $rows_kept_aside, $network
)
