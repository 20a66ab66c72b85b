"""What a file is taken for."""

import pytest

from planning.domain.data_guide import templates
from planning.signals.recognise import recognise

ORDER = ("order_id", "due_date", "product", "market", "quantity")
PAST = ("date", "product", "market", "quantity")


@pytest.mark.parametrize(
    ("file", "header", "table"),
    [
        ("orders.csv", ORDER, "orders"),
        ("Orders (2).csv", ORDER, "orders"),
        ("2026-11 open orders.CSV", ORDER, "orders"),
        ("export.csv", ORDER, "orders"),
        ("offer_tiers.csv", ("offer", "from_units", "weekly_rate"), "offer_tiers"),
        ("history DE.csv", PAST, "history"),
        ("returns.csv", PAST, "returns"),
        ("history of orders.csv", ORDER, "orders"),
        ("orders.csv", PAST, "orders"),
        ("november.csv", PAST, None),
        ("november.csv", ("a", "b"), None),
        ("my orders.csv", ("a", "b"), "orders"),
    ],
)
def test_a_file_is_known_by_its_name_else_by_its_columns(
    file: str, header: tuple[str, ...], table: str | None
) -> None:
    assert recognise(file, header) == table


@pytest.mark.parametrize("name", sorted(templates()))
def test_every_template_is_known_by_its_name(name: str) -> None:
    header = tuple(templates()[name].splitlines()[0].split(","))
    assert recognise(name, header) == name.removesuffix(".csv")
