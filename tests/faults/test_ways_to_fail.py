"""Ways in which a sweep is stopped or its folder ill treated, a few of each; `python -m tests.faults.run` does many."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.run import struck
from tests.faults.sweeping import digests, end_group, finish, start, words

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="lists processes by Linux' /proc")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Sweep undisturbed; return the digests."""
    folder = tmp_path_factory.mktemp("whole") / "results"
    assert finish(folder)[0] == 0
    return digests(folder)


def begun(folder: Path, runs: int = 5) -> subprocess.Popen[bytes]:
    """Start a sweep and wait until some runs are done."""
    process = start(folder)
    while len(list((folder / ".work" / "runs").glob("*.done"))) < runs and process.poll() is None:
        time.sleep(0.02)
    assert process.poll() is None, words(folder).read_text(encoding="utf-8")
    return process


def test_three_signals_at_random_moments_leave_the_same_bytes(tmp_path: Path) -> None:
    blows, same = struck(tmp_path, moments=3, seed=3)
    assert {blow.signal for blow in blows} == {"SIGKILL", "SIGTERM", "SIGINT"}
    assert same


def test_an_interrupt_ends_within_three_seconds_of_its_time_with_one_line(
    tmp_path: Path, whole: dict[str, str]
) -> None:
    folder = tmp_path / "results"
    process = begun(folder)
    sent = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(60) == 1
    took = time.monotonic() - sent
    end_group(process)
    told = words(folder).read_text(encoding="utf-8").splitlines()
    assert len(told) == 1, told
    assert "It was interrupted. Run the same command again to continue" in told[0]
    waiting = max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))  # others may use the machine
    assert took < 3 * waiting
    assert finish(folder) == (0, "")
    assert digests(folder) == whole


def test_a_folder_that_was_renamed_goes_on_under_its_new_name(tmp_path: Path, whole: dict[str, str]) -> None:
    process = begun(tmp_path / "results")
    process.kill()
    end_group(process)
    renamed = tmp_path / "mes résultats (2) 店"
    (tmp_path / "results").rename(renamed)
    assert finish(renamed) == (0, "")
    assert digests(renamed) == whole


def test_files_of_runs_that_were_deleted_are_made_again(tmp_path: Path, whole: dict[str, str]) -> None:
    folder = tmp_path / "results"
    process = begun(folder)
    process.kill()
    end_group(process)
    for path in sorted((folder / ".work" / "runs").glob("*.done"))[:3]:
        path.unlink()
    assert finish(folder) == (0, "")
    assert digests(folder) == whole


def test_few_open_files_are_enough_or_told(tmp_path: Path, whole: dict[str, str]) -> None:
    folder = tmp_path / "results"
    code, told = finish(folder, ("bash", "-c", 'ulimit -n 64; exec "$@"', "bash"))
    assert "Traceback" not in told
    assert code in {0, 1, 2}
    assert told.startswith("galleria: ") == (code != 0)
    assert finish(folder)[0] == 0
    assert digests(folder) == whole


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    """Return a folder in which nothing can be written, where that is possible."""
    place = tmp_path / "closed" / "inner"
    place.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", str(place)]
    superuser = os.geteuid() == 0
    if superuser and subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("mounting a read-only folder is not allowed here")
    place.chmod(0o500) if not superuser else None
    yield place
    if superuser:
        subprocess.run(["umount", str(place)], check=True)


def test_a_read_only_folder_is_refused_by_name(read_only: Path) -> None:
    code, told = finish(read_only / "results")
    assert code == 2
    assert str(read_only) in told
    assert len(told.splitlines()) == 1
