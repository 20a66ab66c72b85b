"""Things are shown by the names people use."""

from planning.present.view import labels
from tests.builders.plans import (
    a_network,
    input_frame,
)


def test_products_of_the_same_name_can_be_told_apart() -> None:
    twins = input_frame("products", [{"product": "A", "name": "Gear"}, {"product": "B", "name": "Gear"}])
    network = a_network().with_tables(products=twins)
    assert labels(network, "products", "product", ["A", "B", "C"]) == {
        "A": "Gear (A)",
        "B": "Gear (B)",
        "C": "C",
    }
