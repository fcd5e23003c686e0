"""Whatever is killed, filled up, altered or refused, the same command ends with the same bytes, or in words.

A few of each; `python -m tests.faults.run` strikes at many moments.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from galleria.experiments.results import load
from tests.faults.run import struck
from tests.faults.soak import soak
from tests.faults.sweeping import Kind, Undisturbed, children, digests, end_group, finish, start, words

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="lists processes by Linux' /proc")


def begun(folder: Path, runs: int = 10) -> subprocess.Popen[bytes]:
    """Start a sweep and wait until some runs are done."""
    process = start(folder)
    while len(list((folder / ".work" / "runs").glob("*.done"))) < runs and process.poll() is None:
        time.sleep(0.02)
    assert process.poll() is None, words(folder).read_text(encoding="utf-8")
    return process


def test_signals_at_random_moments_lose_and_double_nothing(tmp_path: Path, whole: Undisturbed) -> None:
    kinds: list[Kind] = [
        (signal.SIGKILL, "worker"),
        (signal.SIGTERM, "parent"),
        (signal.SIGINT, "parent"),
        (signal.SIGTERM, "all"),
    ]
    blows, same = struck(tmp_path, whole, kinds, seed=3)
    assert [(blow.signal, blow.at) for blow in blows] == [(kind.name, at) for kind, at in kinds]
    assert same
    assert load(tmp_path / "struck" / "results").runs["run_key"].is_unique


@pytest.mark.parametrize(("strike", "by"), [(os.killpg, signal.SIGINT), (os.kill, signal.SIGTERM)])
def test_an_interrupt_ends_within_three_seconds_of_its_time_with_one_line(
    tmp_path: Path, whole: Undisturbed, strike: Callable[[int, int], None], by: signal.Signals
) -> None:
    folder = tmp_path / "results"
    process = begun(folder)
    sent = time.monotonic()
    strike(process.pid, by)
    assert process.wait(60) == 1
    took = time.monotonic() - sent
    end_group(process)
    told = words(folder).read_text(encoding="utf-8").splitlines()
    assert len(told) == 1, told
    assert "It was interrupted. Run the same command again to continue" in told[0]
    waiting = max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))  # others may use the machine
    assert took < 3 * waiting
    assert finish(folder) == (0, "")
    assert digests(folder) == digests(whole[0])


def test_workers_end_with_a_killed_sweep_and_what_is_left_is_judged_by_its_content(
    tmp_path: Path, whole: Undisturbed
) -> None:
    """The folder is renamed, files of runs are altered, cut off, emptied, deleted, and come from another time."""
    process = begun(tmp_path / "results")
    workers = children(process.pid)
    assert workers
    process.kill()
    process.wait(300)
    deadline = time.monotonic() + 20
    while any(Path(f"/proc/{worker}").exists() for worker in workers) and time.monotonic() < deadline:
        time.sleep(0.1)
    left = [worker for worker in workers if Path(f"/proc/{worker}").exists()]
    end_group(process)
    assert not left
    folder = (tmp_path / "results").rename(tmp_path / "mes résultats (2) 店")
    first, second, third, fourth, fifth, *rest = sorted((folder / ".work" / "runs").glob("*.done"))
    content = bytearray(first.read_bytes())
    content[len(content) // 2] ^= 0x10
    first.write_bytes(content)
    second.write_bytes(second.read_bytes()[:100])
    third.write_bytes(b"")
    fourth.unlink()
    fifth.unlink()
    for n, path in enumerate(rest):  # the clock was set back, or forward
        os.utime(path, (0, 0) if n % 2 else (4e9, 4e9))
    code, told = finish(folder)
    assert code == 0
    assert told.count("was altered; it is done again") == 3
    assert digests(folder) == digests(whole[0])
    assert not (folder / ".work").exists()


@pytest.mark.parametrize("limit", ["ulimit -n 64", "ulimit -v 1000000"])
def test_few_open_files_or_little_memory_are_enough_or_told(limit: str, tmp_path: Path, whole: Undisturbed) -> None:
    folder = tmp_path / "results"
    code, told = finish(folder, ("bash", "-c", f'{limit}; exec "$@"', "bash"))
    assert "Traceback" not in told
    assert code in {0, 1, 2}
    assert told.startswith("galleria: ") == (code != 0)
    if code != 0:
        assert finish(folder)[0] == 0
    assert digests(folder) == digests(whole[0])


def test_too_little_memory_is_told_in_a_line() -> None:
    command = [sys.executable, "-m", "galleria.experiments.cli", "run", "city=toy"]
    limited = ["bash", "-c", 'ulimit -v 400000; exec "$@"', "bash", *command]
    ended = subprocess.run(limited, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    assert ended.returncode in {1, 2}
    (line,) = ended.stderr.splitlines()  # ours, or that of a native library that ends the process itself
    assert line.startswith(("galleria: ", "OpenBLAS"))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a disk of 200 kB, where that is allowed."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("mounting a small disk needs the superuser")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_stops_cleanly_and_the_sweep_goes_on_with_more_room(whole: Undisturbed, small_disk: Path) -> None:
    folder = small_disk / "results"
    code, told = finish(folder)
    assert code == 1
    assert "No space left on device" in told
    assert "Run the same command again to continue" in told
    assert "Traceback" not in told
    subprocess.run(["mount", "-o", "remount,size=50m", str(small_disk)], check=True)
    done_before = len(list((folder / ".work" / "runs").glob("*.done")))
    assert 0 < done_before < 60
    assert finish(folder) == (0, "")
    assert digests(folder) == digests(whole[0])


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


def test_days_with_another_policy_each_lose_no_order_and_keep_no_memory() -> None:
    found = soak(21)
    assert found["lost_orders"] == found["unbalanced_units"] == 0
    assert found["welfare_gap_usd"] < 0.01
    assert found["kept_kb_a_day"] < 100
    early, late = found["resident_mb"]
    assert late - early < 10
