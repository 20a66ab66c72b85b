"""Where the hours of a week lie: what a factory lead would write on the wall."""

from itertools import combinations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from planning.domain.schema import INPUT
from planning.schedule.shifts import Pattern, Place, Places, patterns, places
from planning.schedule.windows import HOUR, WEEK, Window, total, within, without
from tests.schedule.shop import Row, table

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "next Mon", "next Tue")


def wall(windows: tuple[Window, ...]) -> list[str]:
    """Windows as people say them: `Mon 06:00-14:00`; past midnight the hours go on counting."""

    def clock(second: int, day: int) -> str:
        minutes = (second - day * 24 * HOUR) // 60
        return f"{minutes // 60:02d}:{minutes % 60:02d}"

    starts = [(window, window.start // (24 * HOUR)) for window in windows]
    return [f"{DAYS[day]} {clock(window.start, day)}-{clock(window.end, day)}" for window, day in starts]


def every(days: str, hours: str) -> list[str]:
    return [f"{day} {hours}" for day in days.split()]


def shift(weekday: int, start: str, end: str, attended: bool = True) -> Row:
    return {"factory": "berlin", "weekday": weekday, "start": start, "end": end, "attended": attended}


def pattern(*shifts: Row) -> Pattern:
    return patterns(table(INPUT["shifts"], shifts))["berlin"]


TWO_SHIFTS = [
    shift(day, start, end, attended)
    for day in range(1, 6)
    for start, end, attended in (
        ("06:00", "14:00", True),
        ("14:00", "22:00", True),
        ("22:00", "06:00", False),
    )
]


def test_without_shifts_forty_hours_are_monday_to_friday_from_six() -> None:
    assert wall(places(None, 40, 0, 0).attended.inside) == every("Mon Tue Wed Thu Fri", "06:00-14:00")


def test_without_shifts_eighty_hours_end_at_ten_at_night() -> None:
    assert wall(places(None, 80, 0, 0).attended.inside) == every("Mon Tue Wed Thu Fri", "06:00-22:00")


def test_unattended_hours_follow_the_people() -> None:
    found = places(None, 40, 40, 0).unattended.inside
    assert wall(found) == every("Mon Tue Wed Thu Fri", "14:00-22:00")


def test_more_unattended_hours_than_the_nights_hold_go_to_the_weekend() -> None:
    found = places(None, 80, 50, 0).unattended.inside
    assert wall(found) == [*every("Mon Tue Wed Thu", "22:00-30:00"), "Fri 22:00-40:00"]


def test_more_than_five_whole_days_spill_into_the_weekend() -> None:
    assert wall(places(None, 130, 0, 0).attended.inside) == ["Mon 06:00-136:00"]


def test_a_week_around_the_clock_is_the_week_itself() -> None:
    assert places(None, 168, 0, 0).attended.inside == (Window(0, WEEK),)


def test_overtime_is_staying_on_after_the_shift() -> None:
    assert wall(places(None, 40, 0, 10).overtime.inside) == every("Mon Tue Wed Thu Fri", "14:00-16:00")


def test_overtime_is_on_saturday_where_nights_follow_the_people() -> None:
    assert wall(places(None, 40, 40, 10).overtime.inside) == ["Sat 06:00-16:00"]
    assert wall(places(pattern(*TWO_SHIFTS), 80, 40, 10).overtime.inside) == ["Sat 06:00-16:00"]


def test_shifts_place_the_hours() -> None:
    found = places(pattern(*TWO_SHIFTS), 80, 40, 0)
    assert wall(found.attended.inside) == every("Mon Tue Wed Thu Fri", "06:00-22:00")
    assert wall(found.unattended.inside) == every("Mon Tue Wed Thu Fri", "22:00-30:00")
    assert found.attended.beyond == found.unattended.beyond == ()


def test_a_holiday_week_uses_the_first_shifts() -> None:
    found = places(pattern(*TWO_SHIFTS), 40, 12, 0)
    assert wall(found.attended.inside) == ["Mon 06:00-22:00", "Tue 06:00-22:00", "Wed 06:00-14:00"]
    assert wall(found.unattended.inside) == ["Mon 22:00-30:00", "Tue 22:00-26:00"]


def test_hours_the_shifts_do_not_hold_follow_outside_them() -> None:
    early = [shift(day, "06:00", "14:00") for day in range(1, 6)]
    found = places(pattern(*early), 50, 0, 5).attended
    assert wall(found.inside) == every("Mon Tue Wed Thu Fri", "06:00-14:00")
    assert wall(found.beyond) == every("Mon Tue Wed Thu Fri", "14:00-16:00")
    nights = places(pattern(*TWO_SHIFTS), 80, 50, 0).unattended
    assert wall(nights.beyond) == ["Sat 06:00-16:00"]


def test_a_shift_may_begin_on_sunday_night_and_end_on_monday() -> None:
    found = places(pattern(shift(7, "22:00", "06:00"), shift(1, "06:00", "14:00")), 16, 0, 160)
    assert wall(found.attended.inside) == ["Mon 06:00-14:00", "Sun 22:00-30:00"]
    # Last Sunday's shift still stands on this Monday morning: nobody else may.
    assert total(within(found.overtime.inside, 0, 6 * HOUR)) == 0


def test_a_day_and_a_night_shift_from_midnight_to_midnight_touch() -> None:
    whole = pattern(*(shift(day, "00:00", "00:00") for day in range(1, 8)))
    assert whole.attended == (Window(0, WEEK),)


def test_people_win_where_an_unattended_shift_overlaps() -> None:
    both = pattern(shift(1, "06:00", "14:00"), shift(1, "12:00", "20:00", attended=False))
    assert wall(both.unattended) == ["Mon 14:00-20:00"]


def test_a_factory_without_shifts_has_no_pattern() -> None:
    assert patterns(INPUT["shifts"].empty()) == {}


clocks = st.integers(0, 47).map(lambda half: f"{half // 2:02d}:{30 * (half % 2):02d}")
shifts = st.lists(
    st.builds(shift, st.integers(1, 7), clocks, clocks, st.booleans()),
    max_size=8,
    unique_by=lambda row: (row["weekday"], row["start"], row["attended"]),
)
hours = st.one_of(st.integers(0, 80), st.floats(0, 80))


def kinds(found: Places) -> list[Place]:
    return [found.attended, found.unattended, found.overtime]


@given(shifts, hours, hours, hours)
def test_every_hour_of_a_week_has_one_place(
    rows: list[Row], attended: float, unattended: float, overtime: float
) -> None:
    found = places(patterns(table(INPUT["shifts"], rows)).get("berlin"), attended, unattended, overtime)
    everything = [window for place in kinds(found) for window in place.windows]
    for one, other in combinations(everything, 2):
        assert one.end <= other.start or other.end <= one.start
    # Next week's first hours are this week's too where a shift runs past Sunday: they clash with nothing.
    tail = [Window(w.start - WEEK, w.end - WEEK) for w in within(everything, WEEK, 2 * WEEK)]
    assert total(without(everything, tail)) == total(everything)
    wanted = attended + unattended + overtime
    assert total(everything) >= min(wanted * HOUR, WEEK) - 1
    assert total(everything) <= wanted * HOUR + 3


@given(shifts.filter(bool), hours, hours, hours)
def test_inside_means_inside_the_shifts_and_beyond_outside_all_of_them(
    rows: list[Row], attended: float, unattended: float, overtime: float
) -> None:
    known = pattern(*rows)
    found = places(known, attended, unattended, overtime)
    assert without(found.attended.inside, known.attended) == []
    assert without(found.unattended.inside, known.unattended) == []
    closed = [*known.attended, *known.unattended]
    if attended + unattended + overtime + total(closed) / HOUR <= 168:
        for place in kinds(found):
            assert without(place.beyond, closed) == list(place.beyond)
        assert without(found.overtime.inside, closed) == list(found.overtime.inside)


def test_order_of_shift_rows_does_not_matter() -> None:
    frame = table(INPUT["shifts"], TWO_SHIFTS)
    assert (
        patterns(frame) == patterns(frame.reverse()) == patterns(pl.concat([frame.tail(4), frame.head(11)]))
    )
