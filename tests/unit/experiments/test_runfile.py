"""A run's file gives back what was written, or says that it was altered."""

from pathlib import Path

import pandas as pd
import pytest

from galleria.experiments.results import runfile
from galleria.experiments.results.runfile import AlteredFileError, Finished

METRICS = runfile.arrow(pd.DataFrame({"metric": ["y"], "unit": ["1"], "value": [0.5]}))
ORDERS = runfile.arrow(pd.DataFrame({"order": [0, 1], "courier": ["a", "b"]}))
RUN = Finished("abc", 3, 1, 42, 0.25, metrics=METRICS, tables={"orders": ORDERS})


def test_what_is_written_is_read(tmp_path: Path) -> None:
    runfile.write(RUN, tmp_path)
    assert runfile.read(tmp_path / "abc.done") == RUN


def test_a_failed_run_says_so_in_its_name(tmp_path: Path) -> None:
    runfile.write(Finished("abc", 3, 1, 42, 0.25, error="ValueError: no"), tmp_path)
    assert list(runfile.finished_runs(tmp_path)) == [("abc", "failed")]


@pytest.mark.parametrize("position", [0, 10, 100, -40, -1])
def test_any_altered_byte_is_seen(tmp_path: Path, position: int) -> None:
    runfile.write(RUN, tmp_path)
    path = tmp_path / "abc.done"
    content = bytearray(path.read_bytes())
    content[position] ^= 1
    path.write_bytes(content)
    with pytest.raises(AlteredFileError):
        runfile.read(path)


@pytest.mark.parametrize("kept", [0, 31, 100])
def test_a_file_that_was_cut_off_is_seen(tmp_path: Path, kept: int) -> None:
    runfile.write(RUN, tmp_path)
    path = tmp_path / "abc.done"
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(AlteredFileError):
        runfile.read(path)


def test_a_file_under_the_name_of_another_run_is_seen(tmp_path: Path) -> None:
    runfile.write(RUN, tmp_path)
    other = (tmp_path / "abc.done").rename(tmp_path / "abd.done")
    with pytest.raises(AlteredFileError):
        runfile.read(other)
