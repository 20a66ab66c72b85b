"""Families of variables and constraints over index frames, kept as arrays and written into PuLP in bulk.

A family is a frame with one row per variable: its index columns (p, f, m, t …) and its column number in
the program. Terms are such rows with coefficients; a constraint joins terms to its own rows on the index
columns they share and sums over the others, which is what a Σ in the algebra means.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

import numpy as np
import polars as pl
import pulp
from numpy.typing import NDArray
from pulp import _rustcore as rust

from planning.optimise.model.matches import Positions, matches

Sense = Literal["<=", "==", ">="]
_SENSES = {"<=": rust.Sense.LessEqual, "==": rust.Sense.Equal, ">=": rust.Sense.GreaterEqual}


@dataclass(frozen=True)
class Terms:
    """Coefficients of variables: index columns, `col` and `coef`."""

    frame: pl.DataFrame

    @property
    def index(self) -> list[str]:
        """Names of the index columns."""
        return [name for name in self.frame.columns if name not in ("col", "coef")]

    def __mul__(self, factor: float) -> "Terms":
        return Terms(_with(self.frame, self.frame["coef"] * factor)) if self.frame.height else self

    def __neg__(self) -> "Terms":
        return self * -1.0

    def __add__(self, other: "Terms") -> "Terms":
        if other.frame.is_empty():
            return self
        return Terms(pl.concat([self.frame, other.frame[self.frame.columns]]))

    def per(self, data: pl.DataFrame, column: str) -> "Terms":
        """Multiply by `column` of `data`, joined on shared index columns; its other ones become index too.

        Terms without a row of `data`, or with nothing or 0 in it, drop out.
        """
        shared = [name for name in self.index if name in data.columns]
        more = [name for name in data.columns if name not in (*shared, column)]
        if self.frame.is_empty():
            return Terms(_with(self.frame, *data[more].clear())) if more else self
        here, there = matches(self.frame, data, shared)
        factor = data[column].cast(pl.Float64).to_numpy()[there]
        coef = self.frame["coef"].to_numpy()[here] * factor
        counts = (coef != 0) & ~np.isnan(factor)
        if not counts.all():
            here, there, coef = here[counts], there[counts], coef[counts]
        frame = _with(_gathered(self.frame, here), pl.Series("coef", coef))
        return Terms(_with(frame, *_gathered(data[more], there)) if more else frame)

    def where(self, condition: pl.Expr) -> "Terms":
        """Only the terms whose index satisfies `condition`."""
        return Terms(self.frame.filter(condition))

    def delayed(self, weeks: int | str) -> "Terms":
        """Let the term of week t count in week t + `weeks` (a number or an index column)."""
        shift = weeks if isinstance(weeks, int) else self.frame[weeks]
        return Terms(_with(self.frame, self.frame["t"] + shift))

    def lasting(self, weeks: str, horizon: int) -> "Terms":
        """Let the term of week t count in each of the weeks t … t + `weeks` − 1 inside the horizon."""
        last = pl.min_horizontal(pl.col("t") + pl.col(weeks), pl.lit(horizon))
        return Terms(self.frame.with_columns(t=pl.int_ranges("t", last)).explode("t", empty_as_null=False))

    def over(self, *names: str) -> "Terms":
        """Keep only the index columns `names`: the terms are summed over the others."""
        return Terms(self.frame[[*names, "col", "coef"]])

    def named(self, **names: str) -> "Terms":
        """Rename index columns: `old="new"`."""
        return Terms(self.frame.rename(names))


@dataclass(frozen=True)
class Family:
    """Variables of one kind: `frame` has the index columns and `col`, the program's column number."""

    name: str
    frame: pl.DataFrame

    @cached_property
    def index(self) -> pl.DataFrame:
        """The index columns alone."""
        return _without(self.frame, "col")

    @cached_property
    def terms(self) -> Terms:
        """Each variable once, with coefficient 1."""
        return Terms(_with(self.frame, pl.Series("coef", np.ones(len(self)))))

    @cached_property
    def names(self) -> list[str]:
        """`name_i_j` of each variable: the same in every program with other limits."""
        return _names(self.name, self.index, len(self))

    def __len__(self) -> int:
        return self.frame.height


@dataclass(frozen=True)
class Rows:
    """One family of constraints as a sparse row block (CSR)."""

    name: str
    index: pl.DataFrame
    sense: Sense
    rhs: NDArray[np.float64]
    start: NDArray[np.int64]
    col: NDArray[np.int64]
    coef: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.rhs)

    @property
    def row(self) -> NDArray[np.int64]:
        """The row of each coefficient."""
        return np.repeat(np.arange(len(self)), np.diff(self.start))

    @cached_property
    def names(self) -> list[str]:
        """`name_i_j` of each constraint."""
        return _names(self.name, self.index, len(self))


Cells = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]
_NO_CELLS: Cells = (np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0))


@dataclass
class Model:
    """A program under construction: families, constraints and named cost terms."""

    name: str
    families: dict[str, Family] = field(default_factory=dict)
    expressions: dict[str, Terms] = field(default_factory=dict)
    rows: dict[str, Rows] = field(default_factory=dict)
    costs: dict[str, Terms] = field(default_factory=dict)
    constants: dict[str, float] = field(default_factory=dict)
    lower: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    upper: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    integer: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=bool))

    def add_variables(self, name: str, index: pl.DataFrame, integer: bool | pl.Expr = False) -> Family:
        """Add one variable ≥ 0 per row of `index`; its optional columns lower and upper bound it.

        Parameters
        ----------
        integer : whole numbers only, for all or for the rows an expression picks.
        """
        if name in self.families:
            raise ValueError(f"the family {name} exists already")
        count, first = index.height, len(self.upper)
        frame = _with(_without(index, "lower", "upper"), pl.Series("col", np.arange(first, first + count)))
        if count:
            self.integer = np.append(self.integer, _whole(index, integer))
            self.lower = np.append(self.lower, _bound(index, "lower", 0.0))
            self.upper = np.append(self.upper, _bound(index, "upper", np.inf))
        self.families[name] = Family(name, frame)
        return self.families[name]

    def __getitem__(self, name: str) -> Terms:
        """The variables of a family, or a named expression of them, with coefficients."""
        return self.expressions[name] if name in self.expressions else self.families[name].terms

    def add(self, name: str, index: pl.DataFrame, sense: Sense, *terms: Terms) -> None:
        """Add one constraint per row of `index`: Σ terms `sense` its column `rhs` (0 when absent).

        Rows without any variable are left out when they hold anyway.

        Raises
        ------
        ValueError : a row without variables that cannot hold.
        """
        keys = [column for column in index.columns if column != "rhs"]
        if index.is_empty():
            self.rows[name] = Rows(
                name, _only(index, keys), sense, np.zeros(0), np.zeros(1, dtype=np.int64), *_NO_CELLS[1:]
            )
            return
        parts = [_cells(index, keys, part.frame) for part in terms if part.frame.height]
        row, col, coef = _summed(parts, len(self.upper)) if parts else _NO_CELLS
        count = np.bincount(row, minlength=index.height)
        used = count > 0
        kept = index
        if not used.all():
            self._refuse_impossible(name, index.filter(~used), sense)
            kept = index.filter(used)
        start = np.concatenate([[0], np.cumsum(count[used])]).astype(np.int64)
        self.rows[name] = Rows(name, _only(kept, keys), sense, _bound(kept, "rhs", 0.0), start, col, coef)

    def _refuse_impossible(self, name: str, empty: pl.DataFrame, sense: Sense) -> None:
        rhs = _bound(empty, "rhs", 0.0)
        holds = {"<=": rhs >= -1e-9, ">=": rhs <= 1e-9, "==": np.abs(rhs) <= 1e-9}[sense]
        if not holds.all():
            raise ValueError(f"{name} cannot hold: {empty.filter(~holds).to_dicts()[:3]}")

    def add_cost(self, term: str, *terms: Terms, constant: float = 0.0) -> None:
        """Add terms and a constant to the objective's named term."""
        total = Terms(pl.concat([part.frame[["col", "coef"]] for part in terms])) if terms else None
        if total is not None:
            self.costs[term] = self.costs[term] + total if term in self.costs else total
        self.constants[term] = self.constants.get(term, 0.0) + constant

    def objective(self) -> NDArray[np.float64]:
        """Cost per column, all terms together."""
        cost = np.zeros(len(self.upper))
        for terms in self.costs.values():
            np.add.at(cost, terms.frame["col"].to_numpy(), terms.frame["coef"].to_numpy())
        return cost

    @property
    def constant(self) -> float:
        """The part of the objective that no decision changes."""
        return sum(self.constants.values())

    def cost(self, x: NDArray[np.float64]) -> float:
        """The objective at the point `x`."""
        return float(self.objective() @ x) + self.constant

    def cost_by_term(self, x: NDArray[np.float64]) -> dict[str, float]:
        """Objective terms by name at the point `x`; they add up to the objective."""
        return {
            term: self.constants.get(term, 0.0)
            + (
                float(self.costs[term].frame["coef"].to_numpy() @ x[self.costs[term].frame["col"].to_numpy()])
                if term in self.costs
                else 0.0
            )
            for term in self.constants
        }

    def by_rows[T: np.generic](self, values: NDArray[T]) -> dict[str, NDArray[T]]:
        """What holds one value for each row of the program, by family."""
        ends = np.cumsum([len(rows) for rows in self.rows.values()])
        return dict(zip(self.rows, np.split(values, ends[:-1]), strict=True))

    def values(self, name: str, x: NDArray[np.float64]) -> pl.DataFrame:
        """The index of family `name` with the column `value` at the point `x`."""
        family = self.families[name]
        return _with(family.index, pl.Series("value", x[family.frame["col"].to_numpy()]))

    def to_pulp(self) -> pulp.LpProblem:
        """The program as a PuLP problem: variables `family_i_j`, constraints `family_i_j`."""
        problem = _Counted(self.name, pulp.LpMinimize)
        core = problem.toRustModel()
        for family in filter(len, self.families.values()):
            self._write_variables(core, family)
        for rows in filter(len, self.rows.values()):
            _write_rows(core, rows)
        cost = self.objective()
        used = np.flatnonzero(cost)
        expression = rust.AffineExpr.from_constant(self.constant)
        expression.add_term_ids_coeffs(core, used.astype(np.uint64), cost[used])
        core.set_objective(expression)
        return problem

    def _write_variables(self, core: rust.Model, family: Family) -> None:
        """One batch of ≥ 0 without upper bound, divisible or whole as most are; then what differs."""
        cols = family.frame["col"].to_numpy()
        lower, upper, whole = self.lower[cols], self.upper[cols], self.integer[cols]
        kinds = rust.Category.Continuous, rust.Category.Integer
        mostly = int(whole.mean() > 0.5)
        variables = core.add_variables_batch(family.names, 0.0, float("inf"), kinds[mostly])
        for position in np.flatnonzero(whole != mostly).tolist():
            variables[position].set_category(kinds[1 - mostly])
        for position in np.flatnonzero(lower != 0.0).tolist():
            variables[position].set_lb(lower.item(position))
        for position in np.flatnonzero(np.isfinite(upper)).tolist():
            variables[position].set_ub(upper.item(position))


def divisible(model: Model) -> Model:
    """The program with nothing whole."""
    return replace(model, integer=np.zeros_like(model.integer))


class _Counted(pulp.LpProblem):
    """PuLP lists all variables and constraints to count them for its statistics; their core knows."""

    def numVariables(self) -> int:  # noqa: N802 (PuLP's name)
        return self.toRustModel().num_variables

    def numConstraints(self) -> int:  # noqa: N802 (PuLP's name)
        return self.toRustModel().num_constraints


def _gathered(frame: pl.DataFrame, positions: Positions) -> pl.DataFrame:
    whole = len(positions) == frame.height and bool((positions == np.arange(frame.height)).all())
    return frame if whole else frame[positions]


def _with(frame: pl.DataFrame, *columns: pl.Series) -> pl.DataFrame:
    """`frame` with `columns` added or replaced; on small frames this is where a model's time goes."""
    names = [column.name for column in columns]
    return _without(frame, *names).hstack(list(columns))


def _without(frame: pl.DataFrame, *names: str) -> pl.DataFrame:
    return _only(frame, [name for name in frame.columns if name not in names])


def _only(frame: pl.DataFrame, names: list[str]) -> pl.DataFrame:
    return frame[names] if names else pl.DataFrame()


def _whole(index: pl.DataFrame, integer: bool | pl.Expr) -> NDArray[np.bool_]:
    if isinstance(integer, bool):
        return np.full(index.height, integer)
    return index.select(integer.cast(pl.Boolean)).to_series().to_numpy()


def _bound(frame: pl.DataFrame, column: str, default: float) -> NDArray[np.float64]:
    if column not in frame.columns:
        return np.full(frame.height, default)
    values = frame[column].cast(pl.Float64)
    return (values.fill_null(default) if values.null_count() else values).to_numpy()


def _cells(rows: pl.DataFrame, keys: Sequence[str], terms: pl.DataFrame) -> Cells:
    """Row, column and coefficient of `terms` in `rows`."""
    shared = [key for key in keys if key in terms.columns]
    here, there = matches(terms, rows, shared)
    return there, terms["col"].to_numpy()[here], terms["coef"].to_numpy()[here]


def _summed(parts: Sequence[Cells], columns: int) -> Cells:
    """The cells of all parts by row and column: those of one place added up, zeros left out."""
    row, col, coef = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    place = row * columns + col
    if not (place[1:] > place[:-1]).all():
        order = np.argsort(place, kind="stable")
        place = place[order]
        first = np.flatnonzero(np.concatenate([[True], place[1:] != place[:-1]]))
        row, col, coef = row[order][first], col[order][first], np.add.reduceat(coef[order], first)
    counts = coef != 0
    return (row, col, coef) if counts.all() else (row[counts], col[counts], coef[counts])


def _names(family: str, index: pl.DataFrame, count: int) -> list[str]:
    """`family_i_j` of each of `count` rows; without index columns there is one, the family itself."""
    if not index.columns:
        return [family] * count
    prefixes = [f"{family}_", *["_"] * (len(index.columns) - 1)]
    parts = [_labels(index[column], prefix) for column, prefix in zip(index.columns, prefixes, strict=True)]
    return pl.DataFrame(parts).select(pl.concat_str(pl.all())).to_series().to_list()


def _labels(column: pl.Series, prefix: str) -> pl.Series:
    """The numbers of an index column as text; each is written once and then looked up."""
    low, high = column.min(), column.max()
    if not isinstance(low, int) or not isinstance(high, int) or high - low > len(column):
        return (prefix + column.cast(pl.String)).alias(column.name)
    texts = pl.Series(column.name, [f"{prefix}{number}" for number in range(low, high + 1)])
    return texts[(column - low).to_numpy()]


def _write_rows(core: rust.Model, rows: Rows) -> None:
    """One expression a row: PuLP has no batch of constraints, but takes the terms of one as buffers."""
    blank = rust.AffineExpr()
    blank.set_sense(_SENSES[rows.sense])
    cols, coefs = array("Q", rows.col.astype(np.uint64).tobytes()), array("d", rows.coef.tobytes())
    starts, constants = rows.start.tolist(), (-rows.rhs).tolist()
    for name, first, end, constant in zip(rows.names, starts[:-1], starts[1:], constants, strict=True):
        expression = blank.clone_expr()
        expression.add_term_ids_coeffs(core, cols[first:end], coefs[first:end])
        expression.set_name(name)
        if constant:
            expression.set_constant(constant)
        core.add_constraint(expression)
