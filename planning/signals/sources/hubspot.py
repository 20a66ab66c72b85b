"""HubSpot deals: everything a string, probabilities from 0 to 1, days as ISO or milliseconds."""

import polars as pl

from planning.signals.sources.deals import Crm, deals_meaning
from planning.signals.sources.meaning import Meaning
from planning.signals.sources.settings import SourceSettings

#: The usual sales pipeline, by internal name and by label.
_STAGES = {
    ("appointmentscheduled", "appointment scheduled"): ("lead", 0.2),
    ("qualifiedtobuy", "qualified to buy"): ("qualified", 0.4),
    ("presentationscheduled", "presentation scheduled"): ("qualified", 0.6),
    ("decisionmakerboughtin", "decision maker bought-in"): ("quoted", 0.8),
    ("contractsent", "contract sent"): ("verbal", 0.9),
}
HUBSPOT = Crm(
    "HubSpot deals",
    "HubSpot",
    percent=False,
    stages={name: meant for names, meant in _STAGES.items() for name in names},
)


def understand(rows: pl.DataFrame, settings: SourceSettings) -> Meaning:
    """What a deals export with line items means."""
    return deals_meaning(HUBSPOT, rows, settings)
