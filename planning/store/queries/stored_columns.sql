select schema_name, table_name, column_name, lower(data_type) as data_type
from duckdb_columns()
where database_name = current_database() and not internal
order by schema_name, table_name, column_index
