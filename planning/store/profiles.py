"""Profiles: how the files of each source are read, as a planner confirmed it last."""

from typing import TYPE_CHECKING

import polars as pl

from planning.store import ledger
from planning.store.clock import utc_now
from planning.store.database import Session

if TYPE_CHECKING:
    from planning.signals.reading.profile import Profile


def save(session: Session, profile: "Profile", actor: str) -> None:
    """Keep a profile in place of the one of that name; the same said again changes nothing."""
    from planning.signals.reading.profile import read_profile

    content = profile.as_json()
    known = session.read("profiles").filter(pl.col("profile") == profile.name)
    if not known.is_empty() and read_profile(profile.name, known["content"][0]).as_json() == content:
        return
    session.write(
        "save_profile",
        profile=profile.name,
        saved_at=utc_now(),
        content=content,
    )
    ledger.note(session, "profile saved", actor, {"profile": profile.name, "table": profile.table})


def all_profiles(session: Session) -> "list[Profile]":
    """Every profile, the one saved last first."""
    # What reads files of other systems is loaded late: most commands never see one.
    from planning.signals.reading.profile import read_profile

    rows = session.read("profiles").select("profile", "content").iter_rows()
    return [read_profile(name, content) for name, content in rows]
