"""Files of other systems on their way to an upload: read, taken for something, and translated.

A page asks the same again and again while a planner answers; what was read once is kept at hand.
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath

from planning.domain.schema import INPUT
from planning.errors import Fault, InputError
from planning.signals.decode import decode
from planning.signals.reading.grid import Grid, Hints, read_grid
from planning.signals.reading.patch import mended
from planning.signals.reading.profile import Profile
from planning.signals.reading.proposal import PERIOD_COLUMNS, House, Proposal, naming_periods, propose
from planning.signals.reading.spreadsheet import is_for_spreadsheet
from planning.signals.reading.translate import Translated, translate
from planning.signals.reading.unpack import unpacked
from planning.signals.recognise import recognise
from planning.signals.rows import cells_of, cut
from planning.signals.sources import Source
from planning.signals.update import Mode
from planning.store.read_files import ReadFile
from planning.workflows.incoming import Incoming
from planning.workflows.line_items import understood_beside
from planning.workflows.source_files import Known, Understood, understand
from planning.workflows.upload_origin import Origin

#: Rows that were mended: line → cells.
type Mends = Mapping[int, tuple[str, ...]]
NOTHING: Mends = {}
#: Readings kept at hand.
KEPT = 24


class Readings:
    """What was read of which file. Methods may be called from any thread."""

    def __init__(self) -> None:
        self._known: OrderedDict[Hashable, object] = OrderedDict()
        self._lock = threading.Lock()

    def in_our_form(self, name: str, data: bytes, table: str | None = None) -> bytes | None:
        """The bytes of a file that is CSV of our contract, unpacked; None where it is anything else."""
        key = ("ours", name, _hash(data), table)
        return self._once(key, lambda: _in_our_form(name, data, table))

    def grid(self, name: str, data: bytes, hints: Hints, rows: Mends = NOTHING) -> Grid:
        """A file as text, with rows mended in it; see `read_grid` and `patch.mended`.

        Raises
        ------
        InputError
            It cannot be read; or it has rows kept aside that were to be mended, which are nothing without
            the file they are of.
        """
        key = ("grid", name, _hash(data), hints)
        grid = self._once(key, lambda: _read(name, data, hints))
        return self._once((*key, _key(rows)), lambda: mended(grid, rows)) if rows else grid

    def grid_of_any(self, name: str, data: bytes) -> Grid | None:
        """A file as text by itself; None where it cannot be read."""
        try:
            return self.grid(name, data, Hints())
        except InputError:
            return None

    def understood(
        self, grid: Grid, source: Source, profile: Profile, known: Known, others: Sequence[Grid] = ()
    ) -> Understood:
        """What a file of a source means beside others; see `understood_beside`."""
        key = ("meaning", id(grid), source.name, profile.as_json(), known.id, *map(id, others))

        def meant() -> tuple[Understood, Grid, Sequence[Grid]]:
            told = understood_beside(
                grid, source, profile, others, lambda one, of, how: understand(one, of, how, known)
            )
            return told, grid, others

        # The grids are kept with it: what is told from others by its id has to stay.
        return self._once(key, meant)[0]

    def proposal(
        self, name: str, data: bytes, house: House, draft: Profile, rows: Mends = NOTHING
    ) -> Proposal:
        """What a file is taken for; see `propose`.

        Raises
        ------
        InputError
            It cannot be read.
        """
        digest, grid = _hash(data), self.grid(name, data, draft.hints, rows)
        key = ("proposal", name, digest, house, draft.hints, draft.as_json(), _key(rows))
        return self._once(key, lambda: propose(grid, house, draft))

    def incoming(self, name: str, data: bytes, house: House, proposal: Proposal, mode: Mode) -> Incoming:
        """The file as an upload of our contract, with the way back to its own lines."""
        made, grid = self.translated(name, data, house, proposal), proposal.grid
        said = f"{_hash(data)} {proposal.profile.as_json()} {grid.mended}"
        origin = Origin(said, made.lines, made.aside, made.headings, grid.headings, grid.hints.mark or ",")
        profile = replace(proposal.profile, name=proposal.profile.name or PurePath(name).stem)
        read = ReadFile(name, data, profile, grid.mended)
        return Incoming(name, made.data, made.table, mode, origin, profile, read=read)

    def translated(self, name: str, data: bytes, house: House, proposal: Proposal) -> Translated:
        """The file as CSV of our contract; see `translate`."""
        grid, said = proposal.grid, proposal.profile.as_json()
        key = ("translated", name, _hash(data), house, grid.hints, said, _key(grid.mended))
        return self._once(key, lambda: translate(proposal, house))

    def _once[Made](self, key: Hashable, make: Callable[[], Made]) -> Made:
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]  # type: ignore[return-value]
        made = make()
        with self._lock:
            self._known[key] = made
            while len(self._known) > KEPT:
                self._known.popitem(last=False)
        return made


def matching(grid: Grid, profiles: Sequence[Profile]) -> Profile | None:
    """The profile of the source whose files have these headings, and beside them none but those of periods
    its table takes; of several the first."""
    there, periods = set(grid.headings), set(naming_periods(grid))
    for profile in profiles:
        beside = there - set(profile.headings)
        across = profile.table in PERIOD_COLUMNS and beside <= periods
        if set(profile.headings) <= there and (not beside or across):
            return profile
    return None


def of_source(source: Source | None, profiles: Sequence[Profile]) -> Profile | None:
    """The profile saved last for exports of this source: they differ in what was ticked to be exported."""
    name = None if source is None else source.name
    return next((profile for profile in profiles if profile.source and profile.source == name), None)


def said_by(profile: Profile, draft: Profile) -> Profile:
    """What a profile says, and over it what a draft says; a draft of another table stands alone."""
    if draft.table not in {None, profile.table}:
        return draft
    if draft.source is not None and bool(draft.source) != bool(profile.source):
        return draft
    hints = {name: said for name, said in vars(draft.hints).items() if said is not None}
    return replace(
        profile,
        name=draft.name or profile.name,
        columns=dict(profile.columns) | dict(draft.columns),
        periods=profile.periods if draft.periods is None else draft.periods,
        hints=replace(profile.hints, **hints),
        answers=draft.answers.over(profile.answers),
    )


def _in_our_form(name: str, data: bytes, table: str | None) -> bytes | None:
    """Whether name or planner say which table it is, and its header names all that has to be there."""
    try:
        content = unpacked(name, data)
        if content.kind != "text":
            return None
        header = _header(name, decode(name, content.data))
    except InputError:
        return None
    taken = table or recognise(name.removesuffix(".gz"), header)
    if taken is None or is_for_spreadsheet(header):
        return None
    needed = [field.name for field in INPUT[taken].fields if field.required]
    named = [column for column in header if column in INPUT[taken].columns]
    ours = all(column in header for column in needed) and len(named) == len(set(named))
    return content.data if ours else None


def _header(name: str, text: str) -> tuple[str, ...]:
    """The header of a CSV of ours; its rows are not looked at, as whoever reads them will."""
    first = text.lstrip().split("\n", 1)[0]
    if not first or '"' in first:
        return cut(name, text).header
    return tuple(cell.strip() for cell in cells_of(first))


def _read(name: str, data: bytes, hints: Hints) -> Grid:
    grid = read_grid(name, data, hints)
    if is_for_spreadsheet(grid.headings):
        reason = "has rows kept aside of another file, to be mended"
        remedy = "Bring it back where that file's rows are mended, below 'From a spreadsheet'."
        raise InputError([Fault(name, reason, remedy)])
    return grid


def _key(rows: Mends) -> Hashable:
    return tuple(sorted(rows.items()))


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
