"""Files become demand and master data: read as text, typed, checked; what cannot load is kept aside."""

from planning.signals.folder import Folder, read_folder
from planning.signals.source import SourceFile
from planning.signals.validate import counts, validate

__all__ = ["Folder", "SourceFile", "counts", "read_folder", "validate"]
