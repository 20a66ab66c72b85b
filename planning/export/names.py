"""The names people use for what a plan knows by id."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from planning.domain.network import Network


@dataclass(frozen=True)
class Names:
    """Id → name, of factories, products and robot models; an id without a name stands for itself."""

    factories: Mapping[str, str] = field(default_factory=dict)
    products: Mapping[str, str] = field(default_factory=dict)
    robots: Mapping[str, str] = field(default_factory=dict)

    def factory(self, id: str) -> str:
        """What people call a factory."""
        return self.factories.get(id, id)


def names_of(network: Network | None) -> Names:
    """The names a network gives; none without one."""
    if network is None:
        return Names()
    return Names(
        _named(network["factories"], "factory"),
        _named(network["products"], "product"),
        _named(network["robots"], "robot_model"),
    )


def _named(table: pl.DataFrame, key: str) -> dict[str, str]:
    named = table.filter(pl.col("name").is_not_null() & (pl.col("name") != ""))
    return dict(named.select(key, "name").iter_rows())
