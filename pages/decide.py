"""Part of the Today page: a decision opened, to be accepted, given to somebody, or put off."""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta

import streamlit as st

from pages.places import go
from pages.scenario_actions import attempt
from pages.shown import Shown
from planning.domain.network import Network
from planning.domain.plan import Plan
from planning.present import decide_words, words
from planning.present.action import Action, narrowed_to
from planning.workflows.accepting import accept, way_to_accept
from planning.workflows.desk import Desk

_OPEN, _SEEN = "deciding", "deciding-seen"


def ask_to_decide(key: str) -> None:
    """Have the decision of this key opened, for as long as it is there and nobody closes it."""
    st.session_state[_OPEN] = key
    st.session_state.pop(_SEEN, None)


def decide_what_was_asked(
    desk: Desk, actions: Iterable[Action], about: Shown, assigned: Mapping[str, str]
) -> None:
    """Open the decision asked for; it stays open when the page is drawn again, with what was typed."""
    key = st.session_state.get(_OPEN)
    action = next((action for action in actions if action.key == key), None)
    if action is None or about.reads_only:
        _close()
        return
    # What was said of it when it was opened; what is said after that is not overruled unseen.
    st.session_state.setdefault(_SEEN, desk.deciding.last_word(action.key))
    _decide(desk, action, about.plan, about.network, assigned)


def _close() -> None:
    st.session_state.pop(_OPEN, None)


def _done() -> None:
    _close()
    st.rerun()


@st.dialog("Decide", width="medium", on_dismiss=_close)
def _decide(
    desk: Desk, action: Action, plan: Plan | None, network: Network | None, assigned: Mapping[str, str]
) -> None:
    """What can be done about a decision; what is refused is told here, and nothing typed is lost."""
    st.markdown(f"**{words.plain(action.what)}**")
    st.caption(words.plain(f"{action.cause[:1].upper()}{action.cause[1:]}. {action.traced}"))
    st.write(words.plain(f"If nothing is done: {action.inaction}."))
    _accept(desk, action, plan, network)
    st.divider()
    _assign(desk, action, assigned)
    st.divider()
    _put_off(desk, action)


def _accept(desk: Desk, action: Action, plan: Plan | None, network: Network | None) -> None:
    way = way_to_accept(desk, action, plan)
    st.caption(decide_words.what_accepting_does(action, way))
    if way == "page":
        if st.button(action.verb, type="primary", icon=":material/open_in_new:", key="decide-open"):
            _close()
            go(action.address, **narrowed_to(action, plan, network))
        return
    if way == "not approved":
        if st.button("See plan", icon=":material/open_in_new:", key="decide-plan"):
            _close()
            go("plan")
        return
    why = st.text_input(decide_words.ASK_WHY, key=f"decide-why-{action.key}") if way == "step" else ""
    label = decide_words.label(action, way)
    if st.button(label, type="primary", icon=":material/check:", key="decide-accept") and attempt(
        lambda: accept(desk, action, plan, why)
    ):
        _done()


def _assign(desk: Desk, action: Action, assigned: Mapping[str, str]) -> None:
    now = assigned.get(action.key)
    people = sorted({desk.deciding.planner, *assigned.values()})
    with st.container(horizontal=True, vertical_alignment="bottom"):
        to = st.selectbox(
            "Give it to",
            people,
            index=None if now is None else people.index(now),
            key=f"decide-to-{action.key}",
            placeholder="Choose, or type a name",
            accept_new_options=True,
        )
        pressed = st.button(
            "Assign", icon=":material/person:", key="decide-assign", disabled=not to or to == now
        )
        if pressed and _said(
            desk, action, lambda seen: desk.deciding.assign(action.key, action.what, to or "", seen)
        ):
            _done()
        taken_back = now is not None and st.button(
            "Take back", icon=":material/person_off:", key="decide-nobody"
        )
        if taken_back and _said(
            desk, action, lambda seen: desk.deciding.assign(action.key, action.what, "", seen)
        ):
            _done()


def _put_off(desk: Desk, action: Action) -> None:
    tomorrow = desk.today() + timedelta(days=1)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        until = st.date_input(
            "Put off until", value=tomorrow, min_value=tomorrow, key=f"decide-until-{action.key}", width=160
        )
        why = st.text_input("Why put it off", key=f"decide-later-{action.key}")
        pressed = st.button("Put it off", icon=":material/snooze:", key="decide-put-off")
    if until > action.deadline:
        st.warning(
            f"It has to be decided by {words.day(action.deadline)}. If nothing is done: "
            f"{words.plain(action.inaction)}.",
            icon=":material/warning:",
        )
    if pressed and _said(desk, action, lambda seen: desk.deciding.put_off(action.key, until, why, seen)):
        _done()


def _said(desk: Desk, action: Action, say: Callable[[int], object]) -> bool:
    """Say it on what was seen; who is refused has seen it then, and may press again."""
    if attempt(lambda: say(st.session_state[_SEEN])):
        return True
    st.session_state[_SEEN] = desk.deciding.last_word(action.key)
    return False
