"""What a full company has beyond a plain one: a use of every rule and of every table."""

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
import polars as pl

Tables = Mapping[str, pl.DataFrame]


def details(
    plain: Tables, start: date, dice: np.random.Generator
) -> tuple[dict[str, pl.DataFrame], pl.DataFrame, dict[str, object]]:
    """Tables to replace or add, the published production, and settings."""
    routings = _lots(plain["routings"], dice)
    tables = {
        **_staffed(plain, start),
        **_terms(plain["offers"], plain["contracts"]),
        **_materials(plain, routings, start),
        **_signals(plain, start, dice),
        "routings": routings,
        "products": plain["products"].with_columns(family=pl.col("product").str.head(3)),
        "in_transit": _in_transit(plain, start),
        "firm_work": _firm_work(routings, start),
    }
    rules: dict[str, object] = {
        "carbon_price_per_kg": 0.09,
        "carbon_cap_kg": 1e9,
        "change_cost_per_unit": 0.05,
    }
    return tables, _published(plain, routings, start), rules


def _lots(routings: pl.DataFrame, dice: np.random.Generator) -> pl.DataFrame:
    """Set-ups for most, minimum lots for some, plates (batches) and scrap on additive robots."""
    additive = pl.col("robot_model") == "ADD"
    number = pl.int_range(pl.len())
    has_setup = ~additive & (number // 2 % 4 != 0)
    return routings.with_columns(
        setup_hours=pl.when(has_setup)
        .then(pl.Series(np.round(dice.uniform(0.5, 3, routings.height), 2)))
        .otherwise(0.0),
        setup_cost=pl.when(has_setup)
        .then(pl.Series(np.round(dice.uniform(20, 90, routings.height), 0)))
        .otherwise(0.0),
        typical_lot=pl.when(has_setup).then(60.0),
        min_lot=pl.when(has_setup & (number // 2 % 3 == 0)).then(20.0).otherwise(0.0),
        batch_size=pl.when(additive).then(pl.Series(dice.integers(4, 13, routings.height)).cast(pl.Float64)),
        **{"yield": pl.when(additive).then(0.94).when(number % 5 == 0).then(0.97).otherwise(1.0)},
        energy_kwh_per_unit=pl.col("hours_per_unit") * 3,
        kgco2e_per_unit=0.2,
        lights_out=additive,
    )


def _staffed(plain: Tables, start: date) -> dict[str, pl.DataFrame]:
    """People, places, lights-out hours, shifts, and weeks that differ."""
    factories = plain["factories"].with_columns(
        unattended_hours_per_week=30.0,
        supervisors=12.0,
        storage_units=4_000.0,
        energy_price_per_kwh=0.16,
        grid_kgco2e_per_kwh=0.3,
    )
    robots = plain["robots"].with_columns(
        process=pl.col("robot_model").replace_strict(
            {"ADD": "additive", "MILL": "machining"}, default="assembly"
        ),
        floor_slots=pl.when(pl.col("robot_model") == "MILL").then(2.0).otherwise(1.0),
        robots_per_supervisor=3.0,
        robots_per_operator=4.0,
        power_kw=3.0,
    )
    places = factories["factory"]
    days = pl.DataFrame({"weekday": range(1, 6)}, schema={"weekday": pl.Int64})
    shifts = pl.concat(
        [_shift("06:00", "14:00"), _shift("14:00", "22:00"), _shift("22:00", "04:00", "false")]
    )
    holiday = places.to_frame().with_columns(
        week=pl.lit(start + timedelta(weeks=4)), robot_model=pl.lit(None, pl.String), attended_hours=48.0
    )
    breakdown = (
        places.head(1)
        .to_frame()
        .with_columns(week=pl.lit(start + timedelta(weeks=2)), robot_model=pl.lit(robots["robot_model"][1]))
        .with_columns(availability=0.5)
    )
    processes = robots.filter(pl.col("process") != "assembly").select("process")
    return {
        "factories": factories.with_columns(floor_slots=pl.col("floor_slots") * 1.3),
        "robots": robots,
        "lanes": plain["lanes"].with_columns(kgco2e_per_unit=pl.col("cost_per_unit") * 0.4),
        "shifts": places.to_frame().join(days, how="cross").join(shifts, how="cross"),
        "calendar": pl.concat([holiday, breakdown], how="diagonal"),
        "operators": places.to_frame().join(processes, how="cross").with_columns(operators=4.0),
    }


def _shift(start: str, end: str, attended: str = "true") -> pl.DataFrame:
    return pl.DataFrame({"start": [start], "end": [end], "attended": [attended]})


def _terms(offers: pl.DataFrame, contracts: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Tiers, long renewals, moves, included hours, early termination, and what goes back costs."""
    term = pl.col("min_term_weeks")
    limited = term.is_in([4, 26])
    priced = offers.with_columns(
        vendor=pl.lit("Vendor"),
        renewal_weeks=pl.when(term == 26).then(4).otherwise(1),
        demobilisation_fee=pl.col("mobilisation_fee") / 4,
        early_termination_share=pl.when(term >= 26).then(0.5),
        transfer_fee=pl.when(term.is_in([13, 26]) & pl.col("offer").str.starts_with("MILL")).then(250.0),
        included_hours_per_week=pl.when(limited).then(60.0),
        overage_per_hour=pl.when(limited).then(12.0).otherwise(0.0),
        sla_uptime=0.97,
        billing=pl.when(term == 52).then(pl.lit("month")).otherwise(pl.lit("week")),
        billing_rate=pl.when(term == 52).then(pl.col("weekly_rate") * 4.3).otherwise(pl.col("weekly_rate")),
    )
    tiers = offers.filter(term == 52).select(
        "offer", from_units=pl.lit(3), weekly_rate=pl.col("weekly_rate") * 0.92
    )
    return {
        "offers": priced,
        "offer_tiers": tiers,
        "contracts": contracts.with_columns(status=pl.lit("on_rent")),
    }


def _materials(plain: Tables, routings: pl.DataFrame, start: date) -> dict[str, pl.DataFrame]:
    """A material for each robot model and one for all, on hand for the weeks before more can come."""
    models = plain["robots"]["robot_model"].to_list()
    names = [f"STOCK-{model}" for model in models]
    materials = pl.DataFrame(
        {"material": [*names, "BOX"], "unit": ["kg"] * len(names) + ["pc"]}
    ).with_columns(unit_cost=2.0, kgco2e_per_unit=1.5, lead_time_weeks=1, recycled_share=0.3)
    own = routings.select(
        "product",
        routing="routing",
        material=pl.format("STOCK-{}", "robot_model"),
        quantity_per_unit=pl.lit(0.8),
    )
    boxes = (
        routings.select("product")
        .unique(maintain_order=True)
        .with_columns(routing=pl.lit(None, pl.String), material=pl.lit("BOX"), quantity_per_unit=1.0)
    )
    weekly = plain["forecast"]["quantity"].sum() / plain["forecast"]["week"].n_unique()
    on_hand = plain["factories"].select("factory").join(materials.select("material"), how="cross")
    supply = on_hand.with_columns(
        week=pl.lit(start), quantity=round(2 * weekly / plain["factories"].height), unit_cost=1.9
    )
    return {"materials": materials, "bom": pl.concat([own, boxes]), "supply": supply}


def _signals(plain: Tables, start: date, dice: np.random.Generator) -> dict[str, pl.DataFrame]:
    """Deals and their ladder, and what a planner says instead of the forecast."""
    pairs = plain["forecast"].select("product", "market").unique(maintain_order=True)
    deals = pairs.gather_every(5)
    stage = np.array(["lead", "quoted", "verbal"])[dice.integers(0, 3, deals.height)]
    ahead = [start + timedelta(weeks=int(week)) for week in dice.integers(4, 12, deals.height)]
    past = pairs.head(40)
    return {
        "stages": pl.DataFrame(
            {"stage": ["lead", "quoted", "verbal"], "position": [1, 2, 3], "probability": [0.1, 0.4, 0.92]}
        ),
        "opportunities": pl.concat(
            [
                deals.with_columns(
                    opportunity_id=pl.format("D-{}", pl.int_range(pl.len())),
                    stage=pl.Series(stage),
                    expected_date=pl.Series(ahead),
                    quantity=pl.Series(dice.integers(5, 60, deals.height)),
                    status=pl.lit("open"),
                ),
                past.with_columns(
                    opportunity_id=pl.format("W-{}", pl.int_range(pl.len())),
                    stage=pl.lit("quoted"),
                    expected_date=pl.lit(start - timedelta(weeks=9)),
                    quantity=pl.lit(10),
                    status=pl.when(pl.int_range(pl.len()) % 3 == 0)
                    .then(pl.lit("won"))
                    .otherwise(pl.lit("lost")),
                ),
            ],
            how="vertical_relaxed",
        ),
        "overrides": pairs.head(3).with_columns(
            week=pl.lit(start + timedelta(weeks=6)), quantity=30, reason=pl.lit("fair")
        ),
        **_past(pairs, start),
    }


def _past(pairs: pl.DataFrame, start: date) -> dict[str, pl.DataFrame]:
    """What was asked for, came back, was promoted and was seen: forecast.csv stands above it."""
    week = pl.lit(start - timedelta(weeks=1))
    ahead = {"start_date": pl.lit(start + timedelta(weeks=5)), "end_date": pl.lit(start + timedelta(weeks=7))}
    return {
        "history": pairs.with_columns(date=week, quantity=20),
        "returns": pairs.head(5).with_columns(date=week, quantity=1),
        "campaigns": pairs.head(1).with_columns(
            campaign=pl.lit("FAIR"), channel=pl.lit("event"), spend=900.0, **ahead
        ),
        "activity": pairs.head(5).with_columns(date=week, channel=pl.lit("search"), visits=120, clicks=40),
        "fx": pl.DataFrame({"currency": ["USD"], "date": [start], "rate": [0.92]}),
    }


def _in_transit(plain: Tables, start: date) -> pl.DataFrame:
    """Some units of every third product are on their way to one of its markets."""
    pairs = plain["forecast"].select("product", "market").unique("product", keep="first", maintain_order=True)
    made = plain["routings"].unique("product", keep="first", maintain_order=True).select("product", "factory")
    rows = pairs.join(made, on="product", maintain_order="left").gather_every(3)
    return rows.with_columns(arrive_week=pl.lit(start + timedelta(weeks=1)), quantity=8)


def _firm_work(routings: pl.DataFrame, start: date) -> pl.DataFrame:
    """Every tenth routing has work started."""
    return routings.gather_every(10).select(
        "factory",
        "routing",
        work_order=pl.format("WO-{}", "routing"),
        week=pl.lit(start),
        quantity_left=pl.lit(4),
        status=pl.lit("started"),
    )


def _published(plain: Tables, routings: pl.DataFrame, start: date) -> pl.DataFrame:
    """The published plan's next four weeks: a quarter of each product's weekly demand at either factory.

    Nothing where that is less than a lot: what is frozen can be made.
    """
    weeks = pl.DataFrame({"week": [start + timedelta(weeks=week) for week in range(4)]})
    horizon = plain["forecast"]["week"].n_unique()
    mean = (
        plain["forecast"].group_by("product").agg(quantity=(pl.col("quantity").sum() / horizon / 4).floor())
    )
    cells = routings.join(mean, on="product", maintain_order="left")
    made = cells.filter(pl.col("quantity") >= pl.max_horizontal("min_lot", pl.lit(1)))
    return made.select("factory", "product", "routing", "quantity").join(weeks, how="cross")
