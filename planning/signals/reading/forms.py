"""The ways a column's texts can be read, and which of them fit: one, or several among which only a planner
can choose.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class Form:
    """A way to read a text as a value.

    Parameters
    ----------
    code : what a profile calls it.
    words : what a planner calls it.
    read : texts → the values as our CSV writes them; null where one is none.
    shared : what it reads, every other form of its column reads alike.
    """

    code: str
    words: str
    read: Callable[[pl.Series], pl.Series]
    shared: bool = False

    def of(self, texts: pl.Series) -> pl.Series:
        """What the texts mean, each worked out once, however often it stands there."""
        known = texts.drop_nulls().unique().alias("text")
        meant = pl.DataFrame([known, self.read(known).alias("meant")])
        told = texts.alias("text").to_frame().join(meant, on="text", how="left", maintain_order="left")
        return told["meant"]


@dataclass(frozen=True)
class Fit:
    """What the texts of a column say of how they are read.

    Parameters
    ----------
    forms : those among which the texts leave the choice; one where they settle it.
    example : a text that tells the forms apart (each reads it otherwise), where there are several; else one
        that settles it, where there is one.
    told : the texts settle it; not where several forms read every one of them alike, as other texts may
        tell them apart.
    """

    forms: tuple[Form, ...]
    example: str | None = None
    told: bool = True


def fit(texts: pl.Series, forms: Sequence[Form]) -> Fit:
    """Which forms fit the texts of a column.

    A form that reads all another one reads, and more, is the better one. Of forms that read every text alike
    the first is taken. What then is left cannot be told apart by the texts: it is the planner's choice.

    Parameters
    ----------
    texts : cells, as they stand in the file; null is no text.
    forms : the ways to read them, the plainest first.
    """
    known = pl.DataFrame({"text": texts.drop_nulls().unique(maintain_order=True)})
    if known.is_empty() or len(forms) == 1:
        return Fit((forms[0],), told=len(forms) == 1)
    if forms[0].shared and forms[0].of(known["text"]).null_count() == 0:
        return Fit((forms[0],), told=False)
    codes = [form.code for form in forms]
    read = pl.DataFrame([form.of(known["text"]).alias(form.code) for form in forms])
    reads = {code: read[code].is_not_null() for code in codes}
    best = [
        code
        for code in codes
        if not any((reads[code] <= reads[o]).all() and (reads[code] != reads[o]).any() for o in codes)
    ]
    distinct: list[str] = []
    for code in best:
        if not any(read[code].equals(read[other], null_equal=True) for other in distinct):
            distinct.append(code)
    chosen = tuple(form for form in forms if form.code in distinct)
    return Fit(chosen, _telling(known["text"], read, distinct, codes), len(best) == 1)


def _telling(texts: pl.Series, read: pl.DataFrame, left: Sequence[str], codes: Sequence[str]) -> str | None:
    """A text that those left read each in its own way; where one is left, one the others do not read."""
    if len(left) > 1:
        first = pl.col(left[0])
        differs = pl.any_horizontal(first.ne_missing(pl.col(other)) for other in left[1:])
        both = pl.all_horizontal(pl.col(code).is_not_null() for code in left)
        best = texts.filter(read.select(differs & both).to_series())
        any_of = texts.filter(read.select(differs).to_series())
        return next(iter([*best.head(1), *any_of.head(1)]), None)
    others = [pl.col(code).is_null() for code in codes if code not in left]
    if not others:
        return None
    refused = pl.when(pl.col(left[0]).is_not_null()).then(pl.sum_horizontal(others)).otherwise(0)
    told = read.select(refused.alias("by"))["by"]
    place = told.arg_max()
    return str(texts[place]) if place is not None and told[place] else None
