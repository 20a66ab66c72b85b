-- Rows of an uploaded file that another row of it says: they count once.
alter table raw.upload add column rows_collapsed bigint default 0;
