-- Of the networks that are not undone the one stated last holds.
update raw.import_batch
set status = case
    when batch = (
        select max_by(batch, stated)
        from raw.import_batch
        where kind = 'network' and status <> 'undone'
    ) then 'active'
    else 'superseded'
end
where kind = 'network' and status <> 'undone'
