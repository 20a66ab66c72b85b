"""How things are made: robot models, materials and one recipe per family and technology."""

from dataclasses import dataclass

from demo_company.records import Material, Robot

ROBOTS = [
    Robot("ADD", "Additive cell, powder bed", "additive", 1, 6, 4, 4.5, 0.88),
    Robot("MILL", "Five-axis CNC mill with loader", "machining", 2, 4, 3, 9.0, 0.87),
    Robot("HYB", "Hybrid cell, deposit and mill", "hybrid", 2, 3, 2, 11.0, 0.84),
    Robot("COB", "Assembly cobot", "assembly", 1, 5, None, 0.8, 0.90),
    Robot("FIN", "Finishing robot", "finishing", 1, 6, None, 2.4, 0.88),
]
MATERIALS = [
    Material("ALSI10MG", "Aluminium powder AlSi10Mg", "kg", 52.0, 11.5, 3, 0.30),
    Material("PA12", "Polyamide 12 powder", "kg", 48.0, 7.9, 2, 0.20),
    Material("STEEL-PWD", "Stainless powder 316L", "kg", 38.0, 6.1, 3, 0.25),
    Material("AL-BILLET", "Aluminium billet 6082", "kg", 6.5, 8.2, 1, 0.45),
    Material("STEEL-BAR", "Steel bar 42CrMo4", "kg", 4.2, 2.3, 1, 0.60),
    Material("BRASS-BAR", "Brass bar CW617N", "kg", 9.5, 3.6, 2, 0.75),
]


@dataclass(frozen=True)
class Recipe:
    """Making one unit of a family's usual product by one technology.

    `hours` per robot model (the first one carries set-up and unit cost); `unit_cost` without material;
    `quantity` of material in its own unit; `places` are the factories equipped for it.
    """

    places: tuple[str, ...]
    hours: dict[str, float]
    unit_cost: float
    material: str
    quantity: float
    setup_hours: float = 0.0
    setup_cost: float = 0.0
    typical_lot: int | None = None
    min_lot: int = 0
    good_share: float = 1.0
    lights_out: bool = False
    kg: float = 0.3


P, L, B, G = "PORTO", "LEEDS", "BRNO", "GDANSK"

RECIPES: dict[tuple[str, str], Recipe] = {
    ("BRACKET", "A"): Recipe(
        (P, L, B), {"ADD": 0.54}, 4.0, "ALSI10MG", 0.14, good_share=0.97, lights_out=True
    ),
    ("BRACKET", "M"): Recipe((L, G), {"MILL": 0.36}, 5.5, "AL-BILLET", 0.35),
    ("GEAR", "M"): Recipe((G, B, L), {"MILL": 0.48, "FIN": 0.42}, 7.0, "STEEL-BAR", 0.60, 0.4, 12.0, 30, 4),
    ("GEAR", "H"): Recipe((B,), {"HYB": 0.75, "FIN": 0.42}, 9.0, "STEEL-PWD", 0.28),
    ("HOUSING", "A"): Recipe((P, L, B), {"ADD": 0.66, "COB": 0.48}, 8.0, "PA12", 0.16, good_share=0.98),
    ("HOUSING", "M"): Recipe((B, P), {"MILL": 0.45, "COB": 0.48}, 8.5, "AL-BILLET", 0.50),
    ("MANIFOLD", "M"): Recipe((B, G, P), {"MILL": 0.80, "COB": 0.38}, 14.0, "BRASS-BAR", 1.1, 0.5, 14.0, 20),
    ("MANIFOLD", "A"): Recipe((L,), {"ADD": 1.50, "COB": 0.38}, 16.0, "ALSI10MG", 0.40, good_share=0.97),
    ("IMPELLER", "H"): Recipe((B, G), {"HYB": 1.30, "FIN": 0.50}, 22.0, "STEEL-PWD", 0.55, good_share=0.96),
    ("IMPELLER", "M"): Recipe((L,), {"MILL": 2.00, "FIN": 0.50}, 24.0, "STEEL-BAR", 2.4, 0.8, 18.0, 10),
    ("SPARE", "H"): Recipe((B, G), {"HYB": 0.85}, 9.0, "STEEL-PWD", 0.30),
    ("SPARE", "M"): Recipe((L, P), {"MILL": 1.00}, 10.0, "STEEL-BAR", 0.90, 0.4, 8.0, 5, 2),
}
COST = {material.material: material.unit_cost for material in MATERIALS}
