insert into snapshot.audit.backup (made_at, why)
values ($made_at, $why)
