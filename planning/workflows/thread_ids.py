"""Every id that can be looked up, and the nearest ones to one that is not there."""

import re
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from difflib import get_close_matches

import polars as pl

from planning.domain.thread import Kind
from planning.workflows.thread_facts import Facts

#: Proposed for an id that is not there.
MOST_PROPOSED = 6
#: Ids that may be like one are compared letter by letter; more would take too long.
_MOST_COMPARED = 5000

Found = tuple[Kind, str]

#: How numbered things are written, and how they may be typed.
_WRITTEN: dict[Kind, str] = {"plan": "v{}", "import": "import {}", "forecast run": "forecast {}"}
_NUMBERED = (
    ("v{}", r"(?:plan )?v(\d+)"),
    ("v{}", r"plan (\d+)"),
    ("import {}", r"import #?(\d+)"),
    ("forecast {}", r"forecast #?(\d+)"),
)


class Ids:
    """The ids of a plan and its data, by kind.

    Parameters
    ----------
    facts : where they stand.
    """

    def __init__(self, facts: Facts) -> None:
        network = facts.network
        orders = pl.concat([network["orders"].select("order_id", "line"), _promised(facts)]).unique()
        lines = orders.select(pl.format("{}/{}", "order_id", "line")).to_series()
        work = facts.ways["work_order"].drop_nulls().unique()
        self._ids: dict[Kind, set[str]] = {
            "order": {*orders["order_id"], *lines},
            "opportunity": set(network["opportunities"]["opportunity_id"]),
            "campaign": set(network["campaigns"]["campaign"]),
            "product": set(network["products"]["product"]),
            "work order": set(work),
            "contract": set(network["contracts"]["contract"]),
            "shipment": set(facts.shipments["shipment"]),
        }
        named = network["products"].drop_nulls("name").select("name", "product").iter_rows()
        self._products = {name.lower(): product for name, product in named}

    def with_numbers(self, numbers: Mapping[Kind, Iterable[int]]) -> "Ids":
        """The same, with the plans, imports and forecasts there are by now."""
        more = copy(self)
        more._ids = self._ids | {
            kind: {_WRITTEN[kind].format(number) for number in found} for kind, found in numbers.items()
        }
        return more

    def matches(self, text: str) -> list[Found]:
        """What has this id; of several kinds the one that comes first in the chain first.

        A text like `order:12` names the kind as well. Upper and lower case are alike where that is clear.
        """
        kind, _, rest = text.partition(":")
        kinds = [known for known in self._ids if known == kind.strip().lower()]
        if kinds and rest.strip():
            return list(self._of_kinds(rest.strip(), kinds))
        return list(self._of_kinds(text, list(self._ids)))

    def _of_kinds(self, text: str, kinds: list[Kind]) -> Iterator[Found]:
        text = _plain(text)
        for kind in kinds:
            if text in self._ids[kind]:
                yield kind, text
            else:
                alike = [id for id in self._ids[kind] if id.lower() == text.lower()]
                if len(alike) == 1:
                    yield kind, alike[0]
        product = self._products.get(text.lower())
        if "product" in kinds and product is not None and product != text:
            yield "product", product

    def nearest(self, text: str) -> list[Found]:
        """Ids somebody may have meant: those that hold the text, then those that are written like it."""
        asked = text.lower().strip()
        every = [(kind, id) for kind, ids in self._ids.items() for id in sorted(ids)]
        held = [found for found in every if asked and asked in found[1].lower()]
        if len(held) >= MOST_PROPOSED or not asked:
            return sorted(held, key=lambda found: (len(found[1]), found[1]))[:MOST_PROPOSED]
        alike = {id.lower(): (kind, id) for kind, id in every if abs(len(id) - len(asked)) <= 2}
        likely = sorted(alike, key=lambda id: -_common(id, asked))[:_MOST_COMPARED]
        close = [alike[id] for id in get_close_matches(asked, likely, MOST_PROPOSED, cutoff=0.6)]
        return list(dict.fromkeys([*held, *close]))[:MOST_PROPOSED]


def _plain(text: str) -> str:
    """A number of a plan, an import or a forecast as its id is written; any other text as it is."""
    for written, pattern in _NUMBERED:
        number = re.fullmatch(pattern, text.strip().lower())
        if number is not None:
            return written.format(int(number[1]))
    return text


def _common(one: str, other: str) -> int:
    """Letters two texts begin with together."""
    return next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


def _promised(facts: Facts) -> pl.DataFrame:
    return facts.table("promises").select("order_id", "line")
