"""Numbered migrations: each runs once, in order, in a transaction of its own."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from planning.errors import ConfigurationError
from planning.store.clock import utc_now
from planning.store.contract import keep_contract
from planning.store.database import Database, Session

MIGRATIONS = Path(__file__).parent / "migrations"


@dataclass(frozen=True)
class Migration:
    """One numbered file of SQL.

    Parameters
    ----------
    version : its number, the leading digits of the file name.
    name : the file name without `.sql`.
    text : its statements.
    """

    version: int
    name: str
    text: str

    @property
    def checksum(self) -> str:
        """sha256 of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def migrations(folder: Path = MIGRATIONS) -> list[Migration]:
    """The migrations there are, by number."""
    paths = sorted(folder.glob("[0-9][0-9][0-9][0-9]_*.sql"))
    return [Migration(int(path.stem[:4]), path.stem, path.read_text(encoding="utf-8")) for path in paths]


def migrate(database: Database, wanted: list[Migration] | None = None) -> None:
    """Bring the database to the version of this code.

    Parameters
    ----------
    database : new, or of any earlier version.
    wanted : the migrations to bring it to; those beside this file when None.

    Raises
    ------
    ConfigurationError
        It is of a later version, or a migration it went through has been edited since.
    """
    wanted = migrations() if wanted is None else wanted
    with database.reading() as session:
        applied = _applied(session)
    _refuse_strangers(applied, {migration.version: migration for migration in wanted}, database.path)
    pending = [migration for migration in wanted if migration.version not in applied]
    for migration in pending:
        with database.writing() as session:
            session.script(migration.text)
            session.write(
                "record_schema_version",
                version=migration.version,
                name=migration.name,
                checksum=migration.checksum,
                applied_at=utc_now(),
            )
    with database.writing() as session:
        changed = keep_contract(session)
    if pending or changed:
        database.checkpoint()


def _applied(session: Session) -> dict[int, str]:
    """Version → checksum of what the database went through."""
    if not session.read("has_schema_version")["found"][0]:
        return {}
    rows = session.read("schema_versions")
    return dict(zip(rows["version"], rows["checksum"], strict=True))


def _refuse_strangers(applied: dict[int, str], wanted: dict[int, Migration], path: Path) -> None:
    for version, checksum in applied.items():
        if version not in wanted:
            raise ConfigurationError(
                f"The workspace {path} was written by a later version of Takt (migration {version:04}). "
                "Use that version, or set database, or TAKT_DATABASE, to another file."
            )
        if wanted[version].checksum != checksum:
            raise ConfigurationError(
                f"Migration {wanted[version].name} was edited after the workspace {path} went through it. "
                "Restore the file and put the change into a new migration."
            )
