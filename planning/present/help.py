"""What a page is for and what its words mean; the meanings are the glossary's, read where it stands."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

GLOSSARY = Path(__file__).resolve().parents[2] / "docs" / "glossary.md"


@dataclass(frozen=True)
class Entry:
    """A row of the glossary: the terms it explains, and what is meant by them as Markdown."""

    terms: str
    meaning: str


@dataclass(frozen=True)
class PageHelp:
    """A page's question with what can be done about it, and the terms it is read with."""

    question: str
    terms: tuple[str, ...]


#: By the title of the page.
PAGES = {
    "Today": PageHelp(
        "**What needs my decision?** At most seven actions, the most pressing first, each with its money and "
        "its deadline, and what happens if nobody acts.",
        ("order by", "notice", "late", "refused", "stale", "kept aside"),
    ),
    "Signals": PageHelp(
        "**What came in, and can I trust it?** An upload shows what will load, what will not and why, before "
        "anything changes; every import can be undone.",
        ("signal", "opportunity", "ladder", "win rate", "kept aside"),
    ),
    "Forecast": PageHelp(
        "**What will be confirmed, and how sure is that?** The band holds demand eight times in ten; the "
        "method is shown beside the forecast everybody has, also where it is no better.",
        ("forecast", "p10", "seasonal naive", "WAPE", "bias", "netting", "override"),
    ),
    "Plan": PageHelp(
        "**What do we make where, and what does it cost?** Pick a week and a factory to see its products and "
        "orders; late and refused orders stand with their cause.",
        ("confirmed", "expected", "late", "refused", "fill rate", "gap", "relaxed"),
    ),
    "Fleet": PageHelp(
        "**What to rent, keep and return, and by when?** Robots needed beside robots there are, by week and "
        "factory, and each rent with the day by which it has to be decided.",
        ("on rent", "minimum term", "notice", "renewal", "commitment rule", "needed"),
    ),
    "Schedule": PageHelp(
        "**What runs when, on which robot?** Work orders inside the shifts of each factory, those with late "
        "orders first, and what runs while nobody is there.",
        ("work order", "set-up", "attended", "lights-out", "firm zone", "late"),
    ),
    "Scenarios": PageHelp(
        "**What if?** Duplicate the plan, say what would be different, solve it and compare up to four plans "
        "side by side; nothing you try changes the plan until it is promoted.",
        ("scenario", "promote", "gap", "within the gap", "published plan"),
    ),
    "Thread": PageHelp(
        "**Where does this come from and go to?** From any id, what came before it and what "
        "follows from it, with dates, units, money, the file it came in with, and who decided.",
        ("signal", "opportunity", "order line", "work order", "ledger"),
    ),
    "Settings": PageHelp(
        "**Is the master data right?** Tables and policy to edit by hand, with every change shown before it "
        "counts; backups, and everything to take away.",
        ("master data", "policy", "kept aside", "ledger", "backup"),
    ),
}


def page_help(title: str) -> str:
    """The help of the page of this title, as Markdown.

    Raises
    ------
    KeyError
        There is no such page, or it names a term the glossary does not have.
    """
    page, rows = PAGES[title], glossary()
    terms = "\n".join(f"- **{rows[term].terms}**: {rows[term].meaning}" for term in page.terms)
    return f"{page.question}\n\n{terms}"


@cache
def glossary() -> dict[str, Entry]:
    """Term → what the glossary says of it; terms it explains together lead to the same entry."""
    text = GLOSSARY.read_text(encoding="utf-8")
    rows = re.findall(r"^\| (?!term \|)([^|]+) \| ((?:[^|\\]|\\.)+) \|[^|]*\|$", text, re.M)
    entries = [Entry(re.sub(r" \(`.*`\)", "", terms), meaning.replace("\\|", "|")) for terms, meaning in rows]
    return {term: entry for entry in entries for term in entry.terms.split(", ")}
