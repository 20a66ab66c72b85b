"""Writes data/templates and docs/data.md from the schema: `python -m data.make_templates`."""

from pathlib import Path

from planning.domain.data_guide import data_guide, templates

ROOT = Path(__file__).parent.parent


def main() -> None:
    """Write every template and the guide."""
    folder = ROOT / "data" / "templates"
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in templates().items():
        (folder / name).write_text(content, encoding="utf-8", newline="\n")
    (ROOT / "docs").mkdir(exist_ok=True)
    (ROOT / "docs" / "data.md").write_text(data_guide(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
