"""How fast the whole ledger is verified: entries a second, on ledgers of so many entries."""

import hashlib
import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import polars as pl

from planning.store import Workspace
from planning.store.database import Database

ENTRIES = (100_000, 1_000_000)
START = datetime(2026, 1, 1, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
KINDS = ("import imported", "overrides saved", "forecast saved", "plan saved", "plan approved")


def main() -> None:
    """Print one table: entries, seconds (best of three), entries a second, whether a forged one is found."""
    with pl.Config(tbl_width_chars=160, tbl_cols=-1, tbl_hide_dataframe_shape=True):
        print(pl.DataFrame([_measured(count) for count in ENTRIES]))


def _measured(count: int) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as scratch:
        database = Path(scratch) / "takt.duckdb"
        Workspace.open(database).close()
        with closing(Database.open(database)) as opened, opened.writing() as session:
            session.append("audit", "ledger", pl.DataFrame(list(islice(_chain(), count))))
        seconds = []
        with Workspace.open(database) as workspace:
            for _ in range(3):
                began = time.perf_counter()
                found = workspace.verify_ledger()
                seconds.append(time.perf_counter() - began)
                if not found.is_empty():
                    raise RuntimeError(f"a whole ledger is said to be broken: {found}")
        with closing(Database.open(database)) as opened, opened.writing() as session:
            session.script(f"update audit.ledger set actor = 'eve' where seq = {count // 2}")
        with Workspace.open(database) as workspace:
            forged = workspace.verify_ledger()["seq"].to_list()
    return {
        "entries": count,
        "seconds": round(min(seconds), 3),
        "entries a second": round(count / min(seconds)),
        "forged entry found": forged == [count // 2],
    }


def _chain() -> Iterator[dict[str, object]]:
    """Endlessly many entries, hashed here and not by the database that is to verify them."""
    before, seq = "", 0
    while True:
        seq += 1
        moment = START + timedelta(seconds=17 * seq)
        micros = (moment - EPOCH) // timedelta(microseconds=1)
        kind, actor = KINDS[seq % len(KINDS)], f"planner {seq % 7}"
        detail = json.dumps({"batch": seq, "content_hash": hashlib.sha256(str(seq).encode()).hexdigest()})
        text = json.dumps(
            [before, str(seq), str(micros), kind, actor, detail], ensure_ascii=False, separators=(",", ":")
        )
        own = hashlib.sha256(text.encode()).hexdigest()
        entry = {"seq": seq, "happened_at": moment.replace(tzinfo=None), "kind": kind, "actor": actor}
        yield entry | {"detail": detail, "prev_hash": before, "hash": own}
        before = own


if __name__ == "__main__":
    main()
