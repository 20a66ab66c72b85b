"""Salesforce opportunities with their products: probabilities from 0 to 100, deleted ones still listed."""

import polars as pl

from planning.signals.sources.deals import Crm, deals_meaning
from planning.signals.sources.meaning import Meaning, Ruling, contract_rows, fates, judged, repeated
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


def items_alone(rows: pl.DataFrame, _settings: SourceSettings) -> Meaning:
    """What line items mean without their opportunities, which say how sure they are and when: nothing yet."""
    alone = Ruling(
        "kept aside",
        pl.lit(True),
        "stands without its opportunity",
        "Drop the export of the opportunities together with it.",
        "deal",
    )
    told = judged(rows, [repeated(), alone], "")
    none = contract_rows("opportunities", rows.clear(), opportunity_id="deal", product="product")
    return Meaning("Salesforce line items", fates(told), {"opportunities": none})
