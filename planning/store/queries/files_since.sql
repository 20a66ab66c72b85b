-- Each file of the network that holds, with the import it came with as it is.
with held as (
    select file, sha256
    from raw.payload
    semi join (
        select batch
        from raw.import_batch
        where kind = 'network' and status = 'active'
    ) using (batch)
)
select file, min(imported_at) as imported_at
from held
inner join raw.payload using (file, sha256)
inner join raw.import_batch using (batch)
group by file
order by file
