"""A plan made better product group by product group: one group is decided anew, all others are held.

Held are the goods of the others, divisible or not, and the fleet: that leaves a small program, where only
hours, people and materials are shared. Groups come in a fixed order and a search ends at a number of nodes,
so that the same plan becomes the same better one.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from planning.optimise.course import Course
from planning.optimise.holding import held_at, products
from planning.optimise.model.algebra import Model
from planning.optimise.solvers.answer import Answer
from planning.optimise.solvers.runs import attempt

#: Whole decisions of a group, about: products whose work is on the same robots are decided together.
GROUP = 120

#: What a group's search may branch into, and the gap it may leave.
NODES, GAP = 5, 1e-4

#: Of the time limit, what all groups get even when it has passed.
PATIENCE = 0.5


def by_products(model: Model, plan: Answer, course: Course, enough: float) -> Answer:
    """`plan` of `model` with the goods of one group of products after the other decided anew.

    Ends when the plan costs no more than `enough`, time is up or a planner stops it. It never gets dearer.
    """
    product = products(model)
    until = course.seconds + course.left(PATIENCE).seconds
    for group in _groups(model, product):
        seconds = until - course.seconds
        if plan.objective <= enough or seconds <= 0 or course.is_stopped():
            break
        apart = (product >= 0) & ~np.isin(product, group)
        limits = replace(course.limits, seconds=seconds, gap=GAP, nodes=NODES, enough=enough)
        found = attempt(held_at(model, plan.x, apart), limits, course.listener(), course.cancelled, plan.x)
        if found is not None and found.objective < plan.objective:
            plan = replace(found, bound=min(plan.bound, found.objective))
            course.found(plan)
    return plan


def _groups(model: Model, product: NDArray[np.int64]) -> Iterator[list[int]]:
    """Products with something whole to decide, those first made on the same robots beside one another."""
    undecided = model.integer & (model.lower < model.upper) & (product >= 0)
    size = dict(
        zip(*(part.tolist() for part in np.unique(product[undecided], return_counts=True)), strict=True)
    )
    rows = model.rows["work"]
    row = rows.row
    work = rows.index.select("r", "f")[row].with_columns(p=pl.Series(product[rows.col]))
    places = work.sort("r", "f", "p").unique("p", keep="first", maintain_order=True)
    group: list[int] = []
    for one in (p for p in places["p"].to_list() if p in size):
        if group and sum(size[p] for p in group) + size[one] > GROUP:
            yield group
            group = []
        group.append(one)
    if group:
        yield group
