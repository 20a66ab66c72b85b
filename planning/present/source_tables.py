"""What a file of a source is taken for, in tables and words."""

from collections.abc import Mapping, Sequence

from planning.domain.schema import DEFAULT_STAGES
from planning.present import words
from planning.present.view import Column, View
from planning.signals.sources import Meaning

BY_SOURCE, BY_HAND = "source", "columns"
STATUSES = ("confirmed", "shipped", "cancelled", "kept aside")
STAGES = tuple(DEFAULT_STAGES)
ORDERS = {
    "day first": "day first: 03/04/2026 is 3 April",
    "month first": "month first: 03/04/2026 is 4 March",
}
CONFIRM = "To confirm: the file alone does not say"
SAID = "What you may say of this source"
SAID_HELP = "Kept under the name below, and used for its next file without asking."
NO_DAYS = "Days to delivery are a whole number, such as 14."
NO_CHANCE = "A probability is a number from 0 to 1, such as 0.4."
HISTORY_HELP = (
    "Only where history.csv does not have the same demand from another system: it would count twice."
)


def ways(title: str) -> Mapping[str, str]:
    """How the file can be read."""
    return {BY_SOURCE: f"As {title}", BY_HAND: "I map the columns myself"}


def strange_names(markets: Sequence[str], products: Sequence[str]) -> str:
    """How many names of a file are none of ours; of very many the first are asked about."""
    kinds = [
        words.count(len(names), kind) for names, kind in ((markets, "market"), (products, "product")) if names
    ]
    return (
        f"Names that are none of yours: {words.listed(kinds)}"
        if kinds
        else "Names that are yours by another name"
    )


def understood(meaning: Meaning) -> str:
    """What becomes of the rows by themselves, in sentences of Markdown."""
    told = (
        f"{words.count(meaning.rows_in, 'row')} read: {meaning.rows('loaded'):,} can load, "
        f"{meaning.rows('kept aside'):,} kept aside, {meaning.rows('collapsed'):,} collapsed."
    )
    return "  \n".join([told, *(words.plain(note) for note in meaning.notes)])


def fates(meaning: Meaning) -> View:
    """What becomes of how many rows, and why: the most first."""
    named = {"loaded": "Can load", "kept aside": "Kept aside", "collapsed": "Collapsed"}
    frame = meaning.counts.select("rows", "fate", "what")
    return View(
        frame.with_columns(frame["fate"].replace(named)),
        {"rows": Column("Rows", "quantity"), "fate": Column("Become"), "what": Column("What they are")},
    )
