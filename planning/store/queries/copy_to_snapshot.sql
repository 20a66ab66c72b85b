copy from database {workspace} to snapshot
