"""Rentals are told by the day they have to be decided."""

from datetime import date

import polars as pl

from planning.present import fleet_tables
from planning.present.view import Choice
from tests.builders.plans import (
    a_network,
    a_plan,
    input_frame,
)

ALL = Choice()


def test_rentals_come_by_their_deadline() -> None:
    rows = fleet_tables.rentals(a_plan(), a_network(), ALL)
    assert rows.frame["decide_by"].is_sorted()
    assert rows.frame["what"][0] == "Return 1 × fdm_xl"
    assert rows.frame["robot"][0] == "FDM XL"
    assert rows.frame["where"].to_list()[-1] == "Gdańsk to Porto"
    assert fleet_tables.due_soon(rows, date(2026, 11, 23), days=14) == 3


def test_a_returned_contract_tells_the_rent_it_frees() -> None:
    contracts = input_frame("contracts", [{"contract": "CT-204", "offer": "FX-4", "weekly_rate": 610.0}])
    offers = input_frame("offers", [{"offer": "FX-4", "weekly_rate": 725.0}])
    network = a_network().with_tables(contracts=contracts, offers=offers)
    rows = fleet_tables.rentals(a_plan(), network, ALL).frame
    assert dict(rows.select("id", "weekly").unique().iter_rows())["CT-204"] == 610.0
    assert rows.filter(pl.col("id") == "FX-4")["weekly"].to_list() == [2 * 725.0, 725.0]
    assert rows.height == 6
