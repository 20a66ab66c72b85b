"""Ideas to plan faster or better, each from the same program: CPU seconds, and the gap to the same bound.

A module of ideas has a table `IDEAS` of what each is called, how it is done and whether Takt does so; name it
in `MODULES` and it is measured with the others.
"""

import time
from collections.abc import Callable, Iterator
from importlib import import_module

import polars as pl

from bench.cases import Case, company_case, known_cases
from bench.warm import warm_rows
from planning.errors import NoPlanError
from planning.optimise.solvers.answer import Answer, relative_gap

Idea = Callable[[Case], Answer | None]
Ideas = tuple[tuple[str, Idea, bool], ...]

MODULES = ("bench.parts",)

#: Seconds each idea may take, and the gap asked of made companies.
SECONDS, GAP = 120.0, 0.005


def main(*sizes: str) -> None:
    """Print two tables, ideas and warm starts, of full S, the demo and small-1, or of the sizes named."""
    with pl.Config(
        tbl_width_chars=200,
        tbl_cols=-1,
        tbl_rows=-1,
        fmt_str_lengths=80,
        tbl_hide_dataframe_shape=True,
        tbl_hide_column_data_types=True,
    ):
        print(pl.DataFrame([row for case in _cases(*sizes) for row in measured(case)]))
        print(pl.DataFrame([row for size in sizes or ("S",) for row in warm_rows(size)]))


def _cases(*sizes: str) -> Iterator[Case]:
    for size in sizes or ("S",):
        for full in (False, True) if sizes else (True,):
            yield company_case(size, full=full, gap=GAP, seconds=SECONDS)
    if not sizes:
        yield from known_cases(SECONDS)


def measured(case: Case) -> list[dict[str, object]]:
    """A row for what all ideas begin from, and one for each idea."""
    known, decided = case.spent
    rows = [
        _row(case, "relaxation", known, case.relaxation, kept=True),
        _row(case, "fleet: rounded, mended by factory, searched", decided, case.fleet, kept=True),
    ]
    for name in MODULES:
        ideas: Ideas = import_module(name).IDEAS
        for words, idea, kept in ideas:
            began = time.process_time()
            try:
                answer = idea(case)
            except NoPlanError:
                answer = None
            rows.append(_row(case, words, time.process_time() - began, answer, kept=kept))
    return rows


def _row(case: Case, words: str, cpu: float, answer: Answer | None, *, kept: bool) -> dict[str, object]:
    return {
        "company": case.name,
        "idea": words,
        "CPU": round(cpu, 1),
        "objective": None if answer is None else round(answer.objective, 2),
        "gap": "none" if answer is None else f"{relative_gap(answer.objective, case.bound):.3%}",
        "kept": "yes" if kept else "no",
    }
