"""The files of an import come back to the byte, also those an earlier version kept."""

import zlib
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.store import Workspace
from planning.store.payload import packed, unpacked
from tests.store.company import FILES, PUBLISHED, company


@given(st.binary(max_size=3000), st.integers(1, 40))
def test_a_file_comes_back_to_the_byte(data: bytes, times: int) -> None:
    whole = data * times
    assert unpacked(packed(whole), len(whole)) == whole


@given(st.binary(max_size=3000), st.integers(0, 9))
def test_what_an_earlier_version_kept_comes_back_too(data: bytes, level: int) -> None:
    assert unpacked(zlib.compress(data, level), len(data)) == data


def test_a_file_that_is_not_as_long_as_it_was_is_not_given_out() -> None:
    with pytest.raises(ValueError, match="a file of 4 bytes comes back with 3"):
        unpacked(zlib.compress(b"a,b"), 4)


def test_a_workspace_of_an_earlier_version_gives_its_files_and_its_published_plan(database: Path) -> None:
    folder, network = company(published=PUBLISHED)
    with Workspace.open(database) as before:
        before.record_import("company", folder, network)
    with duckdb.connect(str(database)) as connection:
        for name, data in connection.sql("select file, compressed from raw.payload").fetchall():
            text = FILES.get(name) or PUBLISHED[name.removeprefix("published/")]
            connection.execute(
                "update raw.payload set compressed = $kept where file = $file",
                {"kept": zlib.compress(text.encode()), "file": name},
            )
            assert data != zlib.compress(text.encode())
    with Workspace.open(database) as after:
        held, holds = after.held_files(), after.load_network()
    assert held.files == {name: text.encode() for name, text in FILES.items()}
    assert holds is not None
    assert holds.published["production"].equals(network.published["production"])
