"""All cores of a machine find what one process finds."""

import pytest

from planning.forecast import forecast_demand
from planning.workflows import cores
from tests.forecast.demand import START, history_of, in_north, noisy


@pytest.fixture
def always_worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cores, "WORTH_PROCESSES", 1)


def test_processes_find_what_one_process_finds(always_worth_it: None) -> None:
    demand = {f"p{n:02}": noisy(50, 20, seed=n) for n in range(42)}
    one = forecast_demand(history_of(**demand), in_north(*demand), START, 4, backtest=False)
    many = forecast_demand(
        history_of(**demand), in_north(*demand), START, 4, backtest=False, engine=cores.on_cores
    )
    assert many.quantiles.equals(one.quantiles)
    assert many.outcomes.equals(one.outcomes)


def test_what_progress_raises_ends_the_processes_too(always_worth_it: None) -> None:
    demand = {f"p{n:02}": noisy(50, 9, seed=n) for n in range(42)}

    def cancel(share: float, what: str) -> None:
        if share > 0:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        forecast_demand(
            history_of(**demand), in_north(*demand), START, 4, progress=cancel, engine=cores.on_cores
        )
