"""Which combinations can occur at all: only these get variables."""

from dataclasses import dataclass

import polars as pl

from planning.domain.problem import Problem


@dataclass(frozen=True)
class Eligible:
    """Index frames of what can occur.

    routes : rows of problem.routes that may run, with `most` (good units), `direct` (gross is
        make / yield, no variable of its own needed) and `most_gross`
    work : rows of problem.work of those routes
    places : r, f where robots of a model may stand, with `most` robots (null: no limit known)
    standing : o, f, r, rentable, most (units) of offers that have work there
    ships : p, f, m, t, lead
    sold : p, m where a product is asked for
    makes : p, f where a product can be made or lies in stock
    """

    routes: pl.DataFrame
    work: pl.DataFrame
    places: pl.DataFrame
    standing: pl.DataFrame
    ships: pl.DataFrame
    sold: pl.DataFrame
    makes: pl.DataFrame


def eligible(problem: Problem) -> Eligible:
    """Prune `problem` to the combinations that can be part of a plan."""
    demand = _demand(problem)
    places = _places(problem)
    work = _possible_work(problem, places, demand)
    routes = _routes(problem, work, places, demand)
    work = work.join(routes[["v", "f", "t"]], on=["v", "f", "t"], how="semi")
    busy = work[["r", "f"]].unique()
    standing = problem.standing.join(problem.offers[["o", "r"]], on="o").join(busy, on=["r", "f"], how="semi")
    stocked = problem.stock.filter(pl.col("quantity") > 0)[["p", "f"]]
    makes = pl.concat([routes[["p", "f"]], stocked]).unique().sort("p", "f")
    return Eligible(
        routes=routes,
        work=work,
        places=places,
        standing=_most_rented(problem, standing, routes, work, places),
        ships=_ships(problem, makes, demand),
        sold=demand[["p", "m"]].unique().sort("p", "m"),
        makes=makes,
    )


def _demand(problem: Problem) -> pl.DataFrame:
    """p, m, t, confirmed, expected (the larger of the two solves')."""
    nothing = pl.lit(0.0)
    parts = [problem.due.select("p", "m", "t", confirmed="quantity", expected=nothing)]
    parts += [
        solve.select("p", "m", "t", confirmed=nothing, expected="quantity")
        for solve in (problem.expected, problem.qualifying)
    ]
    both = pl.concat(parts).group_by("p", "m", "t")
    return both.agg(pl.col("confirmed").sum(), pl.col("expected").max()).sort("p", "m", "t")


def _places(problem: Problem) -> pl.DataFrame:
    """r, f, most: robots of a model that can stand at a factory, null where terms set no limit."""
    everywhere = problem.factories[["f"]]
    owned = problem.owned.filter(pl.col("units") > 0).select("r", "f", pl.col("units").cast(pl.Float64))
    movable = pl.col("transfer_fee").is_not_null()
    contracts = problem.contracts.join(problem.offers[["o", "r", "transfer_fee"]], on="o")
    moved = contracts.filter(movable).drop("f").join(everywhere, how="cross")
    running = pl.concat([contracts.filter(~movable)[["r", "f", "units"]], moved[["r", "f", "units"]]])
    offered = problem.standing.join(problem.offers[["o", "r", "max_units"]], on="o")
    standing = pl.concat([owned, running.select("r", "f", pl.col("units").cast(pl.Float64))])
    rows = pl.concat(
        [
            standing,
            offered.select(
                "r", "f", pl.col("max_units").cast(pl.Float64).fill_null(float("inf")).alias("units")
            ),
        ]
    )
    limits = rows.group_by("r", "f").agg(most=pl.col("units").sum())
    floor = problem.factories[["f", "floor"]].join(problem.robots[["r", "slots"]], how="cross")
    room = limits.join(floor, on=["r", "f"], how="left").join(
        standing.group_by("r", "f").agg(have=pl.col("units").sum()), on=["r", "f"], how="left"
    )
    fits = pl.max_horizontal((pl.col("floor") / pl.col("slots")).floor(), pl.col("have").fill_null(0.0))
    # a floor without a limit, or a robot that takes none, keeps nobody out
    limited = pl.col("floor").is_not_null() & (pl.col("slots") > 0)
    most = pl.min_horizontal("most", pl.when(limited).then(fits))
    return room.select("r", "f", most=pl.when(most.is_finite()).then(most)).sort("r", "f")


def _possible_work(problem: Problem, places: pl.DataFrame, demand: pl.DataFrame) -> pl.DataFrame:
    """Work rows of routes all of whose robot models can stand and run there.

    Of products that are asked for, or that are pinned, started or frozen.
    """
    hours = problem.hours.with_columns(
        robot_hours=pl.col("availability") * (pl.col("attended") + pl.col("unattended") + pl.col("overtime"))
    )
    rows = problem.work.join(hours[["r", "f", "t", "robot_hours"]], on=["r", "f", "t"])
    stands = places.with_columns(stands=pl.lit(True))
    rows = rows.join(stands, on=["r", "f"], how="left").with_columns(
        can=pl.col("stands").fill_null(False) & (pl.col("robot_hours") > 0)
    )
    standing = _standing(problem).filter(pl.col("standing") > 0)
    fixed = standing.join(problem.routes[["v", "f", "t", "p"]], on=["v", "f", "t"])[["p"]]
    wanted = pl.concat([demand[["p"]], fixed]).unique()
    whole = rows.filter(pl.col("can").all().over("v", "f", "t"))
    return whole.join(wanted, on="p", how="semi").sort("v", "f", "t", "r")


def _routes(problem: Problem, work: pl.DataFrame, places: pl.DataFrame, demand: pl.DataFrame) -> pl.DataFrame:
    """Routes that may run, with the most they can usefully make in the week."""
    policy = problem.policy
    runnable = work.group_by("v", "f", "t").agg(
        by_hours=((pl.col("most") * pl.col("robot_hours") - pl.col("setup_hours")) / pl.col("gross_hours"))
        .min()
        .clip(0)
    )
    routes = problem.routes.join(runnable, on=["v", "f", "t"])
    confirmed = demand.group_by("p").agg(confirmed=pl.col("confirmed").sum())
    weekly = demand.group_by("p", "t").agg(pl.col("expected").sum()).sort("p", "t", descending=[False, True])
    ahead = weekly.with_columns(ahead=pl.col("expected").cum_sum().over("p")).sort("p", "t")
    standing = _standing(problem)
    routes = (
        routes.join(confirmed, on="p", how="left")
        .sort("t")
        .join_asof(
            ahead[["p", "t", "ahead"]].sort("t"),
            on="t",
            by="p",
            strategy="forward",
            check_sortedness=False,
        )
        .join(problem.firm_limit, on="p", how="left")
        .join(standing, on=["v", "f", "t"], how="left")
        .with_columns(pl.col("standing").fill_null(0.0), firm=pl.col("t") < policy.firm_weeks)
    )
    wanted = pl.col("confirmed").fill_null(0.0) + pl.col("ahead").fill_null(0.0)
    useful = pl.max_horizontal(wanted, "min_lot", "standing")
    useful = pl.when("firm").then(pl.min_horizontal(useful, pl.col("limit"))).otherwise(useful)
    routes = routes.with_columns(most=useful)
    routes = _only_published(problem, routes).filter(pl.col("most") > 0)
    made = pl.col("most") / pl.col("yield")
    batches = (made / pl.col("batch_size") - 1e-9).ceil()
    return routes.with_columns(
        direct=pl.col("batch_size").is_null() & (~pl.col("firm") | (pl.col("yield") == 1)),
        most_batches=batches,
        most_gross=pl.min_horizontal(
            pl.coalesce(batches * pl.col("batch_size"), pl.when("firm").then(made.ceil()).otherwise(made)),
            "by_hours",
        ),
    ).sort("v", "f", "t")


def _standing(problem: Problem) -> pl.DataFrame:
    """v, f, t, standing: the larger of the pinned or started and the published quantity."""
    published = problem.published.filter(pl.col("t") < problem.policy.frozen_weeks)
    rows = pl.concat([problem.firm_work, published])
    return rows.group_by("v", "f", "t").agg(standing=pl.col("quantity").max())


def _only_published(problem: Problem, routes: pl.DataFrame) -> pl.DataFrame:
    """In the frozen weeks of a published plan only what it or firm work holds may run."""
    if problem.published_until == 0:
        return routes
    frozen = pl.col("t") < min(problem.policy.frozen_weeks, problem.published_until)
    return routes.with_columns(
        most=pl.when(frozen).then(pl.min_horizontal("most", "standing")).otherwise("most")
    )


def _ships(problem: Problem, makes: pl.DataFrame, demand: pl.DataFrame) -> pl.DataFrame:
    """p, f, m, t, lead: shipments that arrive when they can serve something, within the horizon."""
    weeks = pl.DataFrame({"t": range(problem.weeks)}, schema={"t": pl.Int64})
    first = demand.filter(pl.col("confirmed") > 0).group_by("p", "m").agg(first_due=pl.col("t").min())
    pairs = demand[["p", "m"]].unique().join(first, on=["p", "m"], how="left")
    lanes = makes.join(problem.lanes[["f", "m", "lead"]], on="f").join(pairs, on=["p", "m"])
    rows = (
        lanes.sort("p", "f", "m").join(weeks, how="cross").with_columns(arrive=pl.col("t") + pl.col("lead"))
    )
    rows = rows.filter(pl.col("arrive") < problem.weeks)
    expected = demand.filter(pl.col("expected") > 0).select(
        "p", "m", pl.col("t").alias("arrive"), asked=pl.lit(True)
    )
    rows = rows.join(expected, on=["p", "m", "arrive"], how="left", maintain_order="left")
    useful = pl.col("asked").fill_null(False) | (pl.col("arrive") >= pl.col("first_due")).fill_null(False)
    return rows.filter(useful)[["p", "f", "m", "t", "lead"]]


def _most_rented(
    problem: Problem, standing: pl.DataFrame, routes: pl.DataFrame, work: pl.DataFrame, places: pl.DataFrame
) -> pl.DataFrame:
    """Add `most`: units of an offer beyond which no work, floor or tier could use one more."""
    gross = work.join(routes[["v", "f", "t", "most_gross"]], on=["v", "f", "t"])
    needed = gross.group_by("r", "f", "t").agg(
        needed=(
            (pl.col("most_gross") * pl.col("gross_hours") + pl.col("setup_hours")).sum()
            / pl.col("robot_hours").first()
        )
    )
    needed = needed.group_by("r", "f").agg(needed=pl.col("needed").max().ceil())
    top = problem.tiers.group_by("o").agg(top=pl.col("from_units").max())
    rows = standing.join(needed, on=["r", "f"]).join(top, on="o").join(places, on=["r", "f"])
    rows = rows.join(problem.offers[["o", "max_units"]], on="o")
    useful = pl.max_horizontal("needed", "top")
    return rows.select("o", "f", "r", "rentable", most=pl.min_horizontal(useful, "max_units", "most")).sort(
        "o", "f"
    )
