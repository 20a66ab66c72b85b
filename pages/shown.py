"""Which plan a page shows: the newest, or the version a planner opened, on every page until they go back."""

from dataclasses import dataclass, replace

import streamlit as st

from pages.address import forget_miss, miss
from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.present import version_tables
from planning.workflows.desk import Desk
from planning.workflows.jobs import JobView
from planning.workflows.opened import Opened

#: In the address: version=3.
VERSION = "version"
_STAYS = "opened-version"


@dataclass(frozen=True)
class Shown:
    """What a page is about.

    Parameters
    ----------
    plan, network : of the version shown; the newest plan and the data that hold where none was opened.
    ended : the work that had ended before any of it was read: what ends later may have changed it.
    opened : the version that was opened: it is read, and nothing is decided on it.
    """

    plan: Plan | None
    network: Network | None
    ended: tuple[JobView, ...]
    opened: Opened | None = None

    @property
    def reads_only(self) -> bool:
        """Whether an older version is read."""
        return self.opened is not None


def newest(desk: Desk) -> Shown:
    """The newest plan and the data that hold, for a page that shows no others."""
    ended = desk.board().ended
    return Shown(desk.plan(), desk.network(), ended)


def shown(desk: Desk) -> Shown:
    """The version this page is to show; it stays the same from page to page and stands in the address."""
    asked = st.query_params.get(VERSION) or st.session_state.get(_STAYS)
    now = newest(desk)
    if asked is None:
        return now
    number = str(asked).lower().removeprefix("v")
    if now.plan is not None and number == str(now.plan.summary["version"]):
        back()
        return now
    opened = desk.opened.version(int(number)) if number.isdecimal() else None
    if opened is None:
        back()
        there_is = None if now.plan is None else int(now.plan.summary["version"])
        miss(VERSION, version_tables.no_such_version(str(asked), there_is))
        return now
    open_version(int(number))
    return replace(now, plan=opened.plan, network=opened.network or now.network, opened=opened)


def open_version(number: int) -> None:
    """Have every page show this version from now on."""
    st.session_state[_STAYS] = str(number)
    if st.query_params.get(VERSION) != str(number):
        st.query_params[VERSION] = str(number)


def back() -> None:
    """Have every page show the newest plan again."""
    st.session_state.pop(_STAYS, None)
    st.query_params.pop(VERSION, None)
    forget_miss(VERSION)
