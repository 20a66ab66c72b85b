select *
from {schema}.{table}
where {owner} = $owner
order by {line}
