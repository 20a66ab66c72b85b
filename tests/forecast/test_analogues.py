"""New products: as the launches before them went, and more and more as they go themselves."""

import numpy as np
import polars as pl
import pytest

from planning.domain.calendar import WEEK
from planning.forecast import Forecast, forecast_demand
from planning.forecast.analogues import by_analogues
from planning.forecast.series import Launch
from tests.forecast.demand import START, history_of, in_north, method_of, noisy, quantity_of

RAMP = np.minimum(np.arange(1, 60) / 8, 1.0)


def launch_of(level: float, weeks: int, seed: int) -> list[float]:
    """A launch that takes eight weeks to reach its level."""
    return [float(np.ceil(q * r)) for q, r in zip(noisy(level, weeks, seed, noise=0.05), RAMP, strict=False)]


def forecast_with(
    family_of_new: str, orders: pl.DataFrame | None = None, **launches: list[float]
) -> Forecast:
    history = {"old": noisy(50, 100), "new": [], **launches}
    families = ["gear" if product != "new" else family_of_new for product in history]
    catalogue = pl.DataFrame({"product": list(history), "family": families})
    return forecast_demand(
        history_of(**history), in_north(*history), START, 12, products=catalogue, orders=orders
    )


def ordered(weeks_ahead: int, status: str = "confirmed") -> pl.DataFrame:
    """One order of the new product, due in the so many-th week of the horizon."""
    due = START + weeks_ahead * WEEK
    return pl.DataFrame({"product": ["new"], "market": ["north"], "due_date": [due], "status": [status]})


def test_a_new_product_grows_as_its_familys_launches_did() -> None:
    launches = {"a": launch_of(40, 30, 1), "b": launch_of(90, 24, 2), "new": launch_of(60, 4, 3)}
    forecast = forecast_with("gear", **launches)
    weeks = quantity_of(forecast, "new")
    assert weeks[11] == pytest.approx(60, rel=0.25)
    assert weeks[0] < 0.8 * weeks[11]
    assert (
        method_of(forecast, "new")["method"] == "shape of 2 earlier launches of the family at its own scale"
    )
    assert "earlier launches of its family stand in" in str(method_of(forecast, "new")["fallback"])


def test_a_new_product_alone_in_its_family_is_served_by_its_mean() -> None:
    launches = {"a": launch_of(40, 30, 1), "new": launch_of(60, 4, 3)}
    forecast = forecast_with("other", **launches)
    assert quantity_of(forecast, "new") == pytest.approx([np.mean(launches["new"])] * 12)


def test_the_more_weeks_a_product_has_sold_the_less_the_others_scale_counts() -> None:
    launch = Launch(np.ones(8), 100.0, 3)
    after = [by_analogues(np.full(weeks, 10.0), 1, launch)[0] for weeks in (1, 3, 7)]
    assert after == pytest.approx([70.0, 46.0, 30.0])


def test_a_product_not_sold_so_far_is_launched_when_its_first_order_is_due() -> None:
    launches = {"a": launch_of(40, 30, 1), "b": launch_of(90, 24, 2)}
    forecast = forecast_with("gear", ordered(3), **launches)
    weeks = quantity_of(forecast, "new")
    assert weeks[:3] == pytest.approx([0.0] * 3)
    assert 0 < weeks[3] < weeks[11]
    assert weeks[11] == pytest.approx(65, rel=0.25)
    low, high = (forecast.quantiles.filter(pl.col("product") == "new")[q][11] for q in ("p10", "p90"))
    assert low < weeks[11] < high
    assert "from the first order in hand on" in str(method_of(forecast, "new")["fallback"])


@pytest.mark.parametrize("orders", [None, ordered(3, "cancelled")])
def test_nobody_knows_when_a_product_without_orders_is_launched(orders: pl.DataFrame | None) -> None:
    forecast = forecast_with("gear", orders, a=launch_of(40, 30, 1))
    assert quantity_of(forecast, "new") == pytest.approx([0.0] * 12)
