"""Today."""

from pages.empty import tell_nothing_yet
from pages.header import head
from planning.workflows.desk import the_desk


def show() -> None:
    """Draw the page."""
    desk = the_desk()
    with head(desk, "Today"):
        pass
    tell_nothing_yet(desk.plan(), desk.network())
