select run, version, scenario, network_hash, ledger_count, ledger_head, summary
from plan.run
where version = coalesce($version::bigint, (select max(version) from plan.run where scenario = 'base'))
