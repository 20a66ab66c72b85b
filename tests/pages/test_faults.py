"""What a planner is told when a page cannot be drawn."""

import logging
import re

import pytest
from streamlit.testing.v1 import AppTest


def unforeseen() -> None:
    from pages.faults import tell_fault

    assert tell_fault(ZeroDivisionError("division by zero"))


def foreseen() -> None:
    from pages.faults import tell_fault
    from planning.errors import NothingToPlanError

    assert tell_fault(NothingToPlanError("There is no plan v7. Reload the page."))


def test_a_fault_nobody_foresaw_is_a_sentence_with_its_id_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR, logger="takt.pages"):
        page = AppTest.from_function(unforeseen).run()
    told = page.error[0].value
    found = re.search(r"error id ([0-9a-f]{8})", told)
    assert found is not None
    assert "ZeroDivisionError" not in told
    assert "Traceback" not in told
    assert found.group(1) in caplog.text
    assert "ZeroDivisionError" in caplog.text


def test_what_a_planner_can_mend_is_told_as_it_is(caplog: pytest.LogCaptureFixture) -> None:
    page = AppTest.from_function(foreseen).run()
    assert page.error[0].value == "There is no plan v7. Reload the page."
    assert not [record for record in caplog.records if record.name == "takt.pages"]
