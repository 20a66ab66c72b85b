"""A planner's morning on the Today page, in a real browser on a real server."""

import re

from playwright.sync_api import Browser, expect

from tests.browser.conftest import PHONE, Server, Visit, watched


def test_a_decision_leads_to_its_page_narrowed_to_what_it_is_about(planned: Server, visit: Visit) -> None:
    page = visit.open(f"{planned.url}/today")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Today")
    expect(page.get_by_test_id("stBaseButton-primary")).to_have_count(1)
    rental = page.get_by_role("button", name="See rental").first
    rental.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/fleet\?.*factory=(Leeds|Porto)"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Fleet")
    expect(page.get_by_test_id("stMultiSelect").filter(has_text="Factory")).to_contain_text(
        re.compile("Leeds|Porto")
    )


def test_on_a_phone_decisions_come_first_and_nothing_scrolls_sideways(
    planned: Server, browser: Browser
) -> None:
    context = browser.new_context(viewport=PHONE, is_mobile=True, has_touch=True)
    try:
        visit = watched(context)
        page = visit.open(f"{planned.url}/today")
        main = page.get_by_test_id("stMain")
        assert main.evaluate("main => main.scrollWidth <= main.clientWidth")
        decisions = page.get_by_role("heading", name="Needs your decision").bounding_box()
        figures = page.get_by_test_id("stMetric").first.bounding_box()
        assert decisions is not None
        assert figures is not None
        assert decisions["y"] < figures["y"]
        assert (visit.console_errors, visit.outside_requests) == ([], [])
    finally:
        context.close()
