"""Apply each mutant in a copy of the tree, run what must turn red, and write kills.md: python -m tests.mutants.run.

python -m tests.mutants.run              all of them
python -m tests.mutants.run pay commission   those that contain one of the words; the page keeps the other lines
"""

import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from galleria.models.version import source_digest
from tests.mutants.mutants import ROOT, Mutant, mutants

PAGE = Path(__file__).with_name("kills.md")
LIMIT_S = 240
"""After so long a mutant counts as one that hangs, and hanging is red."""
COPIED = (
    "agents",
    "conf",
    "experiments",
    "galleria",
    "hydra_plugins",
    "models",
    "tests",
    "pyproject.toml",
    "README.md",
    "docs",
)


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
            shutil.copytree(source, folder / name, symlinks=True, ignore=shutil.ignore_patterns("*.pyc"))
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
    return [sys.executable, "-m", "galleria.experiments.cli", "verify", "--workers", "1", *only]


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


def page_of(lines: Iterable[str]) -> str:
    """Write the table of lines."""
    rows = list(lines)
    dead = sum("| survives |" not in row for row in rows)
    head = [
        "# Mutants",
        "",
        f"Written by `python -m tests.mutants.run`: of {len(rows)} deliberate faults {dead} were seen. What saw them",
        "was green without a fault, in the same copy of the tree; the rules are those of the version named.",
        "",
        "| fault | file | seen by | s | rules |",
        "|---|---|---|---|---|",
    ]
    return "\n".join([*head, *rows]) + "\n"


def line_of(kill: Kill) -> str:
    """Write the line of a mutant."""
    by = f"`{kill.by}`" if kill.by else "survives"
    return f"| {kill.mutant.what} | `{kill.mutant.file}` | {by} | {kill.seconds:.0f} | {source_digest()} |"


def lines_before() -> dict[str, str]:
    """Read the lines of the page by what they are about."""
    text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    return {line.split(" | ")[0].removeprefix("| "): line for line in text.splitlines() if line.count(" | ") == 4}


def say(line: str) -> None:
    """Tell how far it is."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(words: list[str]) -> int:
    """Hunt them; return 1 if one survives."""
    asked = [each for each in mutants() if not words or any(word in each.what for word in words)]
    with TemporaryDirectory(prefix="galleria-mutants-") as name:
        folder = tree(Path(name))
        lines, green, alive = lines_before(), dict[str, bool](), 0
        for mutant in asked:
            kill = seen(mutant, folder, green)
            alive += not kill.by
            lines[mutant.what] = line_of(kill)
            say(f"{kill.by or 'SURVIVES'}: {mutant.what} ({kill.seconds:.0f} s)")
    PAGE.write_text(page_of(lines[each.what] for each in mutants() if each.what in lines), encoding="utf-8")
    return int(alive > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
