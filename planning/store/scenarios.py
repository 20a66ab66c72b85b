"""Scenarios: what each changes in the network that holds, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

import polars as pl

from planning.domain.network import Network
from planning.domain.scenario import Change, as_json, from_json
from planning.errors import MeanwhileError, TaktError
from planning.signals import Folder
from planning.store import ledger
from planning.store.clock import loaded, utc_now
from planning.store.database import Session
from planning.store.runs import PlanVersion, load_plan, save_plan
from planning.store.uploads import UploadRecord, record_upload
from planning.store.versions import BASE, load_basis, take_step

Status = Literal["open", "promoted", "discarded"]

LONGEST_NAME = 60


class ScenarioError(TaktError):
    """A scenario cannot be made, changed or closed as asked."""


class ScenarioChangedError(ScenarioError, MeanwhileError):
    """Somebody else changed a scenario since a planner looked."""


@dataclass(frozen=True)
class Scenario:
    """A scenario.

    Parameters
    ----------
    name : what planners call it.
    created_at, actor : when it was made and by whom.
    status : open; promoted and discarded ones are kept for the record.
    revision : counts the changes saved.
    changes : in their order.
    """

    name: str
    created_at: datetime
    actor: str
    status: Status
    revision: int
    changes: tuple[Change, ...]


def make(session: Session, name: str, of: str, actor: str) -> None:
    """Duplicate the base or a scenario under another name: what differs is copied, never the network.

    Raises
    ------
    ScenarioError
        The name is taken, empty or too long; or there is no scenario `of`.
    """
    name = name.strip()
    if not 0 < len(name) <= LONGEST_NAME:
        raise ScenarioError(f"Give the scenario a name of at most {LONGEST_NAME} letters.")
    if name.lower() in {known.lower() for known in session.read("scenarios")["scenario"]} | {BASE}:
        raise ScenarioError(f"There is, or was, a scenario called {name}: give this one another name.")
    revision = 0 if of == BASE else find(session, of).revision
    session.write("make_scenario", scenario=name, created_at=utc_now())
    session.write("state_scenario", scenario=name, actor=actor, status="open", revision=revision)
    session.write("copy_changes", scenario=name, of=of)
    ledger.note(session, "scenario made", actor, {"scenario": name, "of": of})


def change(session: Session, name: str, changes: Sequence[Change], on: int, actor: str) -> None:
    """Let a scenario say these changes and no others.

    Parameters
    ----------
    on : the revision they were typed on.

    Raises
    ------
    ScenarioError
        It is closed, or somebody else changed it meanwhile.
    """
    now = _open(session, name)
    if now.revision != on:
        raise ScenarioChangedError(
            f"{last_actor(session, name)} changed the scenario {name} since you opened it, so nothing was "
            "saved. What you typed is still here: look at the changes as they are now, and save again."
        )
    session.write("drop_changes", scenario=name)
    told = [as_json(one) for one in changes]
    rows = {"scenario": [name] * len(told), "place": range(len(told)), "change": told}
    session.append("plan", "scenario_change", pl.DataFrame(rows, schema_overrides={"change": pl.String}))
    session.write("revise_scenario", scenario=name)
    ledger.note(session, "scenario changed", actor, {"scenario": name, "changes": told})


def discard(session: Session, name: str, on: int, actor: str) -> None:
    """Put a scenario away.

    Parameters
    ----------
    on : the revision whose changes the planner saw.

    Raises
    ------
    ScenarioError
        It is closed already, or somebody changed it since.
    """
    if _open(session, name).revision != on:
        raise ScenarioChangedError(
            f"{last_actor(session, name)} changed the scenario {name} since you opened it, so it was not "
            "discarded. Look at its changes as they are now; if it is still to go, discard it again."
        )
    close(session, name, "discarded", actor)


def last_actor(session: Session, name: str) -> str:
    """Who changed a scenario last."""
    found = session.read("scenario_words", scenario=name)
    return "Somebody" if found.is_empty() else str(found["actor"][0])


@dataclass(frozen=True)
class Promotion:
    """What is to hold once a scenario is promoted.

    Parameters
    ----------
    scenario, version : whose plan becomes the proposal.
    folder, network : the files that hold, joined by what the scenario changes, and what `validate` made of
        them: what the plan was made from.
    upload : what each changed file does.
    on : the import they were joined on.
    """

    scenario: str
    version: int
    folder: Folder
    network: Network
    upload: UploadRecord
    on: int


def promote(session: Session, promotion: Promotion, reason: str, actor: str) -> PlanVersion:
    """Import what a scenario changes, and store its plan as the next version, proposed.

    Raises
    ------
    ScenarioError
        It is closed, or its plan was made from other data than would hold.
    ChangedMeanwhileError
        Another import holds by now.
    OutOfTurnError
        Nobody says why.
    """
    _open(session, promotion.scenario)
    plan, basis = load_plan(session, promotion.version), load_basis(session, promotion.version)
    made_from = None if plan is None else plan.summary["input_hash"]
    if plan is None or basis is None or made_from != promotion.network.input_hash:
        raise ScenarioError(
            f"The data or the scenario {promotion.scenario} changed since its plan was made: solve it again, "
            "then promote it."
        )
    if basis.differences:
        receipt = record_upload(
            session, promotion.folder, promotion.network, promotion.upload, promotion.on, actor
        )
        basis = replace(basis, batch=receipt.batch, differences={})
    if basis.forecast is not None:
        session.write("forecast_is_bases", forecast=basis.forecast)
    saved = save_plan(session, plan, made_from, BASE, actor, replace(basis, revision=None))
    close(session, promotion.scenario, "promoted", actor, version=saved.version)
    take_step(session, saved.version, "proposed", actor, reason)
    return saved


def close(
    session: Session, name: str, status: Literal["promoted", "discarded"], actor: str, **told: int
) -> None:
    """Promote or discard a scenario; its plans stay.

    Parameters
    ----------
    told : what else the ledger is to keep.

    Raises
    ------
    ScenarioError
        It is closed already.
    """
    now = _open(session, name)
    session.write("state_scenario", scenario=name, actor=now.actor, status=status, revision=now.revision)
    kind: ledger.Kind = "scenario promoted" if status == "promoted" else "scenario discarded"
    ledger.note(session, kind, actor, {"scenario": name} | told)


def find(session: Session, name: str) -> Scenario:
    """A scenario by its name.

    Raises
    ------
    ScenarioError
        There is none.
    """
    found = [one for one in every(session) if one.name == name]
    if not found:
        raise ScenarioError(f"There is no scenario called {name}.")
    return found[0]


def every(session: Session) -> list[Scenario]:
    """Every scenario, the newest first."""
    said: dict[str, list[Change]] = {}
    for name, text in session.read("scenario_changes").iter_rows():
        said.setdefault(name, []).append(from_json(text))
    return [
        Scenario(
            row["scenario"],
            loaded(row["created_at"]),
            row["actor"],
            row["status"],
            row["revision"],
            tuple(said.get(row["scenario"], ())),
        )
        for row in session.read("scenarios").iter_rows(named=True)
    ]


def _open(session: Session, name: str) -> Scenario:
    now = find(session, name)
    if now.status != "open":
        raise ScenarioError(f"The scenario {name} was {now.status} meanwhile: it stays as it was.")
    return now
