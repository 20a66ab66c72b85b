"""Overruling the forecast: from what a planner typed to rows of overrides.csv, and into the network."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from planning.domain.network import Network
from planning.domain.schema import INPUT
from planning.errors import Fault, InputError, NothingToPlanError
from planning.forecast import changed_by, in_force, spread, value_added
from planning.forecast.overrides import VALUE_ADDED_SCHEMA
from planning.forecast.series import weekly_history
from planning.store import ImportReceipt, Workspace
from planning.store.uploads import ChangedMeanwhileError
from planning.workflows.incoming import Incoming
from planning.workflows.outlook import Outlook
from planning.workflows.uploads import Uploads

FILE = "overrides.csv"
#: What is typed to let the overrides of a week end.
END = "end"
#: Beyond it a plan's tolerances are larger than what they are about (as in the files).
MOST_UNITS = 1e9

_KEY = ["product", "market", "week"]
_UNITS = re.compile(r"[0-9]+\.?[0-9]*|\.[0-9]+")
_CHANGE = re.compile(r"([+-])\s*([0-9]+\.?[0-9]*|\.[0-9]+)\s*%")
_NOT_UNDERSTOOD = "is neither units, such as 120, nor a change, such as +20 %"


@dataclass(frozen=True)
class Entry:
    """What was typed for some weeks together.

    Parameters
    ----------
    where : how a planner calls the place, such as week 49.
    weeks : Mondays.
    text : units that all series and weeks come to, a change of the forecast with its sign (+20 %), or END.
    """

    where: str
    weeks: tuple[date, ...]
    text: str


@dataclass(frozen=True)
class Signature:
    """Why, by whom and until when: `expires` is the last day it holds, None for ever."""

    reason: str = ""
    author: str = ""
    expires: date | None = None


@dataclass(frozen=True)
class Draft:
    """Overrides as they would be saved.

    Parameters
    ----------
    rows : the columns of overrides.csv; model (the forecast without overrides) and before (the override in
        force; null without one), in units; ends (the override is let go).
    faults : what was typed and will not do, in words; while there are any, nothing can be saved.
    missing : what has to be said yet, in words; empty where nothing is.
    drawn_on : input_hash of the network it was made on.
    """

    rows: pl.DataFrame
    faults: tuple[str, ...]
    missing: str
    drawn_on: str

    @property
    def can_be_saved(self) -> bool:
        """Whether there is something to save, and nothing in its way."""
        return not (self.rows.is_empty() or self.faults or self.missing)


class _RefusedError(Exception):
    """Why one entry will not do; caught where it is collected."""


def draft_overrides(
    outlook: Outlook, series: pl.DataFrame, entries: Sequence[Entry], signature: Signature
) -> Draft:
    """What the entries say of all `series` together, shared out as the forecast without overrides is.

    Parameters
    ----------
    series : product, market.
    entries : those without text say nothing.
    """
    said = [entry for entry in entries if entry.text.strip()]
    grid = _grid(outlook, series)
    faults = list(_said_twice(said))
    parts = [grid.clear().with_columns(ends=pl.lit(False))]
    for entry in said:
        try:
            parts.append(_overruled(grid.filter(pl.col("week").is_in(list(entry.weeks))), entry))
        except _RefusedError as refusal:
            faults.append(f"{entry.where}: {refusal}.")
    if signature.expires is not None and signature.expires < outlook.network.policy.as_of:
        faults.append(f"Last day: {signature.expires} is over already.")
    rows = _signed(pl.concat(parts), signature, outlook.network.policy.as_of)
    return Draft(rows, tuple(faults), _missing(rows, signature), outlook.network.input_hash)


def save_overrides(uploads: Uploads, network: Network | None, draft: Draft) -> ImportReceipt:
    """Import the draft as an update of overrides.csv: undone, and making plans stale, like any import.

    Parameters
    ----------
    network : the one that holds now.

    Raises
    ------
    ChangedMeanwhileError
        The draft was made on other data.
    InputError
        A row would not load; then none does.
    NothingToPlanError
        All of it holds already.
    """
    if network is None or network.input_hash != draft.drawn_on:
        raise ChangedMeanwhileError(
            "Somebody changed the data since you looked, so no override was saved. Below is what yours "
            "change now: check them and save again." + uploads.meanwhile(of=draft.drawn_on)
        )
    table = draft.rows.select(INPUT["overrides"].columns).write_csv().encode()
    preview = uploads.preview([Incoming(FILE, table, "overrides")])
    aside = preview.aside.select("file", "reason", "remedy", "line", "column", "value", "raw")
    faults = [*preview.faults, *(Fault(**row) for row in aside.iter_rows(named=True))]
    if faults:
        raise InputError(faults)
    if not preview.loads:
        raise NothingToPlanError("These overrides hold already, so nothing was saved.")
    return uploads.load(preview)


def override_record(workspace: Workspace, network: Network) -> pl.DataFrame:
    """Every override whose week is over beside the model and what came, as `value_added` has it."""
    policy = network.policy
    due = network["overrides"].filter(pl.col("week") < policy.start_week)
    if due.is_empty():
        return no_record()
    came = weekly_history(
        network["history"],
        due.select("product", "market"),
        policy.start_week,
        policy.as_of,
        policy.due_cutoff_weekday,
    )
    # A forecast of the network's own is what they stood in place of; without one it was Takt's.
    own = network["forecast"].select(*_KEY, "quantity")
    return value_added(due, workspace.overruled() if own.is_empty() else own, came)


def no_record() -> pl.DataFrame:
    """The record before any override's week is over."""
    return pl.DataFrame(schema=VALUE_ADDED_SCHEMA)


def _grid(outlook: Outlook, series: pl.DataFrame) -> pl.DataFrame:
    """Every series and week of the horizon: quantity and model (both the forecast), the override in force."""
    policy = outlook.network.policy
    weeks = pl.DataFrame({"week": policy.weeks}, schema={"week": pl.Date})
    held = outlook.network["overrides"].filter(in_force(policy.as_of))
    return (
        series.select("product", "market")
        .join(weeks, how="cross")
        .join(outlook.without_overrides.select(*_KEY, "quantity"), on=_KEY, how="left")
        .with_columns(pl.col("quantity").fill_null(0.0))
        .with_columns(model="quantity")
        .join(held.rename({"quantity": "before"}), on=_KEY, how="left")
        .sort(_KEY)
    )


def _overruled(grid: pl.DataFrame, entry: Entry) -> pl.DataFrame:
    if grid.is_empty():
        raise _RefusedError("choose its weeks, the first one before the last")
    text = entry.text.strip().replace("−", "-")
    if text.lower() == END:
        held = grid.filter(pl.col("before").is_not_null())
        if held.is_empty():
            raise _RefusedError("no override holds there that could end")
        return held.with_columns(quantity="before", ends=pl.lit(True))
    change = _CHANGE.fullmatch(text)
    if change is None:
        return spread(_forecast_only(grid), _units(text)).with_columns(ends=pl.lit(False))
    share = float(change[1] + change[2]) / 100
    if share < -1:
        raise _RefusedError(
            f"{entry.text.strip()!r} is below zero: −100 % is the most that can be taken away"
        )
    if _forecast_only(grid)["quantity"].sum() <= 0:
        raise _RefusedError("the forecast there is zero, a share of it says nothing: say it in units")
    return changed_by(_forecast_only(grid), share).with_columns(ends=pl.lit(False))


def _forecast_only(grid: pl.DataFrame) -> pl.DataFrame:
    """Without what is forecast as zero, where there is more: it gets no share, and needs no override."""
    forecast = grid.filter(pl.col("quantity") > 0)
    return grid if forecast.is_empty() else forecast


def _units(text: str) -> float:
    if _UNITS.fullmatch(text) is None:
        raise _RefusedError(f"{text!r} {_why_not(text)}")
    units = float(text)
    if units > MOST_UNITS:
        raise _RefusedError(f"{text!r} is too large to plan with: at most {MOST_UNITS:,.0f}")
    return units


def _why_not(text: str) -> str:
    if re.search(r"[0-9],[0-9]", text):
        return "has a comma: write thousands without one, and decimals with a dot, such as 1250.5"
    if re.fullmatch(r"[0-9.]+\s*%", text):
        return "needs its sign: +20 % for more than the forecast, −20 % for less"
    if re.fullmatch(r"-\s*[0-9.]+", text):
        return "is below zero; to take a share away, write it as −20 %"
    return _NOT_UNDERSTOOD


def _said_twice(entries: Sequence[Entry]) -> Iterator[str]:
    times = Counter(week for entry in entries for week in entry.weeks)
    for week in sorted(week for week, number in times.items() if number > 1):
        yield f"{week:%G-W%V} is said twice, in the table and in the range: keep one of them."


def _signed(rows: pl.DataFrame, signature: Signature, as_of: date) -> pl.DataFrame:
    """With reason, author and last day; one that ends keeps what it was said with."""
    new = {"reason": signature.reason.strip(), "author": signature.author.strip()}
    return rows.with_columns(
        *(pl.when("ends").then(name).otherwise(pl.lit(text)).alias(name) for name, text in new.items()),
        expires=pl.when("ends").then(as_of - timedelta(1)).otherwise(pl.lit(signature.expires, pl.Date)),
    ).sort("week", "product", "market")


def _missing(rows: pl.DataFrame, signature: Signature) -> str:
    wanted = {"a reason": signature.reason, "an author": signature.author}
    lacking = [name for name, text in wanted.items() if not text.strip()]
    if not lacking or rows["ends"].all():  # so it is where nothing is said
        return ""
    return f"An override needs {' and '.join(lacking)}."
