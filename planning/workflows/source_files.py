"""Files of a source Takt knows, on their way to an upload: what they mean and what is asked."""

from dataclasses import dataclass, field, replace

import polars as pl

from planning.domain.assume import reference_ids
from planning.domain.network import Network
from planning.signals.reading.grid import ASIDE, Grid
from planning.signals.reading.profile import Profile
from planning.signals.reading.translate import spoilt_rows
from planning.signals.rows import LINE
from planning.signals.sources import Meaning, Source, SourceSettings
from planning.signals.sources.asking import Asked, asked
from planning.signals.sources.meaning import COLUMN, FATE, REMEDY, VALUE, WHAT
from planning.signals.sources.settings import Answers

#: Columns of sources whose texts are ids: a number that lost digits is another id.
_IDS = ("order_id", "product", "deal", "item", "invoice", "line")


@dataclass(frozen=True)
class Known:
    """What the network that holds answers by itself.

    Parameters
    ----------
    id : of the network.
    settings : money, time zone and usual days to delivery.
    markets, products : ours; none where any will do.
    """

    id: str = ""
    settings: SourceSettings = field(default_factory=SourceSettings)
    markets: tuple[str, ...] = ()
    products: tuple[str, ...] = ()

    @classmethod
    def of(cls, network: Network | None) -> "Known":
        """What this network answers; nothing before the first import."""
        if network is None:
            return cls()
        ids = {name: reference_ids(network.tables, network.given, name) for name in ("markets", "products")}
        markets = tuple(ids["markets"]) if "markets" in network.given else ()
        return cls(network.input_hash, SourceSettings.of(network), markets, tuple(ids["products"]))


@dataclass(frozen=True)
class Understood:
    """What a file of a source is taken for.

    Parameters
    ----------
    grid : the file.
    source : what it is an export of.
    profile : how it is read, as far as planner and profile say.
    meaning : what its rows become.
    spoilt : ASIDE: rows of a workbook with cells that are not what they show.
    asked : what only the planner can say.
    known : what the network says: the names that are ours.
    """

    grid: Grid
    source: Source
    profile: Profile
    meaning: Meaning
    spoilt: pl.DataFrame
    asked: Asked
    known: Known

    @property
    def is_settled(self) -> bool:
        """Whether nothing has to be said any more."""
        return not self.asked.is_open

    @property
    def aside(self) -> pl.DataFrame:
        """ASIDE: rows that do not load whatever else holds."""
        names = {COLUMN: "column", VALUE: "value", WHAT: "reason", REMEDY: "remedy"}
        told = self.meaning.fates.filter(pl.col(FATE) == "kept aside").rename(names).select(list(ASIDE))
        return pl.concat([self.grid.aside, self.spoilt, told]).sort(LINE)

    @property
    def collapsed(self) -> int:
        """Rows another row says."""
        return self.meaning.rows("collapsed")


def understand(grid: Grid, source: Source, profile: Profile, known: Known) -> Understood:
    """What a file of `source` means under `profile`."""
    settings = known.settings.answered(profile.answers)
    found = source.headers.found(grid.headings)
    ids = [found[name] for name in _IDS if name in found]
    spoilt = spoilt_rows(grid.rows, grid, list(found.values()), ids)
    whole = grid.rows.filter(~pl.col(LINE).is_in(spoilt[LINE].implode()))
    meaning = source.read(whole, settings)
    questions = asked(source, whole, meaning, settings, known.markets, known.products)
    answers = profile.answers
    if questions.delivers:
        # What the network's order lines say today is kept: the same file means the same tomorrow.
        answers = answers.over(Answers(due_days=settings.due_days))
    said = replace(
        profile, source=source.name, table=None, columns={}, headings=grid.headings, answers=answers
    )
    return Understood(grid, source, said, meaning, spoilt, questions, known)
