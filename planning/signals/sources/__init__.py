"""What the exports of shops, CRMs and marketing mean, row by row."""

from planning.signals.sources.catalogue import SOURCES, meaning_of
from planning.signals.sources.handover import Handover, handed_over, said_anew
from planning.signals.sources.meaning import Meaning, Source
from planning.signals.sources.settings import SourceSettings

__all__ = [
    "SOURCES",
    "Handover",
    "Meaning",
    "Source",
    "SourceSettings",
    "handed_over",
    "meaning_of",
    "said_anew",
]
