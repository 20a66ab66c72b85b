"""Versions of the plan: what each was made from, and how far it has come from draft to published."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import polars as pl

from planning.domain.network import Network
from planning.errors import MeanwhileError, NothingToPlanError, TaktError
from planning.signals import Folder
from planning.store import ledger
from planning.store.database import Session
from planning.store.imports import ImportReceipt
from planning.store.networks import network_hash
from planning.store.uploads import ChangedMeanwhileError, UploadRecord, record_upload

Step = Literal["proposed", "approved", "published"]

BASE = "base"
DRAFT, REPLACED = "draft", "replaced"

#: What a plan has to be before it can take a step; a plan that was replaced may be published again.
BEFORE: dict[Step, tuple[str, ...]] = {
    "proposed": (DRAFT,),
    "approved": ("proposed",),
    "published": ("approved", REPLACED),
}
_KINDS: dict[Step, ledger.Kind] = {
    "proposed": "plan proposed",
    "approved": "plan approved",
    "published": "plan published",
}
_VERBS: dict[Step, str] = {"proposed": "propose", "approved": "approve", "published": "publish"}


class OutOfTurnError(TaktError):
    """A plan cannot take this step now, most often because somebody took it meanwhile."""


class PublishedMeanwhileError(OutOfTurnError, MeanwhileError):
    """Somebody published another plan since a planner looked."""


@dataclass(frozen=True)
class Basis:
    """What a plan was made from, so that it can be made again, and where a plan around it begins.

    Parameters
    ----------
    batch : the import.
    today : the day it was, by which settings without as_of go.
    code_version : of Takt.
    threads, solver : as it was asked for; gap and time limit are settings of the network.
    forecast : number of the forecast of Takt's own it rests on; None where the network brings one.
    published : version that was published then; None where none was.
    revision : of the scenario it is of; None for a plan of the base.
    differences : table → CSV: what a scenario changed in the import; empty for a plan of the network itself.
    corner : where the relaxation of the plan ended; None where that is not known.
    """

    batch: int
    today: date
    code_version: str
    threads: int = 1
    solver: str = "HiGHS"
    forecast: int | None = None
    published: int | None = None
    revision: int | None = None
    differences: Mapping[str, bytes] = field(default_factory=dict)
    corner: bytes | None = None


def save_basis(session: Session, run: int, basis: Basis) -> None:
    """Keep what a run was made from."""
    session.write(
        "save_basis",
        run=run,
        batch=basis.batch,
        forecast=basis.forecast,
        published=basis.published,
        today=basis.today,
        threads=basis.threads,
        solver=basis.solver,
        code_version=basis.code_version,
        revision=basis.revision,
        corner=basis.corner,
    )
    files = {
        "run": [run] * len(basis.differences),
        "place": range(len(basis.differences)),
        "table": list(basis.differences),
        "data": [zlib.compress(data) for data in basis.differences.values()],
    }
    session.append("plan", "basis_file", pl.DataFrame(files, schema_overrides={"data": pl.Binary}))


def load_basis(session: Session, version: int) -> Basis | None:
    """What a version was made from; None where it is from before that was kept."""
    found = session.read("basis", version=version)
    if found.is_empty():
        return None
    files = session.read("basis_files", version=version).iter_rows()
    told = found.drop("run").row(0, named=True)
    return Basis(**told, differences={table: zlib.decompress(data) for table, data in files})


def steps(session: Session) -> pl.DataFrame:
    """Every step of every version, the earliest first: version, step, happened_at (UTC), actor, reason, seq.

    The first step of each is that it was saved. The steps stand in the ledger and nowhere else.
    """
    return session.read("plan_steps")


def standing(session: Session) -> pl.DataFrame:
    """How far each version has come: version, status, happened_at (UTC), actor, reason.

    The status is draft, proposed, approved, published, or replaced (it was published until another was).
    """
    last = steps(session).group_by("version", maintain_order=True).last()
    newest = last.filter(pl.col("step") == "published")["seq"].max()
    status = (
        pl.when(pl.col("step") == "saved")
        .then(pl.lit(DRAFT))
        .when((pl.col("step") == "published") & pl.col("seq").ne_missing(pl.lit(newest)))
        .then(pl.lit(REPLACED))
        .otherwise("step")
    )
    return last.select("version", "happened_at", "actor", "reason", status=status)


def published_version(session: Session) -> int | None:
    """The version that is published; None where none is."""
    found = standing(session).filter(pl.col("status") == "published")["version"]
    return None if found.is_empty() else int(found[0])


def take_step(  # noqa: PLR0917 - which plan, what of it, who, why, and what they saw
    session: Session, version: int, step: Step, actor: str, reason: str, seen: int | None = None
) -> None:
    """Propose, approve or publish a version.

    Parameters
    ----------
    seen : how many publications there were when the planner looked; not asked where None.

    Raises
    ------
    NothingToPlanError
        There is no such version.
    OutOfTurnError
        It is a scenario's, it is not its turn, nobody says why, or another plan was published since.
    """
    plans = session.read("plans", scenario=None).filter(pl.col("version") == version)
    if plans.is_empty():
        raise NothingToPlanError(f"There is no plan v{version}.")
    if plans["scenario"][0] != BASE:
        raise OutOfTurnError(
            f"Plan v{version} is of the scenario {plans['scenario'][0]}: promote that first, then "
            f"{_VERBS[step]} what becomes of it."
        )
    now = standing(session).filter(pl.col("version") == version).row(0, named=True)
    if now["status"] not in BEFORE[step]:
        raise OutOfTurnError(
            f"Plan v{version} cannot be {step} now: it is {now['status']}, last by {now['actor']}. "
            f"That takes a plan that is {' or '.join(BEFORE[step])}."
        )
    if not reason.strip():
        raise OutOfTurnError(f"Say why plan v{version} is {step}: whoever asks later finds it in the ledger.")
    published = session.read("publications")
    if step == "published" and seen is not None and published.height > seen:
        other = published.row(0, named=True)
        raise PublishedMeanwhileError(
            f"{other['actor']} published plan v{other['version']} since you looked ({other['reason']}), so "
            f"plan v{version} was not published. Look at that plan; if yours is still to take its place, "
            "publish again."
        )
    ledger.note(session, _KINDS[step], actor, {"version": version, "reason": reason.strip()})


def order_rentals(  # noqa: PLR0917 - which plan, what comes in, what it was previewed on, and who
    session: Session,
    version: int,
    folder: Folder,
    network: Network,
    upload: UploadRecord,
    on: int | None,
    actor: str,
) -> ImportReceipt:
    """Import the contracts of rentals that a version asks for; undone like any import.

    Raises
    ------
    OutOfTurnError
        The version is not approved yet.
    ChangedMeanwhileError
        Another import holds by now than `on`.
    """
    now = standing(session).filter(pl.col("version") == version)["status"].to_list()
    if not set(now) & {"approved", "published"}:
        raise OutOfTurnError(f"Plan v{version} is not approved: approve it, then its rentals.")
    before = network_hash(session)
    receipt = record_upload(session, folder, network, upload, on, actor)
    told = {"version": version, "batch": receipt.batch, "before": before, "after": network.input_hash}
    ledger.note(session, "rentals ordered", actor, told)
    return receipt


def roll_week(  # noqa: PLR0917 - which plan and week, what comes in, what it was previewed on, and who
    session: Session,
    version: int,
    week: date,
    folder: Folder,
    network: Network,
    upload: UploadRecord,
    on: int | None,
    actor: str,
) -> ImportReceipt:
    """Import what a week became that was worked to a version; undone like any import.

    Raises
    ------
    ChangedMeanwhileError
        Another import holds by now than `on`, or another plan is published than `version`.
    """
    if published_version(session) != version:
        raise ChangedMeanwhileError(
            "Another plan was published since you looked, so the week was not rolled. Below it is compared "
            "with the plan that is published now: check it and roll again."
        )
    receipt = record_upload(session, folder, network, upload, on, actor)
    told = {"version": version, "week": week.isoformat(), "batch": receipt.batch}
    ledger.note(session, "week rolled", actor, told)
    return receipt


def says_itself(session: Session, version: int, made_from: str, holds: str) -> bool:
    """Whether the data changed only by rentals this very version asked for.

    Parameters
    ----------
    made_from, holds : `input_hash` of the network it was made from, and of the one that holds.
    """
    rows = session.read("ordered_rentals").filter(pl.col("version") == version)
    known = {made_from}
    for before, after in rows.select("before_hash", "after_hash").iter_rows():
        if before in known:
            known.add(after)
    return holds in known
