-- Each content a file has had in an import that held, with when it came first.
select
    min(imported_at) as imported_at,
    any_value(compressed) as compressed,
    any_value(bytes) as bytes
from raw.payload
inner join raw.import_batch using (batch)
where file = $file and kind = 'network' and status in ('active', 'superseded')
group by sha256
order by min(batch)
