-- Every way in which the ledger is not what it was: entries that do not follow from the one before, and places
-- a plan (or the export $count, $head) says the ledger ended at, where it now does not.
with chained as (
    select
        *,
        row_number() over (order by seq) as place,
        coalesce(lag(hash) over (order by seq), '') as hash_before
    from audit.ledger
),
judged as (
    select
        seq,
        case
            when seq <> place then 'entries before it are missing'
            when prev_hash <> hash_before then 'the entry before it is another one'
            when hash <> audit.entry_hash(seq, happened_at, kind, actor, detail, prev_hash) then 'it was edited'
        end as fault
    from chained
),
ends as (
    select ledger_count as seq, ledger_head as head, 'plan v' || version as witness
    from plan.run
    union all
    select $count::bigint, $head::varchar, 'the export'
    where $count is not null
),
missed as (
    select
        ends.seq,
        case
            when ledger.seq is null then 'it is missing, ' || witness || ' was made with it'
            else witness || ' was made with another one'
        end as fault
    from ends
    left join audit.ledger using (seq)
    where ends.seq > 0 and head is distinct from ledger.hash
)
select seq, fault
from judged
where fault is not null
union
select seq, fault
from missed
order by seq, fault
