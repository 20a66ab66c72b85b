"""Docs cannot lag: the algebra, the words and the links of the documentation are those of the code."""

import ast
import inspect
import re
from collections.abc import Iterator
from datetime import date
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from planning.domain.assume import complete
from planning.domain.formulate import formulate
from planning.domain.schema import EXPORT, INPUT, SETTINGS
from planning.netting import net_demand
from planning.optimise.model.algebra import Model
from planning.optimise.model.build import build
from planning.optimise.model.eligible import eligible
from planning.present.help import PAGES
from planning.present.words import SOLVED
from planning.signals import read_folder, validate
from planning.workflows.folders import run_folder
from tests.builders.company import FILES, write_company

ROOT = Path(__file__).resolve().parent.parent
MODEL = ROOT / "planning" / "optimise" / "model"
TODAY = date(2026, 11, 23)
PRODUCT_CODE = ("app.py", "planning/**/*.py", "pages/**/*.py", "setup/*.py", "data/**/*.py")

#: What makes every family of constraints occur: tiers, included hours, a contract, a cap, a price of change.
EVERYTHING = {
    "settings": FILES["settings"] + "carbon_cap_kg,1000000\nchange_cost_per_unit,1\n",
    "offers": """offer,robot_model,weekly_rate,min_term_weeks,max_units,included_hours_per_week,transfer_fee
flex,printer,90,2,4,20,
long,printer,50,26,4,,10
""",
    "offer_tiers": "offer,from_units,weekly_rate\nflex,2,80\n",
    "contracts": """contract,offer,factory,units,on_rent_date,min_end_date
C-1,flex,leeds,1,2026-06-01,2026-12-28
""",
}
PUBLISHED = """factory,product,routing,week,quantity,gross,batches,robot_hours,unattended_hours,setup,for_confirmed,for_expected
leeds,0001,0001/printer,2026-11-30,20,20,,10,0,0,20,0
"""  # noqa: E501 - a row of a file


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def pages() -> list[Path]:
    return [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def section(text: str, title: str) -> str:
    """A `## title` section of a page."""
    return text.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def rows(text: str) -> Iterator[list[str]]:
    """The rows of all tables in a text, without heads and rules."""
    for above, line in pairwise(text.splitlines()):
        if line.startswith("| ") and above.startswith("|"):
            yield [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def code_words(text: str) -> list[str]:
    """What stands in backticks."""
    return re.findall(r"`([^`]+)`", text)


def product_code() -> Iterator[tuple[str, ast.Module]]:
    for pattern in PRODUCT_CODE:
        for path in sorted(ROOT.glob(pattern)):
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))


# The algebra


def constants_of_loops(function: ast.FunctionDef) -> dict[str, list[str]]:
    """Loop variable → the words it takes, where a loop goes through words written out."""
    words: dict[str, list[str]] = {}
    loops = [node for node in ast.walk(function) if isinstance(node, ast.For)]
    for loop in loops:
        for item in loop.iter.elts if isinstance(loop.iter, ast.Tuple) else []:
            targets = loop.target.elts if isinstance(loop.target, ast.Tuple) else [loop.target]
            values = item.elts if isinstance(item, ast.Tuple) else [item]
            for target, value in zip(targets, values, strict=True):
                if isinstance(target, ast.Name) and isinstance(value, ast.Constant):
                    words.setdefault(target.id, []).append(str(value.value))
    return words


def spelled_out(name: ast.expr, known: dict[str, list[str]]) -> list[str]:
    """Every text a name in the code can be: "work", or f"{kind}_hours" for each kind."""
    if isinstance(name, ast.Constant):
        return [str(name.value)]
    assert isinstance(name, ast.JoinedStr), f"a constraint named by {ast.unparse(name)} cannot be documented"
    texts = [""]
    for part in name.values:
        if isinstance(part, ast.Constant):
            texts = [text + str(part.value) for text in texts]
        else:
            assert isinstance(part, ast.FormattedValue)
            texts = [text + word for text in texts for word in known[ast.unparse(part.value)]]
    return texts


def constraints_in_code() -> dict[str, list[str]]:
    """Function of the plan model → the constraints it adds to the program, in order."""
    found: dict[str, list[str]] = {}
    for path in sorted(MODEL.glob("*.py")):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(function, ast.FunctionDef):
                continue
            known = constants_of_loops(function)
            for call in ast.walk(function):
                if isinstance(call, ast.Call) and ast.unparse(call.func) == "model.add":
                    found.setdefault(function.name, []).extend(spelled_out(call.args[0], known))
    return found


def formulas() -> dict[str, tuple[list[str], str]]:
    """Function → the constraints and the formula docs/model.md gives it."""
    blocks = re.findall(r"^#### `(\w+)`([^\n]*)\n\n```text\n(.*?)\n```$", page("docs/model.md"), re.M | re.S)
    return {function: (code_words(names), formula) for function, names, formula in blocks}


def docstring(function: str) -> str | None:
    modules = [f"planning.optimise.model.{path.stem}" for path in MODEL.glob("*.py")]
    for name in (*modules, "planning.domain.stability"):
        module = import_module(name)
        if inspect.isfunction(found := getattr(module, function, None)) and found.__module__ == name:
            return inspect.getdoc(found)
    return None


@pytest.mark.parametrize("function", formulas())
def test_a_formula_of_the_model_page_is_the_docstring_of_its_function(function: str) -> None:
    assert formulas()[function][1] == docstring(function)


def test_every_constraint_family_is_on_the_model_page_with_its_names() -> None:
    documented = {function: sorted(names) for function, (names, _) in formulas().items() if names}
    assert documented == {function: sorted(names) for function, names in constraints_in_code().items()}


@pytest.fixture(scope="module")
def whole_model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    """The program of a company in which every rule occurs."""
    folder = write_company(tmp_path_factory.mktemp("everything"), **EVERYTHING)
    (folder / "published").mkdir()
    (folder / "published" / "production.csv").write_text(PUBLISHED, encoding="utf-8")
    network = complete(validate(read_folder(folder), TODAY))
    net = net_demand(network)
    problem = formulate(network, net.orders, net.expected)
    caps = pl.DataFrame(schema={"o": pl.Int64, "f": pl.Int64, "t": pl.Int64, "units": pl.Float64})
    return build(problem, eligible(problem), problem.expected, caps)


def test_the_constraints_of_the_page_are_those_of_a_program(whole_model: Model) -> None:
    documented = {name for names, _ in formulas().values() for name in names}
    assert documented == set(whole_model.rows)


def test_every_decision_is_on_the_model_page(whole_model: Model) -> None:
    documented = [
        name for row in rows(section(page("docs/model.md"), "Decisions")) for name in code_words(row[0])
    ]
    assert sorted(documented) == sorted(whole_model.families)


def test_every_term_of_the_objective_is_on_the_model_page(whole_model: Model) -> None:
    documented = [
        name for row in rows(section(page("docs/model.md"), "Objective")) for name in code_words(row[0])
    ]
    assert sorted(documented) == sorted(whole_model.constants)


# plan.json and the columns


@pytest.fixture(scope="module")
def summary(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """plan.json of a small company."""
    folder = tmp_path_factory.mktemp("plan")
    return dict(run_folder(write_company(folder / "network"), folder / "out", TODAY).plan.summary)


def test_every_key_of_plan_json_is_explained(summary: dict[str, Any]) -> None:
    guide = page("docs/data.md").split("\n### plan.json\n")[1].split("\n### ")[0]
    explained = {name.strip() for row in rows(guide) for name in row[0].split(",")}
    explained |= set(code_words(section(page("docs/model.md"), "Key figures")))
    assert set(summary) <= explained


def test_the_key_figures_are_explained(summary: dict[str, Any]) -> None:
    table = rows(section(page("docs/model.md"), "Key figures"))
    assert sorted(name for row in table for name in code_words(row[0])) == sorted(summary["kpis"])


def test_the_ways_a_solve_ends_are_explained() -> None:
    table = rows(section(page("docs/model.md"), "Gap, bound, status"))
    assert {name for row in table for name in code_words(row[0])} == set(SOLVED)


def test_the_settings_of_a_plan_are_those_explained(summary: dict[str, Any]) -> None:
    guide = page("docs/data.md").split("\n### settings.csv\n")[1].split("\n### ")[0]
    meanings = {row[0]: row[-1] for row in rows(guide)}
    assert {setting.name for setting in SETTINGS} == set(summary["policy"])
    assert [name for name in summary["policy"] if not meanings.get(name)] == []


def test_every_column_has_a_meaning() -> None:
    """In the data guide; where the guide leaves it to the name, in the glossary."""
    words = section(page("docs/glossary.md"), "Columns that need no more than a word")
    explained = {name for row in rows(words) for name in code_words(row[0])}
    unexplained = {
        field.name for table in (*INPUT.values(), *EXPORT.values()) for field in table.fields if not field.doc
    }
    assert unexplained - explained == set()
    assert explained - {field.name for table in EXPORT.values() for field in table.fields} <= unexplained


# Words


def glossary() -> list[list[str]]:
    return [row for row in rows(page("docs/glossary.md")) if len(row) == 3]


def forbidden() -> list[str]:
    return sorted({word.strip() for row in glossary() for word in row[2].split(",") if word.strip()})


def spoken(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){re.escape(word)}s?(?![\w-])", re.IGNORECASE)


def test_a_term_is_explained_once() -> None:
    terms = [term.strip() for row in glossary() for term in row[0].split(",")]
    assert sorted(terms) == sorted(set(terms))
    assert all(row[1] for row in glossary())


def test_no_term_is_forbidden_elsewhere() -> None:
    terms = [term.strip().lower() for row in glossary() for term in row[0].split(",")]
    assert not {word.lower() for word in forbidden()} & set(terms)


def texts(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """What the code says: every text in it, docstrings included."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def test_takt_has_one_word_for_a_thing() -> None:
    words = [(word, spoken(word)) for word in forbidden()]
    said = [
        f"{file}:{line} says {word!r}"
        for file, tree in product_code()
        for line, text in texts(tree)
        for word, pattern in words
        if pattern.search(text)
    ]
    assert said == []


def test_the_docs_keep_to_the_glossary() -> None:
    said = [
        f"{path.name} says {word!r}"
        for path in pages()
        if path.name != "glossary.md" and path.parent.name != "adr"
        for word in forbidden()
        if spoken(word).search(path.read_text(encoding="utf-8"))
    ]
    assert said == []


# The pages


def guide() -> dict[str, str]:
    """Title of a page → what docs/pages.md says of it."""
    title_and_text = (part.partition("\n\n") for part in page("docs/pages.md").split("\n## ")[1:])
    return {title: text for title, _, text in title_and_text}


def test_the_guide_has_every_page_in_the_words_of_its_help() -> None:
    assert list(guide()) == list(PAGES)
    for title, text in guide().items():
        assert text.startswith(f"{PAGES[title].question}\n\n![{title}")
        assert f"(img/{title.lower()}.png)" in text


def test_what_the_guide_names_is_on_the_screen() -> None:
    on_screen = [
        text
        for file, tree in product_code()
        if file.startswith(("pages/", "planning/present/"))
        for _, text in texts(tree)
    ]
    for part in page("docs/pages.md").split("\n"):
        if not part.startswith("**"):  # the question of a page
            for name in re.findall(r"\*\*(.+?)\*\*", part):
                assert any(name in text for text in on_screen), name


def test_every_picture_is_shown_and_loads_at_once() -> None:
    pictures = {path.name: path.stat().st_size for path in (ROOT / "docs" / "img").iterdir()}
    shown = {name for path in pages() for name in re.findall(r"img/([\w-]+\.png)\)", path.read_text("utf-8"))}
    assert shown == set(pictures)
    assert max(pictures.values()) <= 250_000


# Links and commands


def anchors(text: str) -> set[str]:
    titles = re.findall(r"^#+ (.*)$", text, re.M)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("path", pages(), ids=lambda path: path.name)
def test_every_link_leads_somewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:)([^)\s]+)\)", text):
        file, _, anchor = target.partition("#")
        there = path.parent / file if file else path
        assert there.exists(), f"{path.name} links to {target}"
        if anchor:
            assert anchor in anchors(there.read_text(encoding="utf-8")), f"{path.name} links to {target}"


@pytest.mark.parametrize("path", pages(), ids=lambda path: path.name)
def test_the_docs_name_no_place_of_one_machine(path: Path) -> None:
    assert not re.search(r"(?<![\w.])/(work|tmp|root|home|Users)\b", path.read_text(encoding="utf-8"))


def test_make_targets_and_commands_in_the_docs_exist(capsys: pytest.CaptureFixture[str]) -> None:
    main = import_module("planning.command_line").main
    with pytest.raises(SystemExit):
        main(["--help"])
    commands = set(re.findall(r"^    (\w+) ", capsys.readouterr().out, re.M))
    targets = set(re.findall(r"^([a-z]+):", page("Makefile"), re.M))
    for path in pages():
        text = path.read_text(encoding="utf-8")
        assert set(re.findall(r"-m planning (\w+)", text)) <= commands, path.name
        assert set(re.findall(r"(?:`|^)make ([a-z]+)", text, re.M)) <= targets, path.name


def test_decisions_are_numbered_in_turn() -> None:
    records = sorted((ROOT / "docs" / "adr").glob("*.md"))
    assert [path.name[:4] for path in records] == [f"{n:04d}" for n in range(1, len(records) + 1)]
    for path in records:
        text = path.read_text(encoding="utf-8")
        assert text.startswith(f"# {path.name[:4]} ")
        assert re.findall(r"^## (.*)$", text, re.M) == ["Context", "Decision", "Consequences"]
