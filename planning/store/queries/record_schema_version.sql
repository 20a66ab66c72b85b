insert into audit.schema_version (version, name, checksum, applied_at)
values ($version, $name, $checksum, $applied_at)
