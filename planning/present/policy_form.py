"""The policy as a form: the settings by what they are about, each with its default."""

from dataclasses import dataclass

import polars as pl

from planning.domain.data_guide import if_empty
from planning.domain.field import Field
from planning.domain.network import Network
from planning.domain.schema import SETTINGS
from planning.signals.rows import LINE

#: What the settings are about; every setting stands in one group.
GROUPS: dict[str, tuple[str, ...]] = {
    "Which weeks": ("as_of", "start_week", "horizon_weeks", "due_cutoff_weekday", "timezone"),
    "How steady the plan is": ("frozen_weeks", "firm_weeks", "setup_weeks", "change_cost_per_unit"),
    "What justifies rent": ("commit_threshold", "flex_term_weeks", "tail_use"),
    "How demand is counted": ("lumpy_deal_share", "consumption_back_weeks", "consumption_forward_weeks"),
    "Money and carbon": ("currency", "carbon_price_per_kg", "carbon_cap_kg"),
    "How hard it is solved": ("gap", "time_limit_seconds"),
}
_FIELDS = {field.name: field for field in SETTINGS}


@dataclass(frozen=True)
class Setting:
    """One setting on the form.

    Parameters
    ----------
    name : its key.
    label : how it is headed.
    says : what the file says; empty where it says nothing.
    default : what holds where it says nothing.
    meaning : what it is, and what it may be.
    """

    name: str
    label: str
    says: str
    default: str
    meaning: str


def settings(cells: pl.DataFrame, network: Network) -> dict[str, list[Setting]]:
    """Group → its settings, with what settings.csv says of each.

    Parameters
    ----------
    cells : LINE, key and value of settings.csv.
    network : for what holds of settings whose default is derived.
    """
    said = dict(cells.select("key", "value").iter_rows())
    holds = network.policy.as_settings()
    return {
        group: [_setting(_FIELDS[name], said.get(name, ""), holds[name]) for name in names]
        for group, names in GROUPS.items()
    }


def _setting(field: Field, says: str, holds: object) -> Setting:
    default = if_empty(field) or "none"
    if not says.strip() and field.default is None and holds is not None:
        default = f"{default}: {holds}"
    limits = field.limits()
    meaning = f"{field.doc[:1].upper()}{field.doc[1:]}{', ' + limits if limits else ''}."
    return Setting(field.name, field.name.replace("_", " ").capitalize(), says, default, meaning)


def as_left(cells: pl.DataFrame, said: dict[str, str]) -> pl.DataFrame:
    """settings.csv as the form leaves it: emptied values stay as rows without one, what is new comes last."""
    known = set(cells["key"])
    value = pl.col("key").replace_strict(said, default=pl.col("value"), return_dtype=pl.String)
    new = [
        {LINE: None, "key": key, "value": text}
        for key, text in said.items()
        if key not in known and text.strip()
    ]
    added = pl.DataFrame(new, schema={LINE: pl.Int64, "key": pl.String, "value": pl.String})
    return pl.concat([cells.with_columns(value=value), added], how="diagonal")
