-- Every row of a table that has this id, in each import that was not undone.
select said.*
from raw.{table} as said
inner join raw.import_batch using (batch)
where said.{key} = $id and import_batch.status <> 'undone'
order by batch, {line}
