"""Files of other systems on their way to an upload: read, taken for something, and translated.

A page asks the same again and again while a planner answers; what was read once is kept at hand.
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from pathlib import PurePath

from planning.domain.schema import INPUT
from planning.errors import InputError
from planning.signals.decode import decode
from planning.signals.reading.grid import Grid, Hints, read_grid
from planning.signals.reading.profile import Profile
from planning.signals.reading.proposal import PERIOD_COLUMNS, House, Proposal, naming_periods, propose
from planning.signals.reading.spreadsheet import COLUMNS, is_for_spreadsheet
from planning.signals.reading.translate import translate
from planning.signals.reading.unpack import unpacked
from planning.signals.recognise import recognise
from planning.signals.rows import cells_of, cut
from planning.signals.sources import Source
from planning.signals.update import Mode
from planning.workflows.incoming import Incoming
from planning.workflows.source_files import Known, Understood, understand
from planning.workflows.upload_origin import Origin

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

    def grid(self, name: str, data: bytes, hints: Hints) -> Grid:
        """A file as text; see `read_grid`."""
        return self._once(("grid", name, _hash(data), hints), lambda: read_grid(name, data, hints))

    def understood(self, grid: Grid, source: Source, profile: Profile, known: Known) -> Understood:
        """What a file of a source means; see `understand`."""
        key = ("meaning", id(grid), source.name, profile.as_json(), known.id)
        return self._once(key, lambda: understand(grid, source, profile, known))

    def proposal(self, name: str, data: bytes, house: House, draft: Profile) -> Proposal:
        """What a file is taken for; see `propose`.

        Raises
        ------
        InputError
            It cannot be read.
        """
        digest, grid = _hash(data), self.grid(name, data, draft.hints)
        key = ("proposal", name, digest, house, draft.hints, draft.as_json())
        return self._once(key, lambda: propose(grid, house, draft))

    def incoming(self, name: str, data: bytes, house: House, proposal: Proposal, mode: Mode) -> Incoming:
        """The file as an upload of our contract, with the way back to its own lines."""
        digest = _hash(data)
        key = ("translated", name, digest, house, proposal.grid.hints, proposal.profile.as_json())
        made = self._once(key, lambda: translate(proposal, house))
        grid, said = proposal.grid, f"{digest} {proposal.profile.as_json()}"
        mark = grid.hints.mark or ","
        origin = Origin(said, made.lines, made.aside, made.headings, grid.headings, mark)
        profile = replace(proposal.profile, name=proposal.profile.name or PurePath(name).stem)
        # Rows that were mended in a spreadsheet are some of their day, not all of it.
        mended = mode == "update" and is_for_spreadsheet(grid.headings)
        return Incoming(name, made.data, made.table, "add" if mended else mode, origin, profile)

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
    there, periods = set(grid.headings) - set(COLUMNS), set(naming_periods(grid))
    for profile in profiles:
        beside = there - set(profile.headings)
        across = profile.table in PERIOD_COLUMNS and beside <= periods
        if set(profile.headings) - set(COLUMNS) <= there and (not beside or across):
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


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
