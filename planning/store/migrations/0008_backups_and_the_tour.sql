-- In a backup one row: when it was made, and why. In a workspace none.
create table audit.backup (
    made_at timestamp not null,
    why varchar not null
);

-- How far planners have come on the tour: of each stop when it was seen, and of `left` when it was left.
create table audit.tour (
    stop varchar primary key,
    seen_at timestamp not null
);
