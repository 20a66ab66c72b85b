"""Intervals: as wide as the held-out weeks were far off, wider the further ahead."""

import numpy as np
import pytest

from planning.forecast.distribution import (
    PRIOR,
    around,
    as_last_year,
    calibrate,
    excess,
    shape_of,
    tail_ratio,
)
from planning.forecast.series import SeriesClass


def test_without_a_hold_out_the_band_is_the_normal_one_of_simple_smoothing() -> None:
    bands = calibrate([]).bands[SeriesClass.SMOOTH]
    assert bands.lower == pytest.approx(PRIOR)
    first = around(np.array([100.0]), 10.0, bands)
    assert (first.p10[0], first.p90[0]) == pytest.approx((100 - 12.816, 100 + 12.816))


def test_bands_cover_eight_in_ten_of_the_errors_they_were_learned_from() -> None:
    rng = np.random.default_rng(3)
    errors = [np.cumsum(rng.standard_normal(13)) for _ in range(400)]
    bands = calibrate([(SeriesClass.SMOOTH, e) for e in errors]).bands[SeriesClass.SMOOTH]
    found = around(np.full(13, 1000.0), 1.0, bands)
    inside = [(found.p10 <= 1000 + e) & (1000 + e <= found.p90) for e in errors]
    assert 0.77 <= np.mean(inside) <= 0.83
    assert np.all(np.diff(found.p90) > 0)


def test_skewed_errors_make_a_lopsided_band() -> None:
    rng = np.random.default_rng(3)
    errors = [(SeriesClass.ERRATIC, rng.lognormal(0, 1, 13) - 1) for _ in range(300)]
    bands = calibrate(errors).bands[SeriesClass.ERRATIC]
    assert bands.upper[0] > 2 * bands.lower[0]


def test_each_regular_class_has_its_own_width() -> None:
    rng = np.random.default_rng(3)
    tame = [(SeriesClass.SMOOTH, rng.standard_normal(13)) for _ in range(300)]
    wild = [(SeriesClass.ERRATIC, 4 * rng.standard_normal(13)) for _ in range(300)]
    bands = calibrate(tame + wild).bands
    assert bands[SeriesClass.ERRATIC].upper[0] > 4 * bands[SeriesClass.SMOOTH].upper[0]


def test_one_wild_series_moves_the_band_less_than_a_hundred() -> None:
    wild = (SeriesClass.SMOOTH, np.array([30.0, -30.0, 30.0, -30.0]))
    one = calibrate([wild]).bands[SeriesClass.SMOOTH].upper[0]
    hundred = calibrate([wild] * 100).bands[SeriesClass.SMOOTH].upper[0]
    assert PRIOR[0] < one < hundred / 4


def test_a_series_without_noise_teaches_nothing() -> None:
    assert excess(np.array([5.0]), np.array([5.0]), 0.0).size == 0


def test_rare_demand_keeps_last_years_zeros_and_lumps() -> None:
    year = np.array(([0.0] * 3 + [8.0]) * 13)
    found = as_last_year(np.full(4, 2.0), shape_of(year), tail=1.0)
    assert found.p10.tolist() == [0.0] * 4
    assert found.p50.tolist() == [0.0] * 4
    assert found.p90.tolist() == [8.0] * 4


def test_lumps_larger_than_expected_stretch_the_tail() -> None:
    known, mean = np.array(([0.0] * 3 + [8.0]) * 13), np.full(10, 2.0)
    ratios = tail_ratio(np.full(10, 24.0), mean, shape_of(known))
    assert ratios == pytest.approx([3.0] * 10)
    few = calibrate([(SeriesClass.LUMPY, ratios)]).tail
    many = calibrate([(SeriesClass.LUMPY, ratios)] * 90).tail
    assert 1 < few < 1.5
    assert many == pytest.approx(2.8)
