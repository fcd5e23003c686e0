"""A sweep of the stand-in on two workers that tests may kill, and what is left of it."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

STANDIN = Path(__file__).resolve().parents[1] / "standin"
SWEEP = (
    *(sys.executable, "-m", "standin", "-m", "hydra/sweeper=galleria"),
    *("x.one=0,1,2,3", "x.two=0.1,0.2,0.3", "noise_sd=0.5", "trouble.nap_s=0.05", "run.replications=5"),
)
SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
type Undisturbed = tuple[Path, float]
"""The folder of a sweep that ran to its end, and the seconds it took."""
type Kind = tuple[signal.Signals, str | None]
"""A signal and its target, "parent", "worker" or "all"; None where that is drawn."""


def start(folder: Path, before: Sequence[str] = ()) -> subprocess.Popen[bytes]:
    """Start a sweep on two workers, in a process group of its own.

    Parameters
    ----------
    folder
        Of the results.
    before
        Words of a shell before the command, such as a limit.
    """
    # Words go to a file: a worker that outlives its sweep would hold a pipe open.
    with words(folder).open("wb") as told:
        return subprocess.Popen(
            [*before, *SWEEP, "hydra.launcher.n_jobs=2", f"run.output='{folder}'"],
            env={**os.environ, "PYTHONPATH": str(STANDIN)},
            stdout=subprocess.DEVNULL,
            stderr=told,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )


def words(folder: Path) -> Path:
    """Name the file of what a sweep says."""
    return folder.parent.parent / f"{folder.parent.name}.words"


def finish(folder: Path, before: Sequence[str] = ()) -> tuple[int, str]:
    """Run a sweep to its end; return its exit code and its words."""
    code = start(folder, before).wait(300)
    return code, words(folder).read_text(encoding="utf-8")


def undisturbed(place: Path) -> Undisturbed:
    """Sweep undisturbed in a folder."""
    began = time.monotonic()
    code, told = finish(place / "results")
    if code != 0:
        raise AssertionError(told)
    return place / "results", time.monotonic() - began


def end_group(process: subprocess.Popen[bytes]) -> None:
    """End whatever a killed sweep left: a worker that had no run yet waits for one for ever."""
    process.wait(300)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def children(pid: int) -> list[int]:
    """List the worker processes of a sweep, as Linux tells them."""
    listing = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in listing.read_text(encoding="ascii").split()] if listing.exists() else []


def digests(folder: Path) -> dict[str, str]:
    """Digest every file of a results folder that must be the same bytes for the same plan."""
    files = [
        *(folder / f"{name}.parquet" for name in ("plan", "metrics", "summary")),
        folder / "summary.csv",
        folder / "config.yaml",
        *sorted((folder / "tables").rglob("*.parquet")),
    ]
    return {str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest() for path in files}


@dataclass(frozen=True)
class Blow:
    """A signal that was sent at a moment of a sweep.

    Attributes
    ----------
    signal
        Its name.
    at
        "parent", "worker", or "all": the parent and its workers, as a terminal sends them.
    seconds
        Until the parent had ended, if it was to end; None for others.
    """

    signal: str
    at: str
    seconds: float | None


def strike(folder: Path, whole_s: float, chance: random.Random, kind: Kind) -> Blow | None:
    """Start or resume a sweep and strike it at a random moment, or when its workers are there if one is the target.

    None where it had ended before.
    """
    sent, target = kind
    process = start(folder)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(chance.uniform(0.05, 0.9) * whole_s)
    while not (workers := children(process.pid)) and target not in {None, "parent"} and process.poll() is None:
        time.sleep(0.02)
    if process.poll() is not None:
        return None
    at: str = target or (chance.choice(("parent", "worker", "all")) if workers else "parent")
    began = time.monotonic()
    with contextlib.suppress(ProcessLookupError):
        if at == "all":
            os.killpg(process.pid, sent)
        else:
            os.kill(process.pid if at == "parent" else chance.choice(workers), sent)
    process.wait(300)
    took = time.monotonic() - began if at != "worker" else None
    end_group(process)
    return Blow(sent.name, at, took)


def again(folder: Path) -> None:
    """Let a sweep that got to its end begin again."""
    if not (folder / ".work").exists():
        for path in folder.glob("*.parquet"):
            path.unlink()
