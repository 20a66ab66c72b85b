"""The moment something is stored, as the database keeps it."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Now in UTC, without a zone: DuckDB would turn a zone into that of the machine."""
    return stored(datetime.now(UTC))


def stored(moment: datetime) -> datetime:
    """A moment with a zone as UTC without one."""
    return moment.astimezone(UTC).replace(tzinfo=None)


def loaded(moment: datetime) -> datetime:
    """The reverse of `stored`: the same moment, its zone told."""
    return moment.replace(tzinfo=UTC)
