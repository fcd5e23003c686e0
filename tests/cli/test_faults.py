"""Whatever is killed, filled up or altered, the same command ends with the same bytes.

The moments of the kills are drawn from a pinned seed, over the time that an undisturbed sweep takes.
"""

import contextlib
import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from galleria.experiments.results import load
from tests.faults.sweeping import children, end_group, finish, start

Fingerprints = Callable[[Path], dict[str, str]]
KILLS = 10


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, float]:
    """Sweep undisturbed; return the folder and the seconds taken."""
    folder = tmp_path_factory.mktemp("whole") / "results"
    started = time.monotonic()
    assert finish(folder)[0] == 0
    return folder, time.monotonic() - started


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="lists processes by Linux' /proc")
def test_sigkill_at_random_moments_loses_and_doubles_nothing(
    whole: tuple[Path, float], tmp_path: Path, fingerprints: Fingerprints
) -> None:
    undisturbed, seconds = whole
    moments = random.Random(7)
    folder = tmp_path / "results"
    killed: list[str] = []
    started: list[subprocess.Popen[bytes]] = []
    while len(killed) < KILLS:
        process = start(folder)
        while process.poll() is None and len(killed) < KILLS:
            try:
                process.wait(moments.uniform(0.1, 0.8) * seconds)
            except subprocess.TimeoutExpired:
                workers = children(process.pid)
                kind = moments.choice(["worker", "parent"]) if workers else "parent"
                with contextlib.suppress(ProcessLookupError):  # it ended by itself a moment ago
                    os.kill(moments.choice(workers) if kind == "worker" else process.pid, signal.SIGKILL)
                    killed.append(kind)
        process.wait(300)
        started.append(process)
        if not (folder / ".work").exists():
            for path in folder.glob("*.parquet"):  # it got to its end between kills: begin again
                path.unlink()
    assert set(killed) == {"worker", "parent"}
    assert finish(folder)[0] == 0
    for process in started:
        end_group(process)
    assert fingerprints(folder) == fingerprints(undisturbed)
    assert load(folder).runs["run_key"].is_unique
    assert not (folder / ".work").exists()


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="lists processes by Linux' /proc")
def test_workers_end_with_a_killed_sweep(tmp_path: Path) -> None:
    process = start(tmp_path / "results")
    while not list((tmp_path / "results" / ".work" / "runs").glob("*.done")) and process.poll() is None:
        time.sleep(0.02)
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


def test_a_full_disk_stops_cleanly_and_the_sweep_goes_on_with_more_room(
    whole: tuple[Path, float], small_disk: Path, fingerprints: Fingerprints
) -> None:
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
    assert fingerprints(folder) == fingerprints(whole[0])


def test_altered_and_cut_off_run_files_are_done_again(
    whole: tuple[Path, float], tmp_path: Path, fingerprints: Fingerprints
) -> None:
    folder = tmp_path / "results"
    process = start(folder)
    runs = folder / ".work" / "runs"
    while len(list(runs.glob("*.done"))) < 10 and process.poll() is None:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(300)
    first, second, third = sorted(runs.glob("*.done"))[:3]
    content = bytearray(first.read_bytes())
    content[len(content) // 2] ^= 0x10
    first.write_bytes(content)
    second.write_bytes(second.read_bytes()[:100])
    third.write_bytes(b"")
    code, told = finish(folder)
    assert code == 0
    assert told.count("was altered; it is done again") == 3
    assert fingerprints(folder) == fingerprints(whole[0])
