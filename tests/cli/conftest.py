"""How the tests of this folder start the stand-in model: in this process, or in processes of its own."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import standin

from tests.faults.sweeping import digests

Program = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def standin_program(tmp_path: Path) -> Program:
    """Run `python -m standin ARGUMENTS` in an empty folder and return what it said."""

    def run(*arguments: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "standin", *arguments],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(standin.HERE), **(env or {})},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    return run


@pytest.fixture
def fingerprints() -> Callable[[Path], dict[str, str]]:
    """Digest every file of a results folder that must be the same bytes for the same plan."""
    return digests
