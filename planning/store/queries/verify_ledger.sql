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
)
select seq, fault
from judged
where fault is not null
order by seq
