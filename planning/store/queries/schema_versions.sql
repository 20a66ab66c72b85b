select version, name, checksum
from audit.schema_version
order by version
