"""A sheet of a workbook as rows of text, read by fastexcel in a process of its own."""

import io
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from planning.errors import Fault, InputError
from planning.signals.reading.unpack import MOST_BYTES

#: A spoilt cell: ROW (from 1), PLACE (its column, from 0), what is wrong with it, and what stands there.
SPOILT = {"row": pl.Int64, "place": pl.Int64, "kind": pl.String, "value": pl.String}
_CHILD = Path(__file__).with_name("workbook_process.py")
_SECONDS = 120
_SAVE = "Save the sheet as CSV UTF-8 and drop that."


@dataclass(frozen=True)
class Sheet:
    """What stands in one sheet.

    Parameters
    ----------
    name : the sheet.
    sheets : those there are to choose from: the visible ones with anything in them.
    cells : its cells as text, a row each from the first on (column_0 …); dates are ISO with their time.
    numbers : whether each is a number to Excel, not a text that looks like one (number_0 …).
    spoilt : SPOILT: cells that show an error, formulas without a value, numbers whose last digits are lost.
    computed : formulas with the value Excel gave them.
    """

    name: str
    sheets: tuple[str, ...]
    cells: pl.DataFrame
    numbers: pl.DataFrame
    spoilt: pl.DataFrame
    computed: int


def read_sheet(file: str, data: bytes, sheet: str | None = None, most: int = MOST_BYTES) -> Sheet:
    """Read a sheet.

    Parameters
    ----------
    file : name of the workbook, for messages.
    data : its bytes.
    sheet : the one to read; the first that is visible and not empty when None.
    most : bytes its parts may have once unpacked.

    Raises
    ------
    InputError
        It is damaged, protected, or takes more memory or time than any table does.
    """
    try:
        code, said = read_apart(data, sheet or "", most)
    except subprocess.TimeoutExpired as error:
        reason = f"takes longer than {_SECONDS} seconds to read"
        raise InputError([Fault(file, reason, _SAVE)]) from error
    head, _, stream = said.partition(b"\n")
    if code == 3:
        reason = str(json.loads(head)["fault"])
        raise InputError(
            [Fault(file, reason, "Open it in Excel and save it anew, or save the sheet as CSV.")]
        )
    if code != 0:
        reason = "is damaged, or takes more memory than any table does: it cannot be read as a workbook"
        raise InputError([Fault(file, reason, _SAVE)])
    told = json.loads(head)
    both = pl.read_ipc_stream(io.BytesIO(stream)) if stream else pl.DataFrame()
    cells, numbers = both.select(pl.col("^column_.*$")), both.select(pl.col("^number_.*$"))
    spoilt = pl.DataFrame(told["spoilt"], schema=SPOILT, orient="row")
    return Sheet(told["sheet"], tuple(told["sheets"]), cells, numbers, spoilt, told["computed"])


def read_apart(data: bytes, sheet: str, most: int) -> tuple[int, bytes]:
    """What `workbook_process.answer` says of a workbook, in a process of its own: exit code and stdout."""
    # -P: modules beside the script are not to be taken for those of the standard library (numbers).
    command = [sys.executable, "-P", str(_CHILD), sheet, str(most)]
    done = subprocess.run(command, input=data, capture_output=True, timeout=_SECONDS, check=False)
    return done.returncode, done.stdout
