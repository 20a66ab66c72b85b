"""The five files a plan needs, as small as they can be, and what is said about them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from planning.domain.network import Network
from planning.errors import Fault, InputError
from planning.signals import Folder, counts, validate

TODAY = date(2026, 11, 26)
FIVE = {
    "orders": "order_id,due_date,product,market,quantity\n"
    "SO1,2026-12-18,0012,DE,40\nSO2,2027-01-15,0013,FR,25\n",
    "routings": "product,robot_model,hours_per_unit\n0012,ADD,1.5\n0013,MILL,2\n",
    "factories": "factory,attended_hours_per_week\nF1,80\nF2,40\n",
    "offers": "offer,robot_model,weekly_rate\nADD-FLEX,ADD,640\n",
    "owned": "factory,robot_model,units\nF1,ADD,1\nF2,MILL,1\n",
}
ORDERS = "order_id,line,due_date,product,market,quantity,status,priority"


def csv(header: str, *rows: str) -> str:
    """A file of a header and rows."""
    return "\n".join([header, *rows, ""])


def orders(*rows: str) -> str:
    """orders.csv with eight columns: id, line, due date, product, market, quantity, status, priority."""
    return csv(ORDERS, *rows)


def files(**changes: str | bytes | None) -> dict[str, bytes]:
    """The five files with some replaced or added, or left out (None)."""
    merged = {name: content for name, content in (FIVE | changes).items() if content is not None}
    return {f"{n}.csv": c if isinstance(c, bytes) else c.encode() for n, c in merged.items()}


def folder(**changes: str | bytes | None) -> Folder:
    """The five files, read."""
    return Folder.from_files(files(**changes))


def network(**changes: str | bytes | None) -> Network:
    """The five files, read and understood; nothing gets lost on the way."""
    read = folder(**changes)
    understood = validate(read, TODAY)
    told = counts(read, understood)
    assert (told["rows_in"] == told["loaded"] + told["kept_aside"]).all(), told
    return understood


def refusal(**changes: str | bytes | None) -> tuple[Fault, ...]:
    """What is wrong with the five files after some changes."""
    with pytest.raises(InputError) as refused:
        network(**changes)
    return refused.value.faults


def aside(understood: Network, *columns: str) -> list[tuple[Any, ...]]:
    """Rows kept aside, some columns of them."""
    return understood.rejected.select(columns).rows()


def places(faults: Sequence[Fault]) -> list[tuple[str, int | None, str | None]]:
    """Where the faults are."""
    return [(fault.file, fault.line, fault.column) for fault in faults]
