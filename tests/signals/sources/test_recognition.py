"""Which source a header is of, what the network answers for it, and money and days it may hold."""

from datetime import date, timedelta

import pytest

from planning.domain.schema import EXPORT, INPUT
from planning.signals.sources import SOURCES, SourceSettings, meaning_of
from tests.builders.networks import network, order, week


@pytest.mark.parametrize("source", SOURCES.values(), ids=lambda source: source.name)
def test_a_header_with_every_column_of_a_source_is_its_own(source: object) -> None:
    header = [names[0] for names in source.headers.columns.values() if names]  # type: ignore[attr-defined]
    assert meaning_of(header) is source
    assert meaning_of([f" {name.upper()} " for name in header]) is source


@pytest.mark.parametrize("table", [*INPUT.values(), *EXPORT.values()], ids=lambda table: table.name)
def test_a_file_of_the_contract_is_no_export_of_a_source(table: object) -> None:
    assert meaning_of(table.columns) is None  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "header", [[], [""], ["Name"], ["Date", "Amount"], ["Record ID", "First Name", "Email"]]
)
def test_a_header_that_says_too_little_is_of_no_source(header: list[str]) -> None:
    assert meaning_of(header) is None


def test_a_source_that_leaves_columns_out_is_known_by_those_it_needs() -> None:
    source = meaning_of(["Day", "Campaign", "Clicks", "Cost"])
    assert source is SOURCES["google_ads"]


def test_the_network_answers_with_its_money_its_time_zone_and_its_usual_days_to_delivery() -> None:
    orders = [
        order(f"SO-{days}", 2, 5, order_date=week(2) - timedelta(days), status="confirmed")
        for days in (7, 10, 40)
    ]
    late = order("SO-X", 2, 5, order_date=week(2) - timedelta(200), status="cancelled")
    rates = [{"currency": "GBP", "date": date(2026, 11, 2), "rate": 1.2}]
    settings = SourceSettings.of(
        network({"currency": "USD", "timezone": "Europe/Berlin"}, orders=[*orders, late], fx=rates)
    )
    assert (settings.currency, settings.timezone, settings.due_days) == ("USD", "Europe/Berlin", 10)
    assert settings.rates.rows() == [("GBP", date(2026, 11, 2), 1.2)]
    assert SourceSettings.of(network({})).due_days == 0
