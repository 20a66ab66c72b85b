"""Salesforce opportunities with their products: probabilities from 0 to 100, deleted ones still listed."""

import polars as pl

from planning.signals.sources.deals import Crm, deals_meaning
from planning.signals.sources.meaning import Meaning
from planning.signals.sources.settings import SourceSettings

SALESFORCE = Crm(
    "Salesforce opportunities",
    "Salesforce",
    percent=True,
    stages={
        "prospecting": ("lead", 0.1),
        "qualification": ("lead", 0.1),
        "needs analysis": ("qualified", 0.2),
        "value proposition": ("qualified", 0.5),
        "id. decision makers": ("qualified", 0.6),
        "perception analysis": ("qualified", 0.7),
        "proposal/price quote": ("quoted", 0.75),
        "negotiation/review": ("verbal", 0.9),
    },
)


def understand(rows: pl.DataFrame, settings: SourceSettings) -> Meaning:
    """What a report or export of opportunities with products means."""
    return deals_meaning(SALESFORCE, rows, settings)
