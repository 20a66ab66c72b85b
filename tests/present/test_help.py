"""What a page is for is said in words the glossary explains."""

import pytest

from planning.present.help import PAGES, glossary, page_help


@pytest.mark.parametrize("title", PAGES)
def test_every_term_a_page_names_is_explained_by_the_glossary(title: str) -> None:
    page = PAGES[title]
    assert set(page.terms) <= set(glossary())
    told = page_help(title)
    assert told.startswith(page.question)
    assert all(f"{glossary()[term].terms}**: {glossary()[term].meaning}" in told for term in page.terms)


def test_help_is_short_enough_to_read_at_a_glance() -> None:
    assert all(len(page.terms) <= 7 and len(page.question) <= 220 for page in PAGES.values())


def test_the_glossary_is_read_as_it_stands() -> None:
    entries = glossary()
    assert entries["order line"] == entries["order"]
    assert entries["notice by"].terms == "order by, notice by"
    assert entries["notice by"].meaning.startswith("the last day on which")
    assert entries["WAPE"].meaning == "Σ|error| / Σ demand"
    assert not {"term", "---"} & set(entries)
