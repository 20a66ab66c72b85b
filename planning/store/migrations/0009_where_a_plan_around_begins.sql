-- Where the relaxation of a plan ended, a byte for each decision and rule, compressed: the bound of a plan around
-- it is found from there. Null where there is none, and for plans from before this migration.
alter table plan.basis add column corner blob;
