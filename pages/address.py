"""What a page's address asks for: ids work like names, and what is not there is told, never passed over."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from pages.places import go
from planning.present.words import not_there

_MISSES = "not-there"


def ask(
    name: str, labels: Mapping[Any, str], *, several: bool = True, to_show: str = "", called: str = ""
) -> None:
    """Take what the address asks for under `name`, before the widget that is bound to it.

    Streamlit knows the labels of options only and drops everything else without a word.

    Parameters
    ----------
    labels : what there is: id → how it is called.
    several : the widget holds a list.
    to_show : what is shown instead of what is not there, in words; empty says nothing of it.
    called : what it is in words, where that is not `name`.
    """
    asked = [text for text in st.query_params.get_all(name) if text]
    if not asked or set(labels.values()).issuperset(asked):
        return
    known = {str(id): id for id in labels} | {label: id for id, label in labels.items()}
    found = [known[text] for text in asked if text in known]
    missing = [text for text in asked if text not in known]
    if missing:
        miss(name, not_there(called or name, missing, known, to_show if not found else ""))
    if found and _page():
        # Once more with the names in the address: a link copied from it shows the same.
        others = {other: st.query_params.get_all(other) for other in st.query_params if other != name}
        go(_page(), **others, **{name: [labels[id] for id in found]})
    elif found:
        st.session_state[name] = found if several else found[0]


def miss(name: str, sentence: str) -> None:
    """Have it told on this page that the address asks for something that is not there."""
    st.session_state.setdefault(_MISSES, {})[_place(name)] = sentence


def forget_miss(name: str) -> None:
    """Somebody chose something else."""
    st.session_state.get(_MISSES, {}).pop(_place(name), None)


def tell_misses(*names: str) -> None:
    """Say what the address asked for under these names and is not there."""
    told = st.session_state.get(_MISSES, {})
    for name in names:
        if _place(name) in told:
            st.warning(told[_place(name)], icon=":material/search_off:")


def _place(name: str) -> tuple[str, str]:
    """Another page's address is another matter."""
    return _page(), name


def _page() -> str:
    """Where the page stands in the app's addresses; empty for one that is drawn by itself."""
    return str(st.context.url or "").partition("?")[0].rstrip("/").rpartition("/")[2]
