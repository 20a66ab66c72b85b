"""Serve the app as it is on the demo company's day: `python -m setup.demo_day`, for pictures of it.

Deadlines are told from the day it is, so on any other day the demo's plan reads otherwise.
"""

import csv
import sys
from datetime import UTC, datetime, time, tzinfo

from planning.configuration import ROOT
from planning.store import clock
from planning.workflows import desk
from setup import serve

DEMO = ROOT / "data" / "demo"


def main() -> int:
    """Serve as `python -m setup.serve` does, on that day."""
    live_on_it()
    return serve.main()


def demo_moment() -> datetime:
    """Noon, in UTC, of the day the demo's data speak for (as_of in settings.csv)."""
    with (DEMO / "settings.csv").open(encoding="utf-8", newline="") as file:
        settings = {row["key"]: row["value"] for row in csv.DictReader(file)}
    return datetime.combine(datetime.fromisoformat(settings["as_of"]), time(12), UTC)


def live_on_it() -> None:
    """From now on, what this process stores and what its pages call today is of that moment."""
    moment = demo_moment()

    class DemoDay(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return moment.astimezone(tz)

    for reader in (clock, desk):
        vars(reader)["datetime"] = DemoDay


if __name__ == "__main__":
    sys.exit(main())
