"""python -m bench [NAME [SIZE …] …]: run some or all measurements, those of plans at the sizes named."""

import sys
from importlib import import_module

from bench.companies import SIZES

MEASUREMENTS = (
    "forecast",
    "forecast_intervals",
    "forecast_scale",
    "networks",
    "lots",
    "plan",
    "ideas",
    "coarser",
    "coarse_fleets",
    "last_plan",
    "quick",
    "cancels",
    "overhead",
    "main_job",
    "imports",
    "ledger",
    "scenarios",
    "rolling",
    "kills",
    "app",
)

#: Measurements of made companies: they take sizes, `plan S M`.
SIZED = ("plan", "ideas", "coarser", "coarse_fleets", "last_plan", "cancels", "overhead")


def main(words: list[str]) -> int:
    """Run the named measurements, all of them without names; 2 for an unknown name."""
    chosen: dict[str, list[str]] = {} if words else {name: [] for name in MEASUREMENTS}
    name = ""
    for word in words:
        if word in SIZES and name in SIZED:
            chosen[name].append(word)
        elif word in MEASUREMENTS:
            name = word
            chosen.setdefault(name, [])
        else:
            names, sizes = ", ".join(MEASUREMENTS), ", ".join(SIZES)
            print(f"no measurement is called {word}; there are {names}; {' and '.join(SIZED)} take {sizes}")
            return 2
    for name, sizes in chosen.items():
        print(f"\n{name}")
        import_module(f"bench.{name}").main(*sizes)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
