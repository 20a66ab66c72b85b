"""Import a network folder: a verb of its own, so that it need not wait for what plans."""

from datetime import date
from pathlib import Path

from planning.signals.folder import read_contents
from planning.signals.long_folder import LONG
from planning.store import ImportReceipt, Workspace


def import_folder(workspace: Workspace, network_folder: Path, today: date) -> ImportReceipt:
    """Import a network folder in one transaction; the same content again changes nothing."""
    return workspace.record_folder(network_folder.resolve().name, read_contents(network_folder, LONG), today)
