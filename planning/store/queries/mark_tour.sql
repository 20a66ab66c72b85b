insert or replace into audit.tour (stop, seen_at)
values ($stop, $seen_at)
