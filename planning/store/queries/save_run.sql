insert into plan.run (
    run, scenario, version, created_at, network_hash, ledger_count, ledger_head, summary
)
values ($run, $scenario, $version, $created_at, $network_hash, $ledger_count, $ledger_head, $summary)
