"""Public holidays of a market's country as weekly signals, past and to come."""

from datetime import date, timedelta

import numpy as np
import polars as pl

from planning.domain.calendar import WEEK, monday, weeks_between
from planning.forecast.campaigns import Signals
from planning.forecast.series import Weekly

CHRISTMAS, NEW_YEAR, OTHER = "Christmas", "New Year", "public holidays"
WORKING_DAYS = 5


def holiday_signals(
    markets: pl.DataFrame | None, pairs: pl.DataFrame, first_week: date, weeks: int
) -> Signals:
    """Signals per product and market whose country keeps holidays, one array over `weeks` weeks.

    The weeks of 25 December and of 1 January, where these are public holidays, count 1: the days around
    them are not worked either, whatever weekday they fall on. Any other public holiday counts the share
    of the five working days it takes. A week is the one its Monday names, whatever the due cutoff, for
    that is the week in which nobody works.

    Parameters
    ----------
    markets : market, country (two letters); null, or a country not known: no holidays.
    pairs : product, market to find signals for.
    """
    if markets is None or "country" not in markets.columns:
        return {}
    countries = dict(markets.select("market", pl.col("country").cast(pl.String)).drop_nulls().iter_rows())
    asked = sorted({countries[m] for m in pairs["market"].unique() if m in countries})
    found = {country: _of_country(country, first_week, weeks) for country in asked}
    return {(p, m): found[countries[m]] for p, m in pairs.iter_rows() if found.get(countries.get(m, ""))}


def _of_country(country: str, first_week: date, weeks: int) -> dict[str, Weekly]:
    # imported on first use, like statsforecast: a forecast without countries never needs it
    import holidays

    # the registry names every country's codes without loading what they celebrate
    from holidays.registry import COUNTRIES

    known = {code for _, *codes in COUNTRIES.values() for code in codes if code.isupper()}
    if country not in known or weeks < 1:
        return {}
    last = first_week + weeks * WEEK - timedelta(days=1)
    signals = {name: np.zeros(weeks) for name in (CHRISTMAS, NEW_YEAR, OTHER)}
    for day in holidays.country_holidays(country, years=range(first_week.year, last.year + 1)):
        if not first_week <= day <= last:
            continue
        week = weeks_between(first_week, monday(day))
        match day.month, day.day:
            case 12, 25:
                signals[CHRISTMAS][week] = 1.0
            case 1, 1:
                signals[NEW_YEAR][week] = 1.0
            case _ if day.weekday() < WORKING_DAYS:
                signals[OTHER][week] += 1 / WORKING_DAYS
    signals[OTHER][(signals[CHRISTMAS] + signals[NEW_YEAR]) > 0] = 0.0
    return signals
