"""Apply each mutant in a copy of the tree, run what must turn red, and write kills.md: python -m tests.mutants.run.

python -m tests.mutants.run              all of them
python -m tests.mutants.run pay commission   those whose text contains one of the words, without writing the page
"""

import os
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from models.version import source_digest
from tests.mutants.mutants import ROOT, Mutant, mutants

PAGE = Path(__file__).with_name("kills.md")
LIMIT_S = 240
"""After so long a mutant counts as one that hangs, and hanging is red."""
COPIED = ("agents", "conf", "experiments", "hydra_plugins", "models", "tests", "pyproject.toml", "README.md", "docs")


class Kill(NamedTuple):
    """What became of a mutant: by what it was seen, empty if it survived; what else was asked; seconds."""

    mutant: Mutant
    by: str
    seconds: float


def tree(folder: Path) -> Path:
    """Copy the tree into a folder, with its compiled kernels."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("*.pyc"))
        else:
            shutil.copy2(source, folder / name)
    return folder


def command_of(asked: str) -> list[str]:
    """Return the command that asks rows, or tests."""
    if "/" in asked:
        return [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-x",
            "-p",
            "no:cacheprovider",
            "--no-header",
            *shlex.split(asked),
        ]
    only = [word for row in shlex.split(asked) for word in ("--only", row)]
    return [sys.executable, "-m", "experiments.cli", "verify", "--workers", "1", *only]


def exit_code(asked: str, folder: Path) -> int:
    """Ask in a copy of the tree; 0 is green, and hanging is not."""
    environment = {**os.environ, "PYTHONPATH": str(folder), "GALLERIA_CACHE": str(folder / "cache")}
    try:
        done = subprocess.run(
            command_of(asked), cwd=folder, env=environment, capture_output=True, timeout=LIMIT_S, check=False
        )
    except subprocess.TimeoutExpired:
        return 1
    return done.returncode


def hunt(mutant: Mutant, folder: Path) -> Kill:
    """Apply a mutant, ask until something turns red, and put the file back."""
    path = folder / mutant.file
    before, stamp = path.read_text(encoding="utf-8"), path.stat()
    began, by = time.perf_counter(), ""
    path.write_text(before.replace(mutant.old, mutant.new), encoding="utf-8")
    try:
        by = next((asked for asked in mutant.by if exit_code(asked, folder)), "")
    finally:
        path.write_text(before, encoding="utf-8")
        os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    return Kill(mutant, by, time.perf_counter() - began)


def seen(mutant: Mutant, folder: Path, green: dict[str, bool]) -> Kill:
    """Hunt a mutant by what is green without it: what is red anyway proves nothing, and is left out."""
    for asked in mutant.by:
        if asked not in green:
            green[asked] = exit_code(asked, folder) == 0
            if not green[asked]:
                say(f"red without any mutant: {asked}")
    return hunt(mutant._replace(by=tuple(asked for asked in mutant.by if green[asked])), folder)


def page_of(kills: list[Kill]) -> str:
    """Write the table."""
    dead = sum(bool(kill.by) for kill in kills)
    head = [
        "# Mutants",
        "",
        f"Written by `python -m tests.mutants.run` for rules {source_digest()}: of {len(kills)} deliberate faults",
        f"{dead} were seen. Everything named here was green without a fault, in the same copy of the tree.",
        "",
        "| fault | file | seen by | s |",
        "|---|---|---|---|",
    ]
    rows = [
        f"| {mutant.what} | `{mutant.file}` | {f'`{by}`' if by else 'survives'} | {seconds:.0f} |"
        for mutant, by, seconds in kills
    ]
    return "\n".join([*head, *rows]) + "\n"


def say(line: str) -> None:
    """Tell how far it is."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(words: list[str]) -> int:
    """Hunt them; return 1 if one survives."""
    asked = [each for each in mutants() if not words or any(word in each.what for word in words)]
    with TemporaryDirectory(prefix="galleria-mutants-") as name:
        folder = tree(Path(name))
        kills: list[Kill] = []
        green: dict[str, bool] = {}
        for mutant in asked:
            kills.append(seen(mutant, folder, green))
            say(f"{kills[-1].by or 'SURVIVES'}: {mutant.what} ({kills[-1].seconds:.0f} s)")
    if not words:
        PAGE.write_text(page_of(kills), encoding="utf-8")
    return int(not all(kill.by for kill in kills))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
