"""One file into the workspace from the command line: ours as it is, another system's by its profile."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from planning.errors import Fault, InputError
from planning.signals.reading.profile import Profile, read_profile
from planning.signals.reading.proposal import Proposal
from planning.signals.row_sum import RowSum
from planning.signals.update import Mode
from planning.store import ImportReceipt, Workspace
from planning.workflows.incoming import Incoming
from planning.workflows.source_files import Understood
from planning.workflows.uploads import Uploads


@dataclass(frozen=True)
class FileImport:
    """What became of a file.

    Parameters
    ----------
    receipt : of the network it joined.
    sum : what became of its rows.
    files : what it did to each table its rows are of.
    aside : its rows kept aside.
    """

    receipt: ImportReceipt
    sum: RowSum
    files: pl.DataFrame
    aside: pl.DataFrame


def import_file(
    workspace: Workspace, file: Path, today: date, profile: str | None = None, mode: Mode = "update"
) -> FileImport:
    """Let a file join the network that holds, in one transaction.

    Parameters
    ----------
    profile : name of a profile of the workspace, or a file of one (.json); None where the file is in our
        form, its headings are those of a source that is known, or nothing of it can be read two ways.
    mode : update, or replace all rows.

    Raises
    ------
    InputError
        It cannot be read, something of it has to be said first, or nothing of it can load.
    """
    uploads = Uploads(workspace, lambda: today)
    data = _content(file)
    preview = uploads.preview([_incoming(uploads, file, data, profile, mode)])
    if preview.faults:
        raise InputError(preview.faults)
    files = preview.record.files.filter(pl.col("file") == file.name)
    return FileImport(uploads.load(preview), preview.sums[0], files, preview.aside)


def proposed_profile(workspace: Workspace, file: Path, today: date, profile: str | None = None) -> Profile:
    """What a file is taken for, as a profile to be completed; raises InputError where it cannot be read."""
    uploads = Uploads(workspace, lambda: today)
    data, draft = _content(file), _draft(uploads, profile)
    taken = uploads.understood(file.name, data, draft) or uploads.read(file.name, data, draft)
    return taken.profile


def _incoming(uploads: Uploads, file: Path, data: bytes, profile: str | None, mode: Mode) -> Incoming:
    ours = uploads.in_our_form(file.name, data)
    if ours is not None and profile is None:
        return Incoming(file.name, ours, None, mode)
    draft = _draft(uploads, profile)
    understood = uploads.understood(file.name, data, draft)
    if understood is not None:
        if not understood.is_settled:
            raise InputError(_unsaid(file.name, understood))
        return uploads.incoming(file.name, data, understood)
    proposal = uploads.read(file.name, data, draft)
    if not proposal.is_settled:
        raise InputError(_left_open(file.name, proposal))
    return uploads.incoming(file.name, data, proposal, mode)


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise InputError(
            [Fault(str(file), f"cannot be read: {error.strerror}", "Check its name and permissions.")]
        ) from error


def _draft(uploads: Uploads, profile: str | None) -> Profile:
    if profile is None:
        return Profile()
    if profile.endswith(".json"):
        return read_profile(profile, _content(Path(profile)).decode("utf-8-sig", errors="replace"))
    known = uploads.profiles()
    for one in known:
        if one.name == profile:
            return one
    names = ", ".join(one.name for one in known) or "none yet"
    raise InputError([Fault(profile, "there is no profile of this name", f"Those there are: {names}.")])


def _unsaid(file: str, understood: Understood) -> list[Fault]:
    """What has to be said of a source before its file can be read."""
    faults = []
    if understood.asked.days is not None:
        reason = f"{understood.asked.days} could be two days: the file does not show which comes first"
        remedy = 'Say it in a profile, as date_order of its answers: "day first" or "month first".'
        faults.append(Fault(file, reason, remedy))
    if understood.asked.market:
        faults.append(Fault(file, "no row says a market", "Say it in a profile, as market of its answers."))
    return faults


def _left_open(file: str, proposal: Proposal) -> list[Fault]:
    """What has to be said before the file can be read."""
    if proposal.table is None:
        reason = "neither its name nor its columns say what it holds"
        return [Fault(file, reason, "Say it in a profile: --write-profile FILE.json has one to complete.")]
    asked = [
        Fault(
            file,
            question.words.rstrip("?."),
            "Say it in a profile, as its form: "
            + "; ".join(f"{c} ({w})" for c, w in question.choices.items())
            + ".",
            column=question.column,
        )
        for question in proposal.questions
    ]
    needed = [
        Fault(
            file,
            "no column is taken for it, and it has to be given",
            "Name its heading, or a constant, in a profile.",
            column=column,
        )
        for column in proposal.missing
    ]
    return asked + needed
