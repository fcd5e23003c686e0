"""The results folder while an experiment runs: what stands where, and whose it is."""

import json
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from galleria.models.errors import UsageError


@dataclass(frozen=True)
class Folder:
    """Paths of a results folder; the finished part is the contract, `.work` is ours."""

    path: Path

    @property
    def work(self) -> Path:
        """What only stands there while runs are missing."""
        return self.path / ".work"

    @property
    def runs(self) -> Path:
        """One file a finished run."""
        return self.work / "runs"

    @property
    def tracebacks(self) -> Path:
        """One text file a failed run."""
        return self.work / "tracebacks"

    @property
    def points(self) -> Path:
        """The settings of each point, for the workers."""
        return self.work / "points.json"

    @property
    def session(self) -> Path:
        """Name of the sweep that now works here; workers of an earlier one see it and stop."""
        return self.work / "session"

    @property
    def plan(self) -> Path:
        """The plan, written before anything runs."""
        return self.path / "plan.parquet"

    @property
    def provenance(self) -> Path:
        """Where the results come from."""
        return self.path / "provenance.json"

    def claims(self, session: str) -> Path:
        """Which worker took which run."""
        return self.work / "claims" / session

    def read_provenance(self) -> dict[str, Any]:
        """Read provenance.json; raise UsageError when this is no results folder."""
        try:
            content = json.loads(self.provenance.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise UsageError(f"{self.path} is not a results folder: it has no provenance.json") from None
        except (OSError, ValueError) as error:
            raise UsageError(f"{self.provenance} cannot be read: {error}") from error
        if not isinstance(content, dict):
            raise UsageError(f"{self.provenance} does not describe results")
        return content

    def check_writable(self) -> None:
        """Raise UsageError when the folder cannot be made or written; make nothing."""
        nearest = next(parent for parent in (self.path, *self.path.parents) if parent.exists())
        if not nearest.is_dir():
            raise UsageError(f"run.output = {self.path}: {nearest} is a file, not a folder")
        try:
            # The mode bits do not tell: a read-only file system, a quota, or the superuser contradict them.
            with tempfile.TemporaryFile(dir=nearest):
                pass
        except OSError as error:
            raise UsageError(f"run.output = {self.path}: {nearest} cannot be written ({error.strerror})") from error

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder for one sweep; raise UsageError when another one works in it."""
        self.work.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.work / "lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise UsageError(
                f"{self.path} is in use: another sweep works in it; wait for it, or see galleria status {self.path}"
            ) from None
        try:
            yield
        finally:
            lock.release()

    def is_locked(self) -> bool:
        """Say whether a sweep works in the folder."""
        lock = FileLock(self.work / "lock")
        try:
            with lock.acquire(timeout=0):
                return False
        except Timeout:
            return True

    def open_session(self) -> str:
        """Name a new session: whatever workers an earlier one left behind stop at their next run."""
        session = f"{uuid.uuid4().hex}-{os.getpid()}"
        shutil.rmtree(self.work / "claims", ignore_errors=True)
        for place in (self.runs, self.tracebacks, self.claims(session)):
            place.mkdir(parents=True, exist_ok=True)
        for left in self.runs.glob("*.tmp"):
            left.unlink(missing_ok=True)
        write_text(self.session, session)
        return session

    def discard_work(self) -> None:
        """Remove what was only needed while running."""
        shutil.rmtree(self.work, ignore_errors=True)


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: to a temporary name in the same folder, then renamed."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def write_text(path: Path, content: str) -> None:
    """Write a text file whole or not at all."""
    write_bytes(path, content.encode("utf-8"))


def write_json(path: Path, content: Any) -> None:
    """Write a JSON file whole or not at all."""
    write_text(path, json.dumps(content, indent=2, ensure_ascii=False) + "\n")
