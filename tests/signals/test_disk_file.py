"""A file on disk is cut like its bytes, and told when it is not the file it was."""

import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.errors import InputError
from planning.signals.disk_file import DiskFile, parts, sha256
from planning.signals.folder import read_contents
from tests.signals.mini import files

END = st.one_of(st.none(), st.integers(-12, 12))


@given(st.binary(max_size=9), END, END, st.integers(1, 4))
def test_a_file_on_disk_is_cut_like_its_bytes(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, start: int | None, end: int | None, size: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "cut.csv"
    path.write_bytes(data)
    file = DiskFile(path)
    assert file[start:end] == data[start:end]
    assert len(file) == len(data)
    assert b"".join(parts(file, size)) == b"".join(parts(data, size)) == data
    assert sha256(file) == sha256(data) == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("change", ["longer", "shorter", "other bytes", "another file", "gone"])
def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path, change: str) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(b"order_id,line\nSO1,1\n")
    os.utime(path, (1, 1))
    file = DiskFile(path)
    assert file[:8] == b"order_id"
    match change:
        case "longer":
            path.write_bytes(b"order_id,line\nSO1,1\nSO2,1\n")
        case "shorter":
            path.write_bytes(b"order_id")
        case "other bytes":
            path.write_bytes(b"order_id,line\nSO2,1\n")
        case "another file":
            (tmp_path / "new.csv").write_bytes(b"order_id,line\nSO2,1\n")
            os.utime(tmp_path / "new.csv", (1, 1))
            (tmp_path / "new.csv").rename(path)
        case "gone":
            path.unlink()
    with pytest.raises(InputError, match="Import it again once it is written") as refused:
        file[8:]
    assert refused.value.faults[0].file == "orders.csv"


def test_of_a_folder_the_long_files_stay_on_disk(tmp_path: Path) -> None:
    network = files()
    for name, data in network.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "folder.csv").mkdir()
    longest = max(network, key=lambda name: len(network[name]))
    contents = read_contents(tmp_path, len(network[longest]))
    assert [name for name, content in contents.files.items() if isinstance(content, DiskFile)] == [longest]
    assert {name: content[:] for name, content in contents.files.items()} == network
    assert contents.file_hashes == read_contents(tmp_path).file_hashes
