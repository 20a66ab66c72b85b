"""GA4, Google Ads, Meta and Klaviyo: days of a channel, roll-ups counted once, rewritten days replaced."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from planning.signals.sources import handed_over
from tests.signals.sources.exports import SETTINGS, aside, collapsed, holding, meaning, rows

GA4 = "Date,Session default channel group,Country,Sessions,Add to carts\n"
ADS = "Day,Campaign,Currency code,Impr.,Clicks,Cost,Conversions\n"
META = (
    "Reporting starts,Reporting ends,Campaign name,Ad set name,Amount spent (EUR),Impressions,Link clicks\n"
)
MAIL = (
    "Campaign Name,Send Time,Total Recipients,Successful Deliveries,Total Clicks,Campaign Channel,"
    "Variant Name\n"
)


def test_visits_are_days_of_a_channel() -> None:
    told = meaning(GA4 + '20261102,Organic Search,Germany,"1,204",31\n20261102,Direct,(not set),300,\n')
    assert rows(told, "activity", "date", "channel", "market", "visits", "carts") == [
        ("2026-11-02", "GA4 Organic Search", "de", "1204", "31"),
        ("2026-11-02", "GA4 Direct", None, "300", None),
    ]


def test_a_grand_total_is_not_counted_beside_its_rows() -> None:
    told = meaning(GA4 + "20261102,Direct,Germany,300,5\nGrand total,,,300,5\n,RESERVED_TOTAL,,300,5\n")
    assert set(collapsed(told).values()) == {"a total of other rows"}
    assert told.rows("loaded") == 1


def test_the_sum_of_a_day_is_not_counted_beside_its_campaigns() -> None:
    day = "2026-11-02,2026-11-02"
    text = META + f"{day},,,30,900,9\n{day},Lamps,,30,900,9\n{day},Lamps,A,10,400,4\n{day},Lamps,B,20,500,5\n"
    told = meaning(text)
    assert rows(told, "activity", "spend", "clicks") == [("10", "4"), ("20", "5")]
    assert collapsed(told) == dict.fromkeys([2, 3], "the sum of more detailed rows of its day")


def test_a_campaign_without_ad_sets_is_no_sum() -> None:
    day = "2026-11-02,2026-11-02"
    told = meaning(META + f"{day},Lamps,A,10,400,4\n{day},Clips,,7,70,1\n")
    assert rows(told, "activity", "spend") == [("10",), ("7",)]


def test_the_same_row_twice_counts_once() -> None:
    row = "2026-11-02,2026-11-02,Lamps,A,10,400,4\n"
    told = meaning(META + row + row)
    assert collapsed(told) == {3: "the same as line 2"}


def test_micros_are_millionths() -> None:
    text = "segments.date,campaign.name,metrics.impressions,metrics.clicks,metrics.cost_micros\n"
    told = meaning(text + "2026-11-02,Lamps,1204,41,172450000\n2026-11-03,Lamps,10,1,1\n")
    assert rows(told, "activity", "channel", "spend") == [("Google Ads", "172.45"), ("Google Ads", "1e-6")]


def test_money_comes_in_the_plan_s_currency_or_not_at_all() -> None:
    rates = pl.DataFrame({"currency": ["USD"], "date": [date(2026, 11, 2)], "rate": [0.9]})
    text = (
        ADS
        + "2026-11-01,A,USD,10,1,$5.00,0\n"
        + '2026-11-03,A,USD,"1,000",1,"$1,000.00",--\n'
        + "2026-11-03,B,EUR,1,1,2,1\n"
    )
    told = meaning(text, replace(SETTINGS, rates=rates))
    assert rows(told, "activity", "spend", "impressions", "leads") == [
        (None, "10", "0"),
        ("900", "1000", None),
        ("2", "1", "1"),
    ]
    assert told.notes == ("Rows that load without their spend, as fx.csv has no rate to EUR: 1.",)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("2026-11-01,2026-11-07,Lamps,A,70,900,9\n", "covers several days"),
        (",,Lamps,A,70,900,9\n", "has no day"),
        ("2026-11-02,2026-11-02,Lamps,A,abc,900,9\n", "spend is not a number"),
        ("2026-11-02,2026-11-02,Lamps,A,-5,900,9\n", "is a correction below zero"),
        ("2026-11-02,2026-11-02,Lamps,A,,,\n", "counts nothing"),
        ("02/11/2026,02/11/2026,Lamps,A,5,900,9\n", "could be two days"),
    ],
)
def test_what_is_no_day_of_a_channel_is_kept_aside(row: str, why: str) -> None:
    told = meaning(META + row)
    assert aside(told)[2].startswith(why)


def test_a_mailing_is_seen_by_those_it_was_delivered_to_and_its_variants_add_up_to_it() -> None:
    sent = "2026-11-02 10:00:00"
    text = (
        MAIL
        + f"News,{sent},1000,990,40,email,\nNews,{sent},500,495,15,email,A\nNews,{sent},500,495,25,email,B\n"
    )
    told = meaning(text)
    assert rows(told, "activity", "channel", "impressions", "clicks") == [
        ("Klaviyo email", "495", "15"),
        ("Klaviyo email", "495", "25"),
    ]
    assert list(collapsed(told)) == [2]


def test_days_written_anew_take_the_place_of_the_old_ones_and_of_no_other_platform() -> None:
    first = meaning(
        GA4 + "20261101,Direct,Germany,90,\n20261102,Direct,Germany,100,\n20261102,Email,Germany,7,\n"
    )
    (held,) = handed_over(first, {})
    others = b"2026-11-02,Meta facebook,,de,,\n"
    # Two days later: one channel's visits were credited to another.
    again = meaning(GA4 + "20261102,Direct,Germany,104,\n20261103,Direct,Germany,80,\n")
    (handover,) = handed_over(again, {"activity.csv": held.data + others})
    told = holding(handover, held.data + others).decode()
    assert "Email" not in told
    assert "GA4 Direct,,de,104" in told
    assert "GA4 Direct,,de,90" in told
    assert "Meta facebook" in told


def test_a_day_with_rows_kept_aside_drives_nothing_out() -> None:
    (held,) = handed_over(meaning(GA4 + "20261102,Direct,Germany,100,\n20261102,Email,Germany,7,\n"), {})
    (handover,) = handed_over(
        meaning(GA4 + "20261102,Direct,Germany,104,\n20261102,Email,Germany,abc,\n"),
        {"activity.csv": held.data},
    )
    assert handover.gone.is_empty()


def test_every_row_handed_over_is_found_again_by_its_line() -> None:
    told = meaning(GA4 + "Grand total,,,110,\n20261102,Direct,Germany,104,\n20261103,Direct,Germany,6,\n")
    (handover,) = handed_over(told, {})
    text = handover.data.decode().splitlines()
    assert [(text[line - 1].split(",")[0], theirs) for line, theirs, _ in handover.lines.rows()] == [
        ("2026-11-02", 3),
        ("2026-11-03", 4),
    ]
