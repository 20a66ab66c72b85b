"""What a planner is asked for each kind of change a scenario can make."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import polars as pl

from planning.domain import scenario as say
from planning.domain.calendar import monday
from planning.domain.network import Network
from planning.domain.scenario import Change, DealConfirmed, DemandScaled
from planning.domain.schema import SETTINGS
from planning.present.view import names

AskKind = Literal["one of", "number", "whole", "percent", "date", "text"]

#: Settings a scenario does not change: they say which day and week it is, and in what money.
_FIXED = {"as_of", "start_week", "currency", "timezone"}


@dataclass(frozen=True)
class Ask:
    """One thing to say.

    Parameters
    ----------
    name : what it is called in the answers.
    of : table and column it is chosen from, where it is chosen.
    least : smallest number; None where any is.
    optional : it may be left empty: nothing is changed there, or all are meant.
    """

    name: str
    label: str
    kind: AskKind
    of: tuple[str, str] = ("", "")
    least: float | None = 0.0
    optional: bool = False


@dataclass(frozen=True)
class Form:
    """A kind of change: its title, what is asked, and the change the answers make.

    `one_of_many`: something has to be said beyond what it is about, whichever it is.
    """

    title: str
    asks: tuple[Ask, ...]
    make: Callable[[Mapping[str, Any]], Change]
    one_of_many: bool = False

    def missing(self, answers: Mapping[str, Any]) -> str:
        """What has to be said yet, in words; empty where nothing is."""
        empty = [ask.label.lower() for ask in self.asks if not ask.optional and _is_empty(answers[ask.name])]
        if empty:
            return f"Say {', '.join(empty)}."
        free = [ask for ask in self.asks if ask.kind != "one of" and ask.optional]
        if self.one_of_many and all(_is_empty(answers[ask.name]) for ask in free):
            return "Say at least one thing that would be different."
        return ""


def _is_empty(answer: Any) -> bool:
    return answer is None or answer == ""


def _pick(name: str, label: str, table: str, column: str, *, optional: bool = False) -> Ask:
    return Ask(name, label, "one of", (table, column), optional=optional)


_DEAL = _pick("deal", "Deal", "opportunities", "opportunity_id")
_FACTORY = _pick("factory", "Factory", "factories", "factory")
_PRODUCT = _pick("product", "Product", "products", "product")
_MARKET = _pick("market", "Market", "markets", "market")
_ANY_PRODUCT = _pick("product", "Product (all when empty)", "products", "product", optional=True)
_ANY_FAMILY = _pick("family", "Family (all when empty)", "products", "family", optional=True)
_ANY_MARKET = _pick("market", "Market (all when empty)", "markets", "market", optional=True)


def _given(answers: Mapping[str, Any], *columns: str) -> dict[str, Any]:
    return {name: answers[name] for name in columns if not _is_empty(answers[name])}


def _resized(answers: Mapping[str, Any]) -> Change:
    said = _given(answers, "quantity", "expected_date")
    return say.RowChange("opportunities", {"opportunity_id": answers["deal"]}, said)


FORMS: tuple[Form, ...] = (
    Form("A deal is confirmed", (
        _DEAL,
        Ask("quantity", "Units (the deal's when empty)", "number", optional=True),
        Ask("due", "Due (the deal's when empty)", "date", optional=True),
    ), lambda a: DealConfirmed(a["deal"], "", a["quantity"], a["due"])),
    Form("A deal is lost", (_DEAL,), lambda a: say.lose_deal(a["deal"])),
    Form("A deal: other size or date", (
        _DEAL,
        Ask("quantity", "Units", "number", optional=True),
        Ask("expected_date", "Expected", "date", optional=True),
    ), _resized, one_of_many=True),
    Form("A new deal", (
        Ask("id", "Its id", "text"),
        _PRODUCT,
        _MARKET,
        Ask("quantity", "Units", "number"),
        Ask("expected_date", "Expected", "date"),
        _pick("stage", "Stage", "stages", "stage"),
    ), lambda a: say.add_deal(
        a["id"], **_given(a, "product", "market", "quantity", "expected_date", "stage")
    )),
    Form("A campaign", (
        Ask("id", "Its id", "text"),
        Ask("channel", "Channel: price, deal, event, search …", "text"),
        _ANY_PRODUCT,
        _ANY_FAMILY,
        _ANY_MARKET,
        Ask("start_date", "First day", "date"),
        Ask("end_date", "Last day", "date"),
        Ask("price", "Price while it runs", "number", optional=True),
        Ask("promotion", "How strongly promoted, 0 to 1", "number", optional=True),
    ), lambda a: say.run_campaign(
        a["id"],
        a["channel"],
        **_given(a, "product", "family", "market", "start_date", "end_date", "price", "promotion"),
    )),
    Form("More or less demand", (
        Ask("share", "Change of the forecast in %", "percent", least=-100.0),
        _ANY_PRODUCT,
        _ANY_FAMILY,
        _ANY_MARKET,
        Ask("first", "From (the first week when empty)", "date", optional=True),
        Ask("last", "To (the last week when empty)", "date", optional=True),
    ), lambda a: DemandScaled(
        a["share"] / 100, a["product"] or "", a["family"] or "", a["market"] or "",
        _monday(a["first"]), _monday(a["last"]),
    )),
    Form("An offer: other terms", (
        _pick("offer", "Offer", "offers", "offer"),
        Ask("weekly_rate", "Weekly rate", "number", optional=True),
        Ask("min_term_weeks", "Minimum term in weeks", "whole", least=1.0, optional=True),
        Ask("notice_weeks", "Notice in weeks", "whole", optional=True),
        Ask("lead_time_weeks", "Lead time in weeks", "whole", optional=True),
        Ask("mobilisation_fee", "Mobilisation fee", "number", optional=True),
        Ask("max_units", "Most units", "whole", optional=True),
    ), lambda a: say.change_offer(a["offer"], **_given(
        a, "weekly_rate", "min_term_weeks", "notice_weeks", "lead_time_weeks", "mobilisation_fee", "max_units"
    )), one_of_many=True),
    Form("Robots of our own", (
        _FACTORY,
        _pick("robot_model", "Robot model", "robots", "robot_model"),
        Ask("units", "Robots", "whole"),
    ), lambda a: say.own_robots(a["factory"], a["robot_model"], a["units"])),
    Form("A factory: floor and hours", (
        _FACTORY,
        Ask("floor_slots", "Floor slots", "number", optional=True),
        Ask("attended_hours_per_week", "Attended hours a week", "number", optional=True),
        Ask("unattended_hours_per_week", "Unattended hours a week", "number", optional=True),
        Ask("overtime_hours_per_week", "Overtime hours a week, at most", "number", optional=True),
    ), lambda a: say.change_factory(a["factory"], **_given(
        a, "floor_slots", "attended_hours_per_week", "unattended_hours_per_week", "overtime_hours_per_week"
    )), one_of_many=True),
    Form("A week of a factory", (
        _FACTORY,
        Ask("week", "Week (any day of it)", "date"),
        _pick("robot_model", "Robot model (all when empty)", "robots", "robot_model", optional=True),
        Ask("attended_hours", "Attended hours", "number", optional=True),
        Ask("unattended_hours", "Unattended hours", "number", optional=True),
        Ask("availability", "Availability, 0 to 1", "number", optional=True),
    ), lambda a: say.change_week(
        a["factory"], _monday(a["week"]) or a["week"], a["robot_model"] or None,
        **_given(a, "attended_hours", "unattended_hours", "availability"),
    ), one_of_many=True),
    Form("A setting", (
        _pick("key", "Setting", "", ""),
        Ask("value", "Value", "text"),
    ), lambda a: say.change_setting(a["key"], a["value"])),
)  # fmt: skip


def form_of(title: str) -> Form:
    """The form of this title."""
    return next(form for form in FORMS if form.title == title)


def choices(network: Network, ask: Ask) -> dict[str, str]:
    """Id → what it is picked by; open deals only, and settings that may differ."""
    table, column = ask.of
    if not table:
        return {field.name: f"{field.name}: {field.doc}" for field in SETTINGS if field.name not in _FIXED}
    rows = network[table]
    if table == "opportunities":
        rows = rows.filter(pl.col("status") == "open")
        told = pl.format("{}: {} × {}, {}", column, "quantity", "product", "market")
        return dict(rows.select(column, told.alias("told")).sort(column).iter_rows())
    ids = rows[column].drop_nulls().unique().sort().to_list()
    named = names(network, table, column) if "name" in rows.columns and column != "family" else {}
    return {id: named.get(id, id) for id in ids}


def _monday(day: date | None) -> date | None:
    return None if day is None else monday(day)
