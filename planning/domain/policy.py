"""The settings of a plan, typed."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from planning.domain.calendar import WEEK, due_week, monday_on_or_after, weeks_between


@dataclass(frozen=True)
class Policy:
    """Every key of settings.csv with its value; meanings are in `schema.SETTINGS`."""

    as_of: date
    start_week: date
    horizon_weeks: int = 26
    currency: str = "EUR"
    due_cutoff_weekday: int = 5
    frozen_weeks: int = 1
    firm_weeks: int = 2
    setup_weeks: int = 2
    commit_threshold: float = 0.9
    flex_term_weeks: int = 13
    tail_use: float = 0.5
    lumpy_deal_share: float = 0.25
    consumption_back_weeks: int = 2
    consumption_forward_weeks: int = 2
    carbon_price_per_kg: float = 0.0
    carbon_cap_kg: float | None = None
    change_cost_per_unit: float = 0.0
    gap: float = 0.01
    time_limit_seconds: float = 60.0
    timezone: str = "UTC"

    @classmethod
    def from_settings(cls, values: Mapping[str, Any], today: date) -> "Policy":
        """Fill what settings.csv leaves out: as_of is `today`, start_week the Monday on or after it.

        Parameters
        ----------
        values : setting → typed value; missing or None means the default.
        today : the day it is, told by the caller.
        """
        given = {key: value for key, value in values.items() if value is not None}
        as_of = given.get("as_of", today)
        derived = {
            "as_of": as_of,
            "start_week": monday_on_or_after(as_of),
            "setup_weeks": given.get("firm_weeks", cls.firm_weeks),
        }
        return cls(**(derived | given))

    def as_settings(self) -> dict[str, Any]:
        """Setting → value, as plan.json reports it (dates in ISO form)."""
        pairs = ((field.name, getattr(self, field.name)) for field in fields(self))
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in pairs}

    @property
    def weeks(self) -> list[date]:
        """The Mondays of the buckets, t = 0 … T−1."""
        return [self.start_week + t * WEEK for t in range(self.horizon_weeks)]

    @property
    def end_week(self) -> date:
        """The Monday after the last bucket."""
        return self.start_week + self.horizon_weeks * WEEK

    def bucket(self, day: date) -> int:
        """Bucket of a Monday: negative before the start, ≥ horizon_weeks after the end."""
        return weeks_between(self.start_week, day)

    def due_bucket(self, day: date) -> int:
        """Bucket in which something due on `day` must be served."""
        return self.bucket(due_week(day, self.due_cutoff_weekday))
