"""How the tests of this folder start the stand-in model: in this process, or in processes of its own."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path

import pytest
import standin

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

    def digest(folder: Path) -> dict[str, str]:
        files = [
            *(folder / f"{name}.parquet" for name in ("plan", "metrics", "summary")),
            folder / "summary.csv",
            folder / "config.yaml",
            *sorted((folder / "tables").rglob("*.parquet")),
        ]
        return {str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest() for path in files}

    return digest
