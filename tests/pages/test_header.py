"""The head of a page: what it is for, which plan and data it shows."""

from streamlit.testing.v1 import AppTest

from planning.present.help import PAGES, page_help
from planning.workflows.desk import serving
from tests.builders.desk import StandInDesk, visit
from tests.builders.plans import a_network, a_plan


def titles() -> None:
    import streamlit as st

    from pages.places import places

    st.write(",".join(page.title for section in places().values() for page in section))


def test_every_page_there_is_has_help_and_no_other() -> None:
    assert set(AppTest.from_function(titles).run().markdown[0].value.split(",")) == set(PAGES)


def test_a_page_says_what_it_is_for_beside_its_title() -> None:
    with serving(StandInDesk()):
        for title in PAGES:
            drawn = visit(title.lower()).title[0]
            assert (drawn.value, drawn.help) == (title, page_help(title))


def test_a_quick_plan_says_around_which_version_it_was_made() -> None:
    around = {"version": 2, "products": ["0001"], "robots": [], "gap": 0.004}
    with serving(StandInDesk(shown=a_plan(3, around=around), held=a_network())):
        page = visit("plan")
    assert any("Plan v3" in one.value and "around v2" in one.value for one in page.markdown)
    assert any(
        "1 product and the robots they are made on were decided again" in one.value for one in page.markdown
    )
