"""The frames as such: weeks of the plan, known ids, honest numbers, one row a key."""

import polars as pl
import polars.selectors as cs

from planning.check.facts import Facts
from planning.check.violation import Violation, found
from planning.domain.schema import EXPORT

RULE = "frames"

#: What names a row, in the tables whose rows do not simply add up.
KEYS: dict[str, tuple[str, ...]] = {
    "production": ("factory", "routing", "week"),
    "fleet": ("factory", "robot_model", "source", "id", "week"),
    "hours": ("factory", "robot_model", "week"),
    "inventory": ("factory", "product", "week"),
    "demand": ("product", "market", "week"),
}

#: Columns that hold an id of an input table.
IDS = {
    "factory": "factories",
    "to_factory": "factories",
    "market": "markets",
    "product": "products",
    "robot_model": "robots",
    "material": "materials",
}

#: Columns that must lie on a Monday of the horizon. An arrival after it is rule 2's to tell.
WEEKS = ("week", "ship_week", "delivered_week")

#: Words a column may hold, where 2-data lists them.
WORDS = {
    ("fleet", "source"): ("owned", "contract", "offer"),
    ("rentals", "action"): ("rent", "return", "renew", "terminate", "move"),
    ("promises", "status"): ("on_time", "late", "refused", "open"),
    ("schedule", "status"): ("planned", "firm", "pinned", "started"),
}

#: Tables that are not about the plan's quantities.
ASIDE = ("rejected_rows",)


def check_frames(facts: Facts) -> list[Violation]:
    """Everything that is wrong with the tables before any rule is asked."""
    tables = [name for name in EXPORT if name not in ASIDE]
    return [
        violation
        for name in tables
        for check in (outside_horizon, unknown_ids, unknown_words, not_a_quantity, twice)
        for violation in check(facts, name)
    ]


def outside_horizon(facts: Facts, table: str) -> list[Violation]:
    """Rows of a week that is not one of the plan's."""
    frame, out = facts.plan[table], []
    for column in [name for name in WEEKS if name in frame.columns]:
        wrong = ~pl.col(column).is_in(facts.policy.weeks)
        if column != "delivered_week":
            wrong = wrong | pl.col(column).is_null()
        rows = frame.filter(wrong).with_columns(amount=1.0, day=pl.col(column))
        out += found(RULE, rows, "amount", f"{table}.csv has a row for {{day}}, not a week of the plan")
    return out


def unknown_ids(facts: Facts, table: str) -> list[Violation]:
    """Rows that name something the network does not have."""
    frame, out = facts.plan[table], []
    for column in [name for name in IDS if name in frame.columns]:
        source = IDS[column]
        key = "factory" if column == "to_factory" else column
        known = facts.network[source].select(pl.col(key).alias(column))
        rows = frame.filter(pl.col(column).is_not_null()).join(known, on=column, how="anti")
        say = f"{table}.csv names {column} {{{column}}}, which {source}.csv does not have"
        out += found(RULE, rows.with_columns(amount=1.0), "amount", say)
    return out


def unknown_words(facts: Facts, table: str) -> list[Violation]:
    """Rows with a word the contract does not know."""
    frame, out = facts.plan[table], []
    for column, words in [(column, words) for (name, column), words in WORDS.items() if name == table]:
        rows = frame.filter(~pl.col(column).is_in(words).fill_null(value=False)).with_columns(amount=1.0)
        out += found(RULE, rows, "amount", f"{table}.csv has {column} {{{column}}}, not {', '.join(words)}")
    return out


def not_a_quantity(facts: Facts, table: str) -> list[Violation]:
    """Numbers below zero or not finite; no quantity, hour or cost of a plan is."""
    frame, out = facts.plan[table], []
    for column in frame.select(cs.numeric()).columns:
        number = pl.col(column).cast(pl.Float64)
        rows = frame.filter((number < -1e-6) | ~number.is_finite()).with_columns(
            amount=number.abs(), number=number
        )
        out += found(RULE, rows, "amount", f"{table}.csv has {column} = {{number}}")
    return out


def twice(facts: Facts, table: str) -> list[Violation]:
    """Keys with more than one row."""
    if table not in KEYS:
        return []
    keys = KEYS[table]
    rows = facts.plan[table].group_by(keys).agg(amount=pl.len().cast(pl.Float64)).filter(pl.col("amount") > 1)
    return found(RULE, rows, "amount", f"{table}.csv has {{amount:.0f}} rows where one is meant")
