"""What a file is taken for: table, columns and forms, and what only the planner can say."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import polars as pl

from planning.domain.field import Field, Table
from planning.domain.schema import INPUT
from planning.errors import Fault, InputError
from planning.signals.reading.dates import date_forms, lengths
from planning.signals.reading.forms import Fit, Form, fit
from planning.signals.reading.grid import Grid
from planning.signals.reading.names import WORDS, is_known, plain, rank, tables_named
from planning.signals.reading.numbers import number_forms
from planning.signals.reading.profile import Profile, Taken

#: Columns of one file that name periods, from which on its quantities stand side by side.
_FEWEST_PERIODS = 3
#: Columns of ours a header has to name to say what it is of.
_FEWEST_NAMED = 3
#: Tables of quantities by period: the column that says the period. The value is their `quantity`.
PERIOD_COLUMNS = {"history": "date", "forecast": "week", "overrides": "week", "returns": "date"}
_FIGURE = re.compile(r"\d")
#: Words of a column with choices that are asked about one by one.
_MOST_WORDS = 30
_FLAGS = {
    "true": ("true", "1", "yes", "y", "ja", "oui", "si", "sim", "wahr", "vrai", "vero", "x"),
    "false": ("false", "0", "no", "n", "nein", "non", "nao", "nee", "falsch", "faux", "falso"),
}


@dataclass(frozen=True)
class House:
    """What of the plan matters to reading: its time zone and its currency."""

    zone: str = "UTC"
    currency: str = "EUR"


@dataclass(frozen=True)
class Question:
    """What only the planner can say: how a column's texts are to be read.

    Parameters
    ----------
    column : ours; for the headings of periods the column that says the period.
    heading : the file's.
    words : the question.
    choices : code of a form → what it would make of an example.
    periods : it is about the headings of periods.
    """

    column: str
    heading: str
    words: str
    choices: Mapping[str, str]
    periods: bool = False


@dataclass(frozen=True)
class Proposal:
    """What a file is taken for.

    Parameters
    ----------
    grid : the file.
    profile : how it would be read, as far as file and planner say.
    questions : what has to be confirmed first.
    missing : required columns nothing is taken for.
    codes : our column → code of the form its texts are read in.
    forms : our column → in what words that form is told to the planner.
    periods : headings that name a period, where quantities stand side by side.
    strange : our column with choices → words of the file that mean none of them yet.
    """

    grid: Grid
    profile: Profile
    questions: tuple[Question, ...] = ()
    missing: tuple[str, ...] = ()
    codes: Mapping[str, str] = field(default_factory=dict)
    forms: Mapping[str, str] = field(default_factory=dict)
    periods: tuple[str, ...] = ()
    strange: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def table(self) -> Table | None:
        """The table its rows belong to; None where nothing says."""
        return None if self.profile.table is None else INPUT[self.profile.table]

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to say."""
        return self.table is not None and not self.questions and not self.missing


def propose(grid: Grid, house: House, draft: Profile | None = None) -> Proposal:
    """Say what a file is taken for.

    Parameters
    ----------
    grid : the file.
    house : time zone and currency of the plan.
    draft : what planner or profile say already; it is never overruled.
    """
    said = draft or Profile()
    table = said.table or _table_of(grid)
    if table is None:
        return Proposal(grid, replace(said, headings=grid.headings))
    fields = INPUT[table].fields
    period = PERIOD_COLUMNS.get(table)
    headings, period_fit = _periods(grid, house, said, period)
    rest = tuple(name for name in grid.headings if name not in headings)
    columns = dict(_columns(fields, rest, said))
    if headings and period is not None:
        columns |= {name: replace(columns[name], heading=None) for name in (period, "quantity")}
    profile = replace(said, table=table, columns=columns, headings=rest)
    proposal = Proposal(grid, profile, periods=headings)
    if headings and period is not None:
        proposal = _with_fit(proposal, period, ", ".join(headings[:3]), period_fit, said.periods)
        proposal = _with_quantities(proposal, house)
    for name, taken in columns.items():
        if taken.heading is not None:
            proposal = _with_column(proposal, INPUT[table][name], taken, house)
    if table == "orders" and columns["line"].is_nothing and "line" not in said.columns:
        proposal = _with_lines(proposal)
    filled = {period, "quantity"} if headings else set()
    missing = [f.name for f in fields if f.required and columns[f.name].is_nothing and f.name not in filled]
    return replace(proposal, missing=tuple(missing))


def forms_for(field: Field, house: House) -> tuple[Form, ...]:
    """The ways to read the texts of a column; none for text."""
    match field.kind:
        case "number" | "whole":
            return number_forms(house.currency, share=field.maximum == 1)
        case "date" | "week":
            return date_forms(house.zone)
        case "flag":
            return (Form("flag", "yes or no", _flag),)
        case "time":
            return (Form("time", "hours and minutes", lambda texts: texts.str.strip_chars()),)
        case "text":
            return ()


def form_of(field: Field, house: House, code: str) -> Form:
    """The form of this code.

    Raises
    ------
    InputError
        A profile speaks of one there is not.
    """
    for form in forms_for(field, house):
        if form.code == code:
            return form
    known = ", ".join(form.code for form in forms_for(field, house))
    reason = f"{field.name} cannot be read in the form {code!r}"
    raise InputError([Fault("profile", reason, f"Forms of it are {known}.", column=field.name, value=code)])


def meanings(field: Field, taken: Taken) -> dict[str, str]:
    """Word of the file, as `plain` leaves it → choice of the column."""
    words = {word: ours for word, ours in WORDS.items() if ours in field.choices}
    words |= {plain(choice): choice for choice in field.choices}
    return words | {plain(theirs): ours for theirs, ours in taken.words.items()}


def _flag(texts: pl.Series) -> pl.Series:
    word = texts.str.strip_chars().str.to_lowercase().str.normalize("NFKD").str.replace_all(r"\p{M}", "")
    meaning = {theirs: ours for ours, words in _FLAGS.items() for theirs in words}
    return word.replace_strict(meaning, default=None, return_dtype=pl.String)


def _table_of(grid: Grid) -> str | None:
    """The table the file's name says, else the one its headings name best, if one does."""
    scores: dict[str, tuple[int, int]] = {}
    headings = _known(grid.headings)
    periods = len(naming_periods(grid)) >= _FEWEST_PERIODS
    for name, table in INPUT.items():
        if name == "settings":
            continue
        found = {f.name for f in table.fields if _heading_of(f.name, headings) is not None}
        if periods and name in PERIOD_COLUMNS:
            found |= {PERIOD_COLUMNS[name], "quantity"}
        lacking = sum(field.required and field.name not in found for field in table.fields)
        if name in tables_named(grid.file) or (len(found) >= _FEWEST_NAMED and lacking <= 1):
            scores[name] = (len(found) - 2 * lacking, -len(table.columns))
    named = [name for name in tables_named(grid.file) if name in scores]
    if named:
        return max(named, key=lambda name: scores[name])
    best = [name for name, score in scores.items() if score == max(scores.values())]
    return best[0] if len(best) == 1 else None


def _columns(fields: Sequence[Field], headings: Sequence[str], said: Profile) -> dict[str, Taken]:
    """Where each column comes from: as said, else by its name; a heading serves one column."""
    used = {taken.heading for taken in said.columns.values()}
    columns = {name: taken for name, taken in said.columns.items() if _is_there(taken, headings)}
    open_ends = [column for column in fields if column.name not in said.columns]
    known = _known(headings)
    # What has to be there chooses first.
    for column in sorted(open_ends, key=lambda column: not column.required):
        heading = _heading_of(column.name, [name for name in known if name not in used])
        used.add(heading)
        columns[column.name] = Taken(heading)
    return {column.name: columns.get(column.name, Taken()) for column in fields}


def _is_there(taken: Taken, headings: Sequence[str]) -> bool:
    return taken.heading is None or taken.heading in headings


def _known(headings: Sequence[str]) -> list[str]:
    """Headings that mean some column of ours."""
    return [name for name in headings if is_known(_undoubled(name))]


def _heading_of(column: str, headings: Sequence[str]) -> str | None:
    """The heading that means a column most surely; none where two mean it alike."""
    ranks = {name: place for name in headings if (place := rank(_undoubled(name), column)) is not None}
    if not ranks:
        return None
    surest = [name for name, place in ranks.items() if place == min(ranks.values())]
    return surest[0] if len(surest) == 1 else None


def _undoubled(heading: str) -> str:
    """The name without the number that tells it from others of that name."""
    head, _, tail = heading.rpartition(" (")
    return head if head and tail.rstrip(")").isdigit() else heading


def naming_periods(grid: Grid) -> list[str]:
    """Headings that name a day, a week or a month; none does without a figure."""
    headings = [name for name in grid.headings if _FIGURE.search(_undoubled(name))]
    if not headings:
        return []
    names = pl.Series([_undoubled(name) for name in headings], dtype=pl.String)
    reads = pl.DataFrame([form.of(names).is_not_null().alias(form.code) for form in date_forms("UTC")])
    told = reads.select(pl.any_horizontal(pl.all())).to_series()
    return [name for name, is_period in zip(headings, told, strict=True) if is_period]


def _periods(
    grid: Grid, house: House, said: Profile, period: str | None
) -> tuple[tuple[str, ...], Fit | None]:
    """Headings that name a period, where quantities stand side by side, and how they are read."""
    if period is None or said.periods == "":
        return (), None
    taken = {taken.heading for taken in said.columns.values()}
    headings = [name for name in naming_periods(grid) if name not in taken]
    # Weeks beside months count demand twice: whoever has both says which column is what.
    if len(headings) < _FEWEST_PERIODS or lengths(pl.Series(headings)).n_unique() > 1:
        return (), None
    return tuple(headings), fit(pl.Series(headings), date_forms(house.zone))


def _with_column(proposal: Proposal, field: Field, taken: Taken, house: House) -> Proposal:
    """The proposal with what is known of one mapped column."""
    heading = str(taken.heading)
    texts = proposal.grid.rows[heading]
    if field.choices:
        known = meanings(field, taken)
        words = texts.drop_nulls().str.strip_chars().unique(maintain_order=True).head(1000)
        strange = [word for word in words if word and plain(word) not in known][:_MOST_WORDS]
        return replace(proposal, strange=dict(proposal.strange) | {field.name: tuple(strange)})
    forms = forms_for(field, house)
    if not forms:
        return proposal
    if heading in proposal.grid.exact and field.kind in {"number", "whole"}:
        forms = tuple(form for form in forms if not form.code.startswith("1234,56"))
    return _with_fit(proposal, field.name, heading, _fit(texts, forms), taken.form)


def _with_quantities(proposal: Proposal, house: House) -> Proposal:
    """The proposal with what is known of quantities that stand side by side."""
    side_by_side = proposal.grid.rows.select(proposal.periods)
    texts = pl.concat([side_by_side[name].rename("text") for name in proposal.periods])
    forms = number_forms(house.currency)
    if proposal.grid.exact.issuperset(proposal.periods):
        forms = forms[:1]
    said = proposal.profile.columns["quantity"].form
    return _with_fit(proposal, "quantity", "the quantities", _fit(texts, forms), said)


def _fit(texts: pl.Series, forms: Sequence[Form]) -> Fit:
    """The forms that fit the filled cells; how Excel's own numbers are read says nothing of other texts."""
    found = fit(texts.filter(texts.str.strip_chars() != ""), forms)
    by_excel = len(forms) == 1 and forms[0].code.startswith("1234.56")
    return replace(found, told=False) if by_excel else found


def _with_fit(proposal: Proposal, column: str, heading: str, found: Fit | None, said: str | None) -> Proposal:
    """The proposal with the form of a column (of the period's headings, for the column of the period)."""
    if found is None:
        return proposal
    periods = column == PERIOD_COLUMNS.get(str(proposal.profile.table)) and bool(proposal.periods)
    settled = said if said is not None else found.forms[0].code if len(found.forms) == 1 else None
    if settled is None:
        question = Question(column, heading, _asked(heading, found), _choices(found), periods)
        return replace(proposal, questions=(*proposal.questions, question))
    words = next((form.words for form in found.forms if form.code == settled), settled)
    why = f", as {found.example} says" if found.told and found.example and said is None else ""
    told = replace(
        proposal,
        codes=dict(proposal.codes) | {column: settled},
        forms=dict(proposal.forms) | {column: words + why},
    )
    # What all forms read alike says nothing of the next file.
    keeps = settled if said is not None or found.told else None
    if periods:
        return replace(told, profile=replace(told.profile, periods=keeps))
    taken = replace(told.profile.columns[column], form=keeps)
    return replace(told, profile=told.profile.with_column(column, taken))


def _asked(heading: str, found: Fit) -> str:
    return f"{heading}: {found.example} can be read in several ways. How is it meant?"


def _choices(found: Fit) -> dict[str, str]:
    """Form → what it makes of the example."""
    example = pl.Series([found.example], dtype=pl.String)
    made = {form.code: form.read(example).item() for form in found.forms}
    return {form.code: f"{form.words}: {_spoken(made[form.code])}" for form in found.forms}


def _spoken(value: str | None) -> str:
    if value is None:
        return "cannot be read so, its row is kept aside"
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return f"it is {value}"
    return f"it is {day.day} {day:%B %Y}"


def _with_lines(proposal: Proposal) -> Proposal:
    """Orders of several rows without line numbers: are the rows their lines?"""
    heading = proposal.profile.columns["order_id"].heading
    if heading is None or not proposal.grid.rows[heading].drop_nulls().is_duplicated().any():
        return proposal
    counted = {
        "counted": "yes, count its rows as its lines 1, 2, 3 …",
        "one": "no, an order has one line: rows that differ contradict each other",
    }
    words = f"{heading}: orders stand in several rows and no column has their line. Are the rows their lines?"
    return replace(proposal, questions=(*proposal.questions, Question("line", heading, words, counted)))


def answered(draft: Profile, proposal: Proposal, question: Question, code: str) -> Profile:
    """The draft with the answer to a question."""
    if question.periods:
        return replace(draft, periods=code)
    if question.column == "line" and code in {"counted", "one"}:
        return draft.with_column(
            "line", Taken(counted=code == "counted", constant=None if code == "counted" else "1")
        )
    taken = proposal.profile.columns[question.column]
    return draft.with_column(question.column, replace(taken, form=code))
