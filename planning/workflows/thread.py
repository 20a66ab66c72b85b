"""Threads: from any id to everything it comes from and goes to."""

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.domain.thread import Kind, Stage, Step, Thread
from planning.store import Workspace
from planning.workflows import thread_links as links
from planning.workflows.thread_balance import balance_of
from planning.workflows.thread_facts import Facts
from planning.workflows.thread_ids import Found, Ids
from planning.workflows.thread_records import Records, record_thread
from planning.workflows.thread_subjects import Subject, subject_of

#: Kinds that stand in the records of the workspace, not in a plan.
RECORDED: frozenset[Kind] = frozenset(("plan", "import", "forecast run"))

#: An address that lists more narrows nothing down.
_MOST_IDS = 12


@dataclass(frozen=True)
class LookUp:
    """What was found under an id.

    Parameters
    ----------
    thread : of the first match; None where there is none.
    others : what else has that id.
    nearest : ids that may have been meant, where there is none.
    """

    thread: Thread | None
    others: tuple[Found, ...] = ()
    nearest: tuple[Found, ...] = ()


class Threads:
    """Looks ids up. May be asked from any thread.

    Parameters
    ----------
    workspace : where imports, plans, forecasts and the ledger are.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._lock = threading.Lock()
        self._known: tuple[Plan | None, Network, Facts, Ids] | None = None

    def look_up(self, text: str, plan: Plan | None, network: Network) -> LookUp:
        """The thread of an id, in this plan and these data.

        Parameters
        ----------
        text : the id; `kind:id` where several kinds share it.
        """
        records = Records.of(self._workspace, network.policy.timezone)
        facts, ids = self._at_hand(plan, network, records)
        found = ids.matches(text.strip())
        if not found:
            return LookUp(None, nearest=tuple(ids.nearest(text)))
        (kind, id), *others = found
        if kind in RECORDED:
            return LookUp(record_thread(records, kind, id), tuple(others))
        return LookUp(self._thread(facts, records, kind, id), tuple(others))

    def _at_hand(self, plan: Plan | None, network: Network, records: Records) -> tuple[Facts, Ids]:
        """The way of every unit, worked out once for a plan and its data."""
        with self._lock:
            known = self._known
            if known is None or known[0] is not plan or known[1] is not network:
                facts = Facts(plan, network)
                known = plan, network, facts, Ids(facts)
                self._known = known
            _, _, facts, ids = known
            return facts, ids.with_numbers(records.numbers())

    def _thread(self, facts: Facts, records: Records, kind: Kind, id: str) -> Thread:
        about = subject_of(facts, kind, id)
        steps = (
            Step("import", self._origins(records, kind, id), address="signals"),
            *_demand_steps(facts, about, kind, id),
            *_supply_steps(facts, records, about),
        )
        stage: Stage | None = None if kind in {"product", "forecast run"} else kind  # type: ignore[assignment]
        some = tuple(step for step in steps if not step.links.is_empty())
        return Thread(kind, id, about.title, stage, some, balance_of(facts, about, kind), about.told)

    def _origins(self, records: Records, kind: Kind, id: str) -> pl.DataFrame:
        """Where the rows of an id came in: file, line and import, when and by whom."""
        table, key = _TABLES.get(kind, ("", ""))
        if not table:
            return links.as_links(())
        rows = self._workspace.row_origins(table, key, id)
        if kind == "order" and rows.is_empty() and "/" in id:
            order, _, _ = id.rpartition("/")
            rows = self._workspace.row_origins(table, key, order)
            rows = rows.filter(pl.format("{}/{}", *links.LINE) == id)
        return links.as_links(_origin(records, row, table) for row in rows.iter_rows(named=True))


def _demand_steps(facts: Facts, about: Subject, kind: Kind, id: str) -> Iterator[Step]:
    """Campaigns, opportunities, orders and what is expected beside them."""
    cells = links.cells_of(facts, about.ways, about.lines)
    series = _narrowed({name: cells[name].unique().sort().to_list() for name in ("product", "market")})
    if about.campaigns is None:
        campaigns = links.campaign_links(facts, cells)
    else:
        campaigns = links.campaign_rows(about.campaigns)
    yield Step("campaign", campaigns, address="forecast", shows=series)
    deals = facts.network["opportunities"].clear() if about.deals is None else about.deals
    deal = {"deal": [id]} if kind == "opportunity" else {}
    yield Step("opportunity", links.deal_links(facts, deals), address="signals", shows=deal)
    orders = links.order_links(facts, about.ways, about.lines)
    yield Step("order", orders, address="plan", shows=series | {"orders": ["All open"]})
    yield Step("forecast", links.forecast_links(facts, cells), _EXPECTED, "forecast", series)


def _supply_steps(facts: Facts, records: Records, about: Subject) -> Iterator[Step]:
    """The plan, contracts, work orders and shipments."""
    if facts.plan is not None:
        version = int(facts.plan.summary["version"])
        shows = {"version": [str(version)]}
        yield Step("plan", records.plan_links([version]), address="plan", shows=shows)
    places = _narrowed({"factory": about.ways["factory"].drop_nulls().unique().sort().to_list()})
    if about.contracts is None:
        held = links.contract_links(facts, links.contracts_behind(facts, about.ways))
        yield Step("contract", held, _CONTRACTS, "fleet", places)
    else:
        yield Step("contract", links.contract_links(facts, about.contracts), "", "fleet", places)
    weeks = about.ways["made_week"].drop_nulls()
    first = {} if weeks.is_empty() else {"week": [str(weeks.dt.strftime("%G-W%V").min())]}
    shows = places | _narrowed({"product": about.ways["product"].unique().sort().to_list()})
    work = links.work_links(facts, about.ways)
    yield Step("work order", work, address="schedule", shows=shows | first)
    yield Step("shipment", links.shipment_links(facts, about.ways), address="plan", shows=shows)


#: Kind → its table and the column its id stands in.
_TABLES: dict[Kind, tuple[str, str]] = {
    "order": ("orders", "order_id"),
    "opportunity": ("opportunities", "opportunity_id"),
    "campaign": ("campaigns", "campaign"),
    "contract": ("contracts", "contract"),
    "product": ("products", "product"),
}

_EXPECTED = (
    "What is expected beside the orders, of the same product, market and week; units are those the plan "
    "serves."
)
_CONTRACTS = "On rent while this is worked, of the robot models it needs, at the same factory."


def _narrowed(chosen: Mapping[str, list[str]]) -> dict[str, list[str]]:
    return {name: ids for name, ids in chosen.items() if 0 < len(ids) <= _MOST_IDS}


def _origin(records: Records, row: Mapping[str, Any], table: str) -> dict[str, Any]:
    changed = row["batch"] != row["first_batch"]
    since = f", first otherwise in import {row['first_batch']}" if changed else ""
    return {
        "kind": "import",
        "id": f"import {row['batch']}",
        "what": f"as it stands{since}",
        "on": records.day(row["imported_at"]),
        "source": f"{table}.csv, line {row['file_line']}, from {row['source']}",
        "who": row["actor"],
    }
