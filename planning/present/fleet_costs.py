"""What robots cost: what vendors will invoice, how paid hours are used, what a good unit costs."""

from datetime import date
from typing import Any

import polars as pl

from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.fleet import invoices, robot_cost_by_factory
from planning.present import words
from planning.present.fleet_tables import UTILISATION
from planning.present.view import Choice, Column, View, labels, names

INVOICES = (
    "Rent of contracts and planned rentals as their vendors bill it, and the plan's fees: a period begun is "
    "charged whole, a calendar month begun part way by its days left, rent that runs on to the end of the "
    "plan's last period. A month is the one a period begins in. Overage is told by the week it is worked."
)
COST_A_UNIT = (
    "Cost of the factory's robots over the planned weeks (rent, overage and the weekly cost of owned robots, "
    "without the fees of coming and going) / good units made there."
)

_KINDS = {
    "rent": "Rent",
    "mobilisation": "Mobilisation",
    "demobilisation": "Demobilisation",
    "termination": "Early termination",
    "transfer": "Transfer",
    "overage": "Overage",
}
#: Periods of a month that differ in none of these are one line.
_ONE_LINE = (
    "vendor",
    "source",
    "id",
    "factory",
    "robot_model",
    "kind",
    "on_rent_date",
    "off_rent_date",
    "units",
    "per",
    "price",
)
_PERIODS = {"day": "day", "week": "week", "28_days": "28 days", "month": "month", "hour": "hour"}
_MANY = {"28_days": "× 28 days"}


def invoice_table(plan: Plan, network: Network, choice: Choice, today: date) -> View:
    """What vendors will invoice from today on, by month: a line for each lot of a contract or offer, and fee.

    A contract stands at its own factory, wherever the plan moves it. Amounts add up `invoices`, in cents.
    """
    places = names(network, "factories", "factory")
    rows = (
        choice.of(invoices(plan, network, today))
        .with_columns(month=pl.col("period_start").dt.month_start(), until=_last_day())
        .group_by("month", *_ONE_LINE)
        .agg(
            pl.col("quantity", "amount").sum(),
            since=pl.col("period_start").min(),
            until=pl.col("until").max(),
        )
        .sort("month", "vendor", "id", "factory", "since", "kind", nulls_last=True)
    )
    calculation = [_calculation(row) for row in rows.iter_rows(named=True)]
    return View(
        rows.with_columns(
            what=pl.format(
                "{} {} × {}", pl.col("kind").replace_strict(_KINDS), pl.col("units"), "robot_model"
            ),
            calculation=pl.Series(calculation, dtype=pl.String),
            where=pl.col("factory").replace(places),
        ),
        _invoice_columns(words.currency(plan, network)),
    )


def to_pay(plan: Plan, network: Network, table: View) -> str:
    """What the first two months of `invoice_table` come to, and what it cannot tell; empty where neither."""
    currency = words.currency(plan, network)
    months = table.frame.group_by("month").agg(pl.col("amount").sum()).sort("month").head(2)
    told = [f"{month:%B %Y}: {words.exact_money(money, currency)}." for month, money in months.iter_rows()]
    rents = plan["rentals"].filter(pl.col("action") == "rent")
    unknown = rents.join(network["offers"], left_on="id", right_on="offer", how="anti").height
    if unknown:
        told.append(f"{words.count(unknown, 'planned rental')} left out: the data no longer has the offer.")
    return " ".join(told)


def robot_cost_table(plan: Plan, network: Network | None, choice: Choice) -> View:
    """How the paid hours of each factory are used, and what its robots cost a good unit."""
    currency = words.currency(plan, network)
    rows = Choice(factories=choice.factories).of(robot_cost_by_factory(plan))
    places = labels(network, "factories", "factory", rows["factory"])
    return View(
        rows.with_columns(where=pl.col("factory").replace(places)),
        {
            "where": Column("Factory"),
            "robot_weeks": Column("Robot weeks on rent", "whole"),
            "utilisation": Column("Paid hours used", "share", UTILISATION),
            "paid": Column("Paid hours", "quantity", "Productive hours of robots on rent."),
            "cost": Column(f"Robots ({currency})", "money", COST_A_UNIT),
            "good_units": Column("Good units", "quantity"),
            "cost_per_unit": Column(f"Robots a good unit ({currency})", "cents", COST_A_UNIT),
        },
    )


def _last_day() -> pl.Expr:
    """Last day of a period; of a fee its day."""
    return pl.coalesce(pl.col("period_end") - pl.duration(days=1), "period_start")


def _calculation(row: dict[str, Any]) -> str:
    """How an amount comes about: 4 weeks at 500.00; 17.5 hours at 2.00; for a fee its price."""
    price = f"{row['price']:,.2f}"
    if row["per"] is None:
        return f"{price} each"
    quantity = f"{row['quantity']:,.2f}".rstrip("0").rstrip(".")
    one = _PERIODS[row["per"]]
    many = _MANY.get(row["per"], f"{one}s")
    return f"{quantity} {one if quantity == '1' and row['per'] not in _MANY else many} at {price}"


def _invoice_columns(currency: str) -> dict[str, Column]:
    return {
        "month": Column("Month", "month", INVOICES),
        "vendor": Column("Vendor"),
        "id": Column("Contract or offer"),
        "what": Column("What"),
        "amount": Column(f"Amount ({currency})", "cents", "Without tax."),
        "calculation": Column("Each unit", help="Of overage: of all units."),
        "since": Column("From", "date"),
        "until": Column("To", "date", "Last day charged."),
        "where": Column("Factory"),
    }
