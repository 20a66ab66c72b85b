"""What a plan needs and nobody said: derived from what is there, and told in words (2-data)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from planning.domain.network import Network
from planning.domain.schema import DEFAULT_STAGES, INPUT

Tables = Mapping[str, pl.DataFrame]
#: New tables by name, and a line of words for each kind of assumption made.
Step = tuple[dict[str, pl.DataFrame], list[str]]

_HOLDING_SHARE, _LATE_SHARE, _WASTE_SHARE = 0.004, 0.02, 0.5
_SHOWN = 5

#: Where the ids of a reference table come from when its file is not there.
_SOURCES = {
    "products": ("routings",),
    "robots": ("routings", "offers", "owned"),
    "markets": ("orders", "lanes", "in_transit"),
}


def reference_ids(tables: Tables, given: Iterable[str], name: str) -> pl.Series:
    """The ids that count as known.

    Parameters
    ----------
    tables : input tables by name.
    given : names of the tables whose file was there.
    name : a table with one key column, or routings.

    Returns
    -------
    Its own ids where its file was there, else the ids of the tables it is derived from; each once, sorted.
    """
    column = INPUT[name].key[0]
    sources = (name,) if name in given else sources_of(name)
    ids = [tables[source][column] for source in sources]
    return pl.concat(ids).drop_nulls().unique().sort()


def sources_of(name: str) -> tuple[str, ...]:
    """The tables the ids of `name` come from where its own file is not there."""
    return _SOURCES.get(name, (name,))


def origin(given: Iterable[str], name: str) -> str:
    """The files `reference_ids` come from, in words."""
    sources = (name,) if name in given else sources_of(name)
    files = [f"{source}.csv" for source in sources if source in given] or [f"{name}.csv"]
    return files[0] if len(files) == 1 else ", ".join(files[:-1]) + " or " + files[-1]


def name_routings(routings: pl.DataFrame) -> pl.DataFrame:
    """Routings without an id are called product/robot_model."""
    return routings.with_columns(pl.col("routing").fill_null(pl.format("{}/{}", "product", "robot_model")))


def order_prices(orders: pl.DataFrame) -> pl.DataFrame:
    """Quantity-weighted mean unit_price of orders that are not cancelled: product, price."""
    priced = orders.filter(pl.col("unit_price").is_not_null() & (pl.col("status") != "cancelled"))
    sums = priced.group_by("product").agg(
        (pl.col("unit_price") * pl.col("quantity")).sum().alias("value"), pl.col("quantity").sum()
    )
    return sums.filter(pl.col("quantity") > 0).select("product", price=pl.col("value") / pl.col("quantity"))


def complete(network: Network) -> Network:
    """Derive what is missing, as "What a useful plan needs" says.

    Parameters
    ----------
    network : a validated network.

    Returns
    -------
    The network with markets, lanes, products, robots, stages and every derived default in place, and in
    `assumed` a line for each kind of assumption. Empty cells that mean "no limit" stay empty.
    Completing twice changes nothing.
    """
    steps: tuple[Callable[[Tables, frozenset[str]], Step], ...] = (
        _markets, _lanes, _robots, _products, _stages, _lots, _energy, _rates, _supply, _supervisors,
    )  # fmt: skip
    tables, assumed = dict(network.tables), list(network.assumed)
    for step in steps:
        derived, words = step(tables, network.given)
        tables |= derived
        assumed += words
    return replace(network, tables=tables, assumed=tuple(dict.fromkeys(assumed)))


def _markets(tables: Tables, given: frozenset[str]) -> Step:
    return _reference(tables, given, "markets")


def _lanes(tables: Tables, given: frozenset[str]) -> Step:
    if "lanes" in given or not tables["lanes"].is_empty():
        return {}, []
    pairs = tables["factories"].select("factory").join(tables["markets"].select("market"), how="cross")
    lanes = _with_defaults("lanes", pairs.sort("factory", "market"))
    words = f"lanes: {lanes.height}, from every factory to every market, free and within the week"
    return {"lanes": lanes}, [words]


def _robots(tables: Tables, given: frozenset[str]) -> Step:
    derived, words = _reference(tables, given, "robots")
    robots = (dict(tables) | derived)["robots"]
    alone = robots.filter(pl.col("robots_per_operator").is_null())["robot_model"]
    filled = robots.with_columns(pl.col("robots_per_operator").fill_null(pl.col("robots_per_supervisor")))
    if not alone.is_empty() and not derived:
        words.append(
            f"robots an operator tends: as many as a supervisor watches, for {_listed(alone, 'model')}"
        )
    return {"robots": filled}, words


def _products(tables: Tables, given: frozenset[str]) -> Step:
    derived, words = _reference(tables, given, "products")
    products = (dict(tables) | derived)["products"]
    products, priced = _priced(products, order_prices(tables["orders"]))
    price = pl.col("price")
    cheapest = _cheapest_unit_cost(tables["routings"])
    costed = products.join(cheapest, on="product", how="left", maintain_order="left")
    rules = (
        ("holding_cost_per_week", _HOLDING_SHARE * price, "holding cost a week: 0.4 % of the price"),
        ("late_cost_per_week", _LATE_SHARE * price, "cost of a week's lateness: 2 % of the price"),
        ("lost_cost", price, "cost of a refused unit: its price"),
        ("waste_cost", pl.col("cheapest"), "cost of a unit left over: the lowest unit cost of its routings"),
        ("waste_cost", _WASTE_SHARE * price, "cost of a unit left over: half the price"),
    )
    for column, value, rule in rules:
        filled = costed.with_columns(pl.col(column).fill_null(value))
        changed = costed.filter(pl.col(column).is_null() & filled[column].is_not_null())["product"]
        costed = filled
        priced += [f"{rule}, for {_listed(changed, 'product')}"] if not changed.is_empty() else []
    return {"products": costed.select(INPUT["products"].columns)}, words + priced


def _priced(products: pl.DataFrame, prices: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    mean = products.select("product").join(prices, on="product", how="left", maintain_order="left")["price"]
    open_price = products["price"].is_null()
    from_orders = products.filter(open_price & mean.is_not_null())["product"]
    unknown = products.filter(open_price & mean.is_null())["product"]
    words = []
    if not from_orders.is_empty():
        words.append(f"price: the mean of its orders by quantity, for {_listed(from_orders, 'product')}")
    if not unknown.is_empty():
        words.append(
            f"price: 1, as no order tells one, for {_listed(unknown, 'product')}: what costs more than that "
            "to make is refused; give unit_price in orders.csv or price in products.csv"
        )
    return products.with_columns(pl.col("price").fill_null(mean).fill_null(1.0)), words


def _cheapest_unit_cost(routings: pl.DataFrame) -> pl.DataFrame:
    """Lowest positive unit cost of a product's routings: product, cheapest.

    The rows of one routing add up; at a factory with rows of its own these replace the general rows of the
    same robot model.
    """
    rows = routings.select("product", "routing", "revision", "factory", "robot_model", "unit_cost")
    routing = ["product", "routing", "revision"]
    own, general = rows.filter(pl.col("factory").is_not_null()), rows.filter(pl.col("factory").is_null())
    beside = (
        own.select(*routing, "factory")
        .unique()
        .join(general.drop("factory"), on=routing, nulls_equal=True)
        .join(own, on=[*routing, "factory", "robot_model"], how="anti", nulls_equal=True)
    )
    costs = (
        pl.concat([own, general, beside.select(own.columns)])
        .group_by(*routing, "factory")
        .agg(pl.col("unit_cost").sum())
    )
    positive = costs.filter(pl.col("unit_cost") > 0)
    return positive.group_by("product").agg(pl.col("unit_cost").min().alias("cheapest"))


def _stages(tables: Tables, given: frozenset[str]) -> Step:
    if "stages" in given or not tables["stages"].is_empty():
        return {}, []
    ladder = pl.DataFrame(
        {
            "stage": list(DEFAULT_STAGES),
            "position": range(1, len(DEFAULT_STAGES) + 1),
            "probability": list(DEFAULT_STAGES.values()),
        },
        schema=INPUT["stages"].polars_schema,
    )
    words = ", ".join(f"{stage} {chance:g}" for stage, chance in DEFAULT_STAGES.items())
    return {"stages": ladder}, [f"stages: {words}"] if not tables["opportunities"].is_empty() else []


def _lots(tables: Tables, _given: frozenset[str]) -> Step:
    routings = tables["routings"]
    charged = (pl.col("setup_hours") > 0) | (pl.col("setup_cost") > 0)
    untold = pl.col("typical_lot").is_null() & pl.col("batch_size").is_null() & (pl.col("min_lot") <= 1)
    single = routings.filter(charged & untold)["routing"].unique()
    words = (
        "lot: one unit, so that beyond the set-up weeks each unit carries a whole set-up, for "
        f"{_listed(single, 'routing')}; give typical_lot in routings.csv"
    )
    return {}, [] if single.is_empty() else [words]


def _energy(tables: Tables, _given: frozenset[str]) -> Step:
    routings = tables["routings"]
    power = tables["robots"].select("robot_model", "power_kw")
    rated = routings.join(power, on="robot_model", how="left", maintain_order="left")
    drawn = rated["hours_per_unit"] * rated["power_kw"]
    asked = routings["energy_kwh_per_unit"].is_null()
    filled = routings.with_columns(pl.col("energy_kwh_per_unit").fill_null(drawn))
    shown = routings.filter(asked & (drawn > 0))["routing"].unique()
    words = f"energy: hours per unit times the robot's power, for {_listed(shown, 'routing')}"
    return {"routings": filled}, [] if shown.is_empty() else [words]


def _rates(tables: Tables, _given: frozenset[str]) -> Step:
    """Contracts without a rate pay their offer's at their units."""
    offers, contracts, tiers = tables["offers"], tables["contracts"], tables["offer_tiers"]
    reached = (
        contracts.select("contract", "offer", "units")
        .join(tiers.rename({"weekly_rate": "tier"}), on="offer")
        .filter(pl.col("from_units") <= pl.col("units"))
        .sort("contract", "from_units")
        .group_by("contract", maintain_order=True)
        .agg(pl.col("tier").last())
    )
    listed = offers.select("offer", pl.col("weekly_rate").alias("list"))
    asked = contracts.filter(pl.col("weekly_rate").is_null())["contract"]
    rated = contracts.join(reached, on="contract", how="left", maintain_order="left")
    rated = rated.join(listed, on="offer", how="left", maintain_order="left")
    rate = pl.coalesce("weekly_rate", "tier", "list").alias("weekly_rate")
    words = f"contract rate: the offer's at the contract's units, for {_listed(asked, 'contract')}"
    filled = rated.with_columns(rate).select(contracts.columns)
    return {"contracts": filled}, [] if asked.is_empty() else [words]


def _supply(tables: Tables, _given: frozenset[str]) -> Step:
    supply = tables["supply"]
    costs = tables["materials"].select("material", pl.col("unit_cost").alias("list"))
    priced = supply.join(costs, on="material", how="left", maintain_order="left")
    asked = supply.filter(pl.col("unit_cost").is_null())["material"].unique()
    filled = priced.with_columns(pl.coalesce("unit_cost", "list").alias("unit_cost")).select(supply.columns)
    words = f"unit cost of supply: the material's, for {_listed(asked, 'material')}"
    return {"supply": filled}, [] if asked.is_empty() else [words]


def _supervisors(tables: Tables, _given: frozenset[str]) -> Step:
    factories = tables["factories"]
    free = factories.filter(pl.col("supervisors").is_null())["factory"]
    return {}, [] if free.is_empty() else [
        f"supervisors: no limit, at {_listed(free, 'factory', 'factories')}"
    ]


def _reference(tables: Tables, given: frozenset[str], name: str) -> Step:
    """A reference table whose file is not there, from the tables that name its ids."""
    if name in given or not tables[name].is_empty():
        return {}, []
    ids = reference_ids(tables, given, name)
    table = _with_defaults(name, ids.to_frame())
    defaults = [f"{f.name} {f.default:g}" for f in INPUT[name].fields if isinstance(f.default, int | float)]
    terms = f" ({', '.join(defaults)})" if defaults else ""
    return {name: table}, [f"{name}: {_listed(ids, name[:-1], name)} from {origin(given, name)}{terms}"]


def _with_defaults(name: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of table `name` from some of its columns, the others at their defaults."""
    table = INPUT[name]
    values: dict[str, Any] = {f.name: f.default for f in table.fields if f.name not in rows.columns}
    columns = [
        pl.lit(value, dtype=table.polars_schema[column]).alias(column) for column, value in values.items()
    ]
    return rows.with_columns(columns).select(table.columns)


def _listed(ids: pl.Series, one: str, many: str = "") -> str:
    """How many, and which: the first few of them."""
    first = ids.sort().head(_SHOWN).to_list()
    more = f" and {len(ids) - _SHOWN} more" if len(ids) > _SHOWN else ""
    return f"{len(ids)} {one if len(ids) == 1 else many or one + 's'} ({', '.join(first)}{more})"
