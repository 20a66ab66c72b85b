"""promises.csv beside demand.csv: who gets what is served, and when (rule 2, last sentences).

demand.csv has served and refused units of all classes together. Where a product and market refuses
nothing, what each class is served follows from the backlogs and every delivery is recomputed; where it
refuses something, only what holds for every split among the classes is asked.
"""

import polars as pl

from planning.check.demand import class_flows
from planning.check.facts import Facts, once
from planning.check.violation import Violation, differs, exceeds, found

RULE = "2 promises"
LINE = ["order_id", "line"]
PAIR = ["product", "market"]

#: A unit counts as delivered when the cumulative served quantity reaches it. Short of it by less than
#: REACHED it surely has, by more than SHORT it surely has not; between them rounding decides.
REACHED = 1e-6
SHORT = 2e-3


def check_promises(facts: Facts) -> list[Violation]:
    """Every rule about promises.csv."""
    checks = (lines, weeks, whole_units, quantities, deliveries, totals, refusals, first_come, last_refused)
    return [violation for check in checks for violation in check(facts)]


def lines(facts: Facts) -> list[Violation]:
    """Every open order line due by the end of the horizon is answered, as it was ordered, and no other."""
    columns = [*LINE, *PAIR, "due_week", "quantity"]
    promised = facts["promises"].select(columns).unique()
    right = facts.open_lines.select(columns)
    missing = right.join(promised, on=LINE, how="anti").with_columns(amount="quantity")
    unknown = promised.join(right, on=LINE, how="anti").with_columns(amount="quantity")
    both = promised.join(right, on=LINE, how="inner", suffix="_order")
    other = both.filter(
        (pl.col("product") != pl.col("product_order"))
        | (pl.col("market") != pl.col("market_order"))
        | (pl.col("due_week") != pl.col("due_week_order"))
    ).with_columns(amount="quantity")
    say = (
        "promised {product} {market} due {due_week}, ordered {product_order} {market_order} {due_week_order}"
    )
    return (
        found(RULE, missing, "amount", "{quantity:,.3f} open units have no promise")
        + found(RULE, unknown, "amount", "promises.csv answers a line that is not open in the horizon")
        + found(RULE, other, "amount", say)
        + differs(
            RULE,
            both,
            "quantity",
            "quantity_order",
            "promised of {quantity:,.3f}, open are {quantity_order:,.3f}",
        )
    )


def weeks(facts: Facts) -> list[Violation]:
    """A delivery is on time in its due week, late after it, never before; the rest has no week."""
    delivered = facts["promises"].filter(pl.col("delivered_week").is_not_null())
    late = (pl.col("delivered_week") - pl.col("due_week")).dt.total_days() // 7
    first = facts.policy.start_week
    rows = delivered.with_columns(right=late, amount=(late - pl.col("late_weeks")).abs())
    early = rows.filter(pl.col("right") < 0).with_columns(amount=-pl.col("right"))
    status = pl.when(pl.col("right") == 0).then(pl.lit("on_time")).otherwise(pl.lit("late"))
    wrong = rows.with_columns(word=status).filter(pl.col("status") != pl.col("word"))
    undelivered = facts["promises"].filter(
        pl.col("delivered_week").is_null() != pl.col("status").is_in(["refused", "open"])
    )
    past = rows.filter(pl.col("delivered_week") < first)
    say = "promised {delivered_week}, due {due_week}: {right} weeks late, not {late_weeks}"
    return (
        found(RULE, early, "amount", "promised {delivered_week}, before it is due {due_week}")
        + found(RULE, past, "delivered_quantity", "promised {delivered_week}, before the plan starts")
        + found(RULE, rows.filter(pl.col("amount") > 0), "amount", say)
        + found(RULE, wrong.with_columns(amount=1.0), "amount", "called {status}, it is {word}")
        + found(
            RULE, undelivered.with_columns(amount=1.0), "amount", "status {status} with week {delivered_week}"
        )
    )


def whole_units(facts: Facts) -> list[Violation]:
    """Deliveries of lines over whole units are whole units."""
    part = (pl.col("delivered_quantity") - pl.col("delivered_quantity").round()).abs()
    rows = (
        facts["promises"]
        .filter(pl.col("quantity") == pl.col("quantity").round())
        .with_columns(amount=part)
        .filter(part > 1e-6)
    )
    return found(RULE, rows, "amount", "{delivered_quantity} units promised for {delivered_week}: not whole")


@once
def by_line(facts: Facts) -> pl.DataFrame:
    """What each line is delivered, refused and left open.

    `delivered_quantity` of a refused or open row may be the units it speaks of, or 0: the documents do not
    say. With 0 the units follow where the line has only one such row.

    Returns
    -------
    open_lines with delivered, named (units that refused and open rows name), refused_rows, open_rows,
    first_week, last_week, refused (units; null where it cannot be told).
    """
    units, week = pl.col("delivered_quantity"), pl.col("delivered_week")
    given = pl.col("status").is_in(["on_time", "late"])
    promised = (
        facts["promises"]
        .group_by(LINE)
        .agg(
            delivered=units.filter(given).sum(),
            named=units.filter(~given).sum(),
            named_refused=units.filter(pl.col("status") == "refused").sum(),
            refused_rows=(pl.col("status") == "refused").sum(),
            open_rows=(pl.col("status") == "open").sum(),
            first_week=week.filter(given & (units > 0)).min(),
            last_week=week.filter(given & (units > 0)).max(),
        )
    )
    rest = pl.col("quantity") - pl.col("delivered")
    refused = (
        pl.when(pl.col("refused_rows") == 0)
        .then(0.0)
        .when(pl.col("open_rows") == 0)
        .then(rest)
        .when(pl.col("named") > 0)
        .then("named_refused")
    )
    return facts.open_lines.join(promised, on=LINE, how="inner", maintain_order="left").with_columns(
        refused=refused, rest=rest
    )


def quantities(facts: Facts) -> list[Violation]:
    """What is delivered, refused and open adds up to the line."""
    rows = by_line(facts)
    silent = rows.filter((pl.col("rest") > 0.001) & (pl.col("refused_rows") + pl.col("open_rows") == 0))
    idle = rows.filter((pl.col("rest") <= 0.001) & (pl.col("refused_rows") + pl.col("open_rows") > 0))
    named = rows.filter(pl.col("named") > 0)
    say = "{delivered:,.3f} of {quantity:,.3f} units are promised and nothing is said of the rest"
    return (
        exceeds(RULE, rows, "delivered", "quantity", "{delivered:,.3f} units promised of {quantity:,.3f}")
        + found(RULE, silent.with_columns(amount="rest"), "amount", say)
        + found(RULE, idle, "quantity", "all {quantity:,.3f} units are promised, and yet refused or open")
        + differs(RULE, named, "named", "rest", "{named:,.3f} units refused or open, {rest:,.3f} are left")
    )


def served_by_class(facts: Facts) -> pl.DataFrame:
    """Cumulative units each class is served, for products and markets that refuse nothing.

    Returns
    -------
    product, market, priority, week, reached, sure (most and fewest whole units delivered by then).
    """
    flows = class_flows(facts).filter(pl.col("refused").sum().over(PAIR) <= 0.001)
    long = pl.concat(
        flows.select(*PAIR, "week", "t", pl.lit(k, dtype=pl.Int64).alias("priority"), out=f"out_{k}")
        for k in (1, 2, 3)
    )
    total = pl.col("out").cum_sum().over(*PAIR, "priority", order_by="t")
    return long.with_columns(total=total).select(
        *PAIR,
        "priority",
        "week",
        sure=(pl.col("total") + REACHED).floor(),
        reached=(pl.col("total") + SHORT).floor(),
    )


def deliveries(facts: Facts) -> list[Violation]:
    """serve goes to the lines of a class by due date, order id and line, a unit when it is reached."""
    ahead = pl.col("quantity").cum_sum().over(*PAIR, "priority") - pl.col("quantity")
    grid = facts.open_lines.with_columns(ahead=ahead).join(
        served_by_class(facts), on=[*PAIR, "priority"], how="inner"
    )
    by_week = facts["promises"].filter(pl.col("delivered_week").is_not_null())
    given = by_week.group_by(*LINE, pl.col("delivered_week").alias("week")).agg(
        units=pl.col("delivered_quantity").sum()
    )
    # A line over part of a unit may count its part in either of two weeks.
    ahead_is, quantity_is = (pl.col(name) == pl.col(name).round() for name in ("ahead", "quantity"))
    slack = pl.when(ahead_is & quantity_is).then(0.0).otherwise(1.0)
    rows = (
        grid.join(given, on=[*LINE, "week"], how="left")
        .with_columns(pl.col("units").fill_null(0.0))
        .with_columns(
            units=pl.col("units").cum_sum().over(LINE, order_by="week"),
            least=(pl.col("sure") - pl.col("ahead")).clip(0.0, pl.col("quantity")) - slack,
            most=(pl.col("reached") - pl.col("ahead")).clip(0.0, pl.col("quantity")) + slack,
        )
        .sort(*LINE, "week")
    )
    say = "{units:,.3f} units promised by then, demand.csv serves this line {%s:,.3f}"
    first_of = {"subset": LINE, "keep": "first", "maintain_order": True}
    too_soon = rows.filter(pl.col("units") > pl.col("most") + 0.001).unique(**first_of)  # type: ignore[arg-type]
    too_late = rows.filter(pl.col("least") > pl.col("units") + 0.001).unique(**first_of)  # type: ignore[arg-type]
    return exceeds(RULE, too_soon, "units", "most", say % "most") + exceeds(
        RULE, too_late, "least", "units", say % "least"
    )


def totals(facts: Facts) -> list[Violation]:
    """By week no more is promised than served, and at the end less by less than a unit a class.

    A part of a unit that is refused leaves a part that is served; whether it makes a unit with the next
    line's the documents leave open, so every line that is refused may cost a unit more.
    """
    given = (
        facts["promises"]
        .filter(pl.col("delivered_week").is_not_null())
        .group_by(*PAIR, pl.col("delivered_week").alias("week"))
        .agg(units=pl.col("delivered_quantity").sum())
    )
    rows = (
        facts.demand.join(given, on=[*PAIR, "week"], how="left")
        .join(_classes(facts), on=PAIR, how="inner")
        .with_columns(pl.col("units").fill_null(0.0))
        .with_columns(pl.col("units", "served_confirmed").cum_sum().over(PAIR, order_by="t"))
        .with_columns(least=pl.col("served_confirmed") - pl.col("classes") - pl.col("parts") + SHORT)
        .sort(*PAIR, "t")
    )
    ends = rows.group_by(PAIR, maintain_order=True).last()
    say = "{units:,.3f} units promised by then, {served_confirmed:,.3f} are served"
    return exceeds(RULE, rows, "units", "served_confirmed", say) + exceeds(RULE, ends, "least", "units", say)


def refusals(facts: Facts) -> list[Violation]:
    """What promises.csv refuses is what demand.csv refuses, within parts of units as in `totals`."""
    told = pl.col("refused").count() == pl.len()
    units = by_line(facts).group_by(PAIR).agg(units=pl.col("refused").sum(), told=told).filter("told")
    rows = (
        facts.demand.group_by(PAIR)
        .agg(pl.col("refused").sum())
        .join(units, on=PAIR, how="inner")
        .join(_classes(facts), on=PAIR, how="inner")
        .with_columns(amount=(pl.col("units") - pl.col("refused")).abs())
    )
    off = rows.filter(pl.col("amount") > pl.col("classes") + pl.col("parts") - SHORT)
    say = "promises.csv refuses {units:,.3f} units, demand.csv {refused:,.3f}"
    return found(RULE, off, "amount", say)


def _classes(facts: Facts) -> pl.DataFrame:
    """product, market, classes (priority classes with open lines), parts (refused lines after the first)."""
    refused = (
        facts["promises"].filter(pl.col("status") == "refused").select("order_id", "line", parts=pl.lit(1))
    )
    lines = facts.open_lines.join(refused.unique(), on=LINE, how="left").with_columns(
        pl.col("parts").fill_null(0)
    )
    return lines.group_by(PAIR).agg(
        classes=pl.col("priority").n_unique().cast(pl.Float64),
        parts=(pl.col("parts").sum() - 1).clip(0).cast(pl.Float64),
    )


def first_come(facts: Facts) -> list[Violation]:
    """Within a class nobody is delivered before those ahead of him have what they get."""
    last_ahead = pl.col("last_week").cum_max().forward_fill().shift(1)
    rows = by_line(facts).with_columns(ahead=last_ahead.over(*PAIR, "priority"))
    jumped = rows.filter(pl.col("first_week") < pl.col("ahead")).with_columns(amount="delivered")
    say = "delivered from {first_week}, while a line ahead of it in class {priority} waits until {ahead}"
    return found(RULE, jumped, "amount", say)


def last_refused(facts: Facts) -> list[Violation]:
    """Of lines due in the same week in one class the last are refused first.

    Whether "the class's last orders" are those of the whole horizon or those due by then, a line is only
    refused once the lines behind it with the same due week are refused altogether.
    """
    group = [*PAIR, "priority", "due_week"]
    spared = pl.col("quantity") - pl.col("refused")
    behind = spared.reverse().cum_sum().reverse().over(group) - spared
    rows = by_line(facts).with_columns(behind=behind)
    wrong = rows.filter((pl.col("refused") > 0.001) & (pl.col("behind") > 0.001))
    say = "{refused:,.3f} units refused while {behind:,.3f} of later lines of class {priority} are not"
    return found(RULE, wrong, "refused", say)
