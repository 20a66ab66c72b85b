"""Following a thread, in a real browser: from an order on the Plan page to its work and back."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Server, Visit, press


def test_from_an_order_to_its_work_and_back(planned: Server, visit: Visit) -> None:
    page = visit.open(f"{planned.url}/thread?id=SO-3")
    expect(page.get_by_role("heading", name="Order SO-3")).to_be_visible()
    expect(page.get_by_text(re.compile(r"^140 ordered = "))).to_be_visible()
    expect(page.get_by_role("heading", name="Where it comes from")).to_be_visible()
    expect(page.get_by_role("heading", name="Where it goes")).to_be_visible()

    box = page.get_by_role("textbox", name="Any id")
    box.fill("SO-33")
    box.press("Enter")
    page.wait_for_url(re.compile(r"id=SO-33"))
    near = page.get_by_role("button", name="order SO-3", exact=True)
    press(near)
    expect(page.get_by_role("heading", name="Order SO-3")).to_be_visible()
    page.wait_for_url(re.compile(r"id=order"))
    visit.settle()

    press(page.get_by_role("button", name="See schedule"))
    page.wait_for_url(re.compile(r"/schedule\?"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Schedule")
    visit.settle()

    page = visit.open(f"{planned.url}/thread")
    press(page.get_by_role("button", name="Check the log"))
    expect(page.get_by_text(re.compile("The ledger is what was written"))).to_be_visible()
