"""python -m bench [NAME …]: run some or all measurements."""

import sys
from importlib import import_module

MEASUREMENTS = (
    "forecast",
    "forecast_intervals",
    "forecast_scale",
    "networks",
    "lots",
    "plan",
    "main_job",
    "ledger",
    "scenarios",
    "rolling",
    "kills",
    "app",
)


def main(names: list[str]) -> int:
    """Run the named measurements, all of them without names; 2 for an unknown name."""
    unknown = [name for name in names if name not in MEASUREMENTS]
    if unknown:
        print(f"no measurement is called {', '.join(unknown)}; there are {', '.join(MEASUREMENTS)}")
        return 2
    for name in names or MEASUREMENTS:
        print(f"\n{name}")
        import_module(f"bench.{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
