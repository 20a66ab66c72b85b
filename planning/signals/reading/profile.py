"""What a planner said once of a source's files, so that the next one is read the same way."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from planning.domain.schema import INPUT
from planning.errors import Fault, InputError
from planning.signals.reading.grid import Hints
from planning.signals.rows import MARKS
from planning.signals.sources.headers import headers
from planning.signals.sources.settings import Answers

_NAMED_MARKS = {name: mark for mark, name in MARKS.items()}


@dataclass(frozen=True)
class Taken:
    """Where the values of one of our columns come from; from nowhere when nothing is said.

    Parameters
    ----------
    heading : a column of the file.
    form : code of the form its texts are read in; None where its texts have left that open so far.
    constant : what every row says, where no column does.
    counted : its rows are counted (the lines of an order).
    words : what its words mean, for columns with choices: theirs → ours.
    """

    heading: str | None = None
    form: str | None = None
    constant: str | None = None
    counted: bool = False
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_nothing(self) -> bool:
        """Whether the column stays empty."""
        return self.heading is None and not self.constant and not self.counted


@dataclass(frozen=True)
class Profile:
    """How the files of a source are read. A draft says some of it, the file itself the rest.

    Parameters
    ----------
    name : what planners call the source.
    table : the table its rows belong to.
    columns : our column → where it comes from.
    periods : code of the form of the headings that name a week, a month or a day, where quantities stand
        side by side in such columns; empty where they do not, None where nothing is said.
    hints : encoding, separator, sheet and header line, as far as a planner said them.
    headings : the columns of the file it was made for, those of periods left out: by them a file of the same
        source is known.
    source : name of the kind of export whose meaning it has (`sources.SOURCES`), instead of columns that are
        mapped; empty where a planner maps them all the same, None where nothing is said.
    answers : what a planner said of that source.
    """

    name: str = ""
    table: str | None = None
    columns: Mapping[str, Taken] = field(default_factory=dict)
    periods: str | None = None
    hints: Hints = field(default_factory=Hints)
    headings: tuple[str, ...] = ()
    source: str | None = None
    answers: Answers = field(default_factory=Answers)

    def with_column(self, column: str, taken: Taken) -> "Profile":
        """The same with another source of one column."""
        return replace(self, columns=dict(self.columns) | {column: taken})

    def as_json(self) -> str:
        """The profile as a file a person can read and edit."""
        columns = {name: _said(taken) for name, taken in self.columns.items()}
        hints = {
            "encoding": self.hints.encoding,
            "separator": None if self.hints.mark is None else MARKS[self.hints.mark],
            "sheet": self.hints.sheet,
            "header_line": self.hints.header_line,
        }
        whole: dict[str, Any] = {"name": self.name, "table": self.table, "columns": columns}
        if self.source:
            whole = {"name": self.name, "source": self.source, "answers": self.answers.said}
            told = {key: said for key, said in hints.items() if said is not None}
            return json.dumps(whole | told | {"headings": list(self.headings)}, ensure_ascii=False, indent=2)
        whole |= {"periods": self.periods} | {key: said for key, said in hints.items() if said is not None}
        return json.dumps(whole | {"headings": list(self.headings)}, ensure_ascii=False, indent=2)


def read_profile(file: str, text: str) -> Profile:
    """A profile from its JSON.

    Parameters
    ----------
    file : where it stands, for messages.
    text : what `Profile.as_json` wrote, or a planner after it.

    Raises
    ------
    InputError
        It is no JSON, or says something that means nothing: names what.
    """
    try:
        said = json.loads(text)
        columns = {str(name): Taken(**taken) for name, taken in said.get("columns", {}).items()}
        hints = Hints(
            said.get("encoding"),
            _NAMED_MARKS[said["separator"]] if said.get("separator") else None,
            said.get("sheet"),
            said.get("header_line"),
        )
        headings = tuple(str(heading) for heading in said.get("headings", []))
        table = said.get("table")
        source, answers = said.get("source"), Answers(**said.get("answers", {}))
        name, periods = str(said.get("name", "")), said.get("periods")
        profile = Profile(name, table, columns, periods, hints, headings, source, answers)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        reason = f"is no profile: {error}"
        raise InputError([Fault(file, reason, "Save it anew from the Signals page.")]) from error
    if profile.source:
        return _of_source(file, profile)
    known = INPUT[profile.table].columns if profile.table in INPUT else []
    strangers = [name for name in profile.columns if name not in known]
    if profile.table not in INPUT or strangers:
        value = str(strangers[0] if profile.table in INPUT else profile.table)
        reason = "speaks of a table or a column there is not"
        raise InputError([Fault(file, reason, "Correct it, or save it anew.", value=value)])
    return profile


def _of_source(file: str, profile: Profile) -> Profile:
    """The profile, where it speaks of a source there is and says what can be said of it."""
    order = profile.answers.date_order
    wrong = profile.source if profile.source not in headers() else None
    wrong = order if wrong is None and order not in {None, "day first", "month first"} else wrong
    if wrong is not None:
        reason = "speaks of a source or an order of days there is not"
        raise InputError([Fault(file, reason, "Correct it, or save it anew.", value=wrong)])
    return profile


def _said(taken: Taken) -> dict[str, Any]:
    """What of it differs from saying nothing."""
    nothing = Taken()
    return {
        name: dict(value) if name == "words" else value
        for name in nothing.__dataclass_fields__
        if (value := getattr(taken, name)) != getattr(nothing, name)
    }
