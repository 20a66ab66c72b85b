"""What is sold: 60 products in 6 families, how much of each a week, and where each can be made.

One line a product: id, name, class, units a week over all markets, work (hours and material against the
family's usual product), its factories, its technologies (see technologies.py; M machined, A additive,
H hybrid) and the plate it is printed on (units a batch) where it is printed in batches.
Some ids begin with zeros, one reads like a number (12E5): spreadsheets love to change those.
"""

from dataclasses import dataclass

P, L, B, G = "PORTO", "LEEDS", "BRNO", "GDANSK"


@dataclass(frozen=True)
class Item:
    """A line of the catalogue."""

    product: str
    name: str
    kind: str
    rate: float
    work: float
    places: tuple[str, ...]
    technologies: str = ""
    plate: int | None = None
    family: str = ""


BRACKETS = [
    Item("0010", "Angle bracket 40 mm", "steady", 96, 0.70, (P, L, G), "AM"),
    Item("0011", "Angle bracket 60 mm", "steady", 78, 0.85, (P, L, G), "AM"),
    Item("0012", "Cable-tray bracket", "steady", 84, 0.90, (P, L, B), "A"),
    Item("0013", "Sensor bracket M12", "steady", 70, 0.75, (P, B), "A", 8),
    Item("0014", "Motor mount NEMA 17", "steady", 58, 1.10, (P, L), "A", 6),
    Item("0015", "Motor mount NEMA 23", "steady", 46, 1.35, (L, B), "A", 6),
    Item("0016", "Rail bracket 35 mm", "steady", 64, 0.95, (P, B, G), "AM"),
    Item("0017", "Camera bracket, swivel", "steady", 42, 1.20, (P, L), "A"),
    Item("0018", "Lidar bracket", "new", 36, 1.25, (P, B), "A"),
    Item("0019", "Topology bracket TB-1", "new", 28, 1.40, (L, B), "A", 5),
]
GEARS = [
    Item("0120", "Spur gear m1 z24", "steady", 56, 0.70, (G, B, L), "M"),
    Item("0121", "Spur gear m1.5 z32", "steady", 48, 0.85, (G, B, L), "M"),
    Item("0122", "Helical gear m2 z28", "steady", 36, 1.05, (G, B), "M"),
    Item("0123", "Bevel gear pair 1:2", "steady", 30, 1.30, (G, B), "M"),
    Item("0124", "Planet carrier, three planets", "steady", 26, 1.25, (G, B, L), "MH"),
    Item("0125", "Sun gear m1 z18", "steady", 40, 0.75, (B, L), "M"),
    Item("0126", "Ring gear m1 z72", "steady", 24, 1.35, (G, L), "M"),
    Item("0127", "Worm wheel 1:40", "steady", 22, 1.20, (G, B, L), "MH"),
    Item("0128", "Timing pulley HTD 5M 30", "steady", 44, 0.65, (B, L), "M"),
    Item("0129", "Strain-wave cup 1:80", "new", 18, 1.40, (G, B), "M"),
]
HOUSINGS = [
    Item("2010", "Sensor housing IP67, small", "promoted", 66, 0.75, (P, L), "A"),
    Item("2011", "Sensor housing IP67, large", "promoted", 44, 1.10, (P, L), "A"),
    Item("2012", "Encoder housing 58 mm", "promoted", 48, 0.95, (P, L, B), "AM"),
    Item("2013", "Connector housing, 12 pins", "promoted", 58, 0.80, (P, L), "A", 8),
    Item("2014", "Gearbox housing size 60", "promoted", 30, 1.45, (P, B), "AM"),
    Item("2015", "Camera housing", "promoted", 38, 1.05, (P, L), "A"),
    Item("2016", "Junction box, four ways", "promoted", 40, 0.95, (P, L), "A"),
    Item("2017", "Battery housing 48 V", "promoted", 26, 1.40, (P, L, B), "AM"),
    Item("2018", "Radar housing 77 GHz", "promoted", 24, 1.25, (L, B), "A"),
    Item("2019", "Gripper housing G3", "new", 22, 1.15, (P, L), "A"),
]
MANIFOLDS = [
    Item("3010", "Heat-pump manifold, 4 ports", "seasonal", 38, 0.90, (B, G, P), "M"),
    Item("3011", "Heat-pump manifold, 6 ports", "seasonal", 28, 1.15, (B, G, P), "M"),
    Item("3012", "Underfloor manifold, 8 loops", "seasonal", 26, 1.30, (B, G, L), "MA"),
    Item("3013", "Boiler header", "seasonal", 22, 1.20, (B, G), "M"),
    Item("3014", "Heat-exchanger plate", "seasonal", 34, 0.75, (B, P), "M"),
    Item("3015", "Burner flange", "seasonal", 30, 0.80, (B, G, P), "M"),
    Item("3016", "Radiator valve body", "seasonal", 40, 0.60, (G, P), "M"),
    Item("3017", "Mixing-valve body", "seasonal", 24, 0.95, (B, G, L), "MA"),
    Item("3018", "Thermostat housing", "seasonal", 28, 0.70, (B, P), "M"),
    Item("3019", "Expansion manifold", "seasonal", 18, 1.25, (B, G, P), "M"),
]
IMPELLERS = [
    Item("IM-41", "Irrigation impeller 120 mm", "seasonal", 24, 0.80, (B, G), "H"),
    Item("IM-42", "Irrigation impeller 160 mm", "seasonal", 19, 1.00, (B, G), "H"),
    Item("IM-43", "Cooling-water impeller 180 mm", "seasonal", 15, 1.15, (B, G), "H"),
    Item("IM-44", "Chiller impeller 200 mm", "seasonal", 12, 1.25, (B, G), "H"),
    Item("IM-45", "Pool-pump impeller 110 mm", "seasonal", 20, 0.70, (B, G, L), "HM"),
    Item("IM-46", "Process impeller 140 mm", "steady", 16, 0.95, (B, G, L), "HM"),
    Item("IM-47", "Process impeller 260 mm, closed", "steady", 8, 1.45, (G,), "H"),
    Item("IM-48", "Compressor wheel 90 mm", "steady", 18, 0.75, (B, G), "H"),
    Item("IM-49", "Blower wheel 150 mm", "steady", 13, 1.00, (B, G, L), "HM"),
    Item("IM-50", "Fuel-cell blower wheel", "new", 10, 1.10, (B, G), "H"),
]
SPARES = [
    Item("SP-0701", "Drive shaft, series 1", "intermittent", 3.2, 0.90, (B, L), "HM"),
    Item("SP-0702", "Clutch hub, series 1", "intermittent", 2.6, 1.00, (G, L), "HM"),
    Item("SP-0703", "Guide shoe, series 2", "intermittent", 4.0, 0.70, (B, P), "HM"),
    Item("SP-0704", "Valve spindle, series 2", "intermittent", 2.8, 0.85, (G, P), "HM"),
    Item("SP-0705", "Seal carrier", "intermittent", 3.0, 0.80, (B, G), "H"),
    Item("SP-0706", "Rotor hub, series 3", "intermittent", 2.0, 1.30, (B, L), "HM"),
    Item("SP-0707", "Adjusting lever", "intermittent", 3.6, 0.60, (G, L), "HM"),
    Item("SP-0708", "Nozzle ring", "intermittent", 2.4, 1.15, (B, G), "H"),
    Item("SP-0709", "Bearing cover, series 3", "intermittent", 3.4, 0.75, (B, P), "HM"),
    Item("12E5", "Wear plate 12-E5", "intermittent", 3.0, 0.95, (G, P), "HM"),
]
FAMILIES = {
    "BRACKET": BRACKETS,
    "GEAR": GEARS,
    "HOUSING": HOUSINGS,
    "MANIFOLD": MANIFOLDS,
    "IMPELLER": IMPELLERS,
    "SPARE": SPARES,
}
