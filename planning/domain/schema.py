"""Every table and column Takt reads and writes, as data.

Import checks, DuckDB tables, CSV templates and docs/data.md are generated from these `Field` rows.
"""

from planning.domain.demand_schema import DEFAULT_STAGES, DEMAND_TABLES
from planning.domain.export_schema import EXPORT_TABLES
from planning.domain.field import Field, Table
from planning.domain.network_schema import NETWORK_TABLES, SETTINGS

#: Input tables by name, in the order in which they are read and documented.
INPUT: dict[str, Table] = {table.name: table for table in (*NETWORK_TABLES, *DEMAND_TABLES)}

#: Export tables by name.
EXPORT: dict[str, Table] = {table.name: table for table in EXPORT_TABLES}

#: Files without which there is nothing to plan; of the last pair one is enough.
REQUIRED_FILES = ("orders", "routings", "factories", "offers")
REQUIRED_FLEET = ("contracts", "owned")

#: Tables a planner keeps by hand; what came in is uploaded, and mended where it came in.
BY_HAND = (*(table.name for table in NETWORK_TABLES), "stages", "campaigns", "overrides", "fx")

__all__ = [
    "BY_HAND",
    "DEFAULT_STAGES",
    "EXPORT",
    "INPUT",
    "REQUIRED_FILES",
    "REQUIRED_FLEET",
    "SETTINGS",
    "Field",
    "Table",
]
