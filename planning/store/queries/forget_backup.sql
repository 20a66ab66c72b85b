delete from audit.backup
