"""Exports as a test writes them: CSV text to the frame of text columns a source reads."""

import polars as pl

from planning.domain.schema import INPUT
from planning.signals.cells import ANY_DATE
from planning.signals.rows import LINE, RAW, cut
from planning.signals.source import SourceFile
from planning.signals.sources import Handover, Meaning, SourceSettings, meaning_of
from planning.signals.update import Upload, join

COUNTRIES = {"Germany": "de", "DE": "de", "United Kingdom": "uk", "GB": "uk", "Portugal": "pt", "PT": "pt"}
SETTINGS = SourceSettings(markets=COUNTRIES)


def frame_of(text: str) -> pl.DataFrame:
    """LINE, RAW and the columns of a CSV text."""
    records = cut("export.csv", text)
    cells, broken = records.cells(set(records.header))
    assert broken.is_empty()
    return cells.select(LINE, RAW, *records.header)


def meaning(text: str, settings: SourceSettings = SETTINGS) -> Meaning:
    """What an export means, by whatever source its header is of."""
    frame = frame_of(text)
    source = meaning_of([name for name in frame.columns if name not in {LINE, RAW}])
    assert source is not None
    told = source.read(frame, settings)
    fates = sum(told.rows(fate) for fate in ("loaded", "kept aside", "collapsed"))
    assert told.rows_in == fates == frame.height
    return told


def holding(handover: Handover, held: bytes) -> bytes:
    """The file that holds, once the rows handed over have joined it."""
    table = INPUT[handover.table]
    upload = Upload.of(SourceFile.read(table, handover.data), table, ANY_DATE)
    before, gone = SourceFile.read(table, held), handover.left_out()
    return join(table, before, upload, "update", gone=gone).data


def rows(told: Meaning, table: str, *columns: str) -> list[tuple[str | None, ...]]:
    """These columns of a table, in the order of the lines."""
    return told.tables[table].select(columns).rows()


def aside(told: Meaning) -> dict[int, str]:
    """Line → why it was kept aside."""
    return dict(told.aside.select("line", "reason").iter_rows())


def collapsed(told: Meaning) -> dict[int, str]:
    """Line → what it was collapsed into."""
    return dict(told.fates.filter(pl.col("#fate") == "collapsed").select(LINE, "#what").iter_rows())
