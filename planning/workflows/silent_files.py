"""Uploaded files none of whose rows load, beside others of their table: they are told, and join nothing."""

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from planning.signals.row_sum import RowSum
from planning.workflows.file_report import FileReport
from planning.workflows.incoming import Incoming
from planning.workflows.upload_preview import Preview


def told_apart(incoming: Sequence[Incoming]) -> tuple[list[Incoming], list[Incoming]]:
    """The files that say something or stand alone for their table, and the silent ones."""
    silent = [file for file in incoming if _is_silent(file) and _is_told_by_another(file, incoming)]
    return [file for file in incoming if all(file is not one for one in silent)], silent


def with_silent(preview: Preview, silent: Sequence[Incoming]) -> Preview:
    """The preview with the reports and rows of silent files."""
    for file in silent:
        if file.origin is None:
            raise ValueError(f"{file.name}: no way back to its rows")
        aside = file.origin.rejected().with_columns(file=pl.lit(file.name)).select(preview.aside.columns)
        kept, collapsed = aside.height, file.origin.collapsed
        report = FileReport(
            file.name, file.table, file.mode, kept + collapsed, kept_aside=kept, collapsed=collapsed
        )
        preview = replace(
            preview,
            files=(report, *preview.files),
            aside=pl.concat([aside, preview.aside]),
            sums=(RowSum(file.name, kept + collapsed, 0, kept, collapsed), *preview.sums),
            profiles=(*preview.profiles, *([] if file.profile is None else [file.profile])),
            read=(*preview.read, file),
        )
    return preview


def _is_silent(file: Incoming) -> bool:
    one = file.handover
    return one is not None and one.lines.is_empty() and one.gone.is_empty()


def _is_told_by_another(file: Incoming, incoming: Sequence[Incoming]) -> bool:
    return any(other.table == file.table and not _is_silent(other) for other in incoming)
