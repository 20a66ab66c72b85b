"""A dropped file on its way into the network that holds."""

from dataclasses import dataclass

from planning.signals.reading.profile import Profile
from planning.signals.sources.handover import Handover
from planning.signals.update import Mode
from planning.store.read_files import ReadFile
from planning.workflows.source_files import Understood
from planning.workflows.upload_origin import Origin


@dataclass(frozen=True)
class Incoming:
    """An uploaded file.

    Parameters
    ----------
    name, data : the file; of another system's file what it says, as CSV of our contract.
    table : what a planner says it is; None leaves it to its name and header.
    mode : update, or replace all rows.
    origin : the way back to the other system's file; None where it is in our form itself.
    profile : how that file was read.
    meant : what its rows mean, where it is of a source Takt knows; then `data` is that file itself.
    handover : the table of such a file that `data` is of.
    read : another system's file itself, to be read again when its rows are mended.
    """

    name: str
    data: bytes
    table: str | None = None
    mode: Mode = "update"
    origin: Origin | None = None
    profile: Profile | None = None
    meant: Understood | None = None
    handover: Handover | None = None
    read: ReadFile | None = None

    @property
    def is_ours(self) -> bool:
        """Whether it is in the form of our contract itself."""
        return self.origin is None and self.meant is None
