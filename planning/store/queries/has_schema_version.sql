select count(*) as found
from duckdb_tables()
where database_name = current_database() and schema_name = 'audit' and table_name = 'schema_version'
