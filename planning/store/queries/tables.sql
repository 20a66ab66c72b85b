select schema_name, table_name
from duckdb_tables()
where database_name = current_database() and not internal
order by all
