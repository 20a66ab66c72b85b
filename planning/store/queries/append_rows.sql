insert into {schema}.{table} by name
select * from incoming
