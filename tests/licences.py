"""Licences of everything that is installed with Galleria, as each package tells its own, for docs/reliability.md."""

import re
from collections import defaultdict
from importlib.metadata import metadata
from pathlib import Path

REQUIREMENTS = Path(__file__).resolve().parents[1] / "requirements"

SHORT = {
    "MIT License": "MIT",
    "BSD": "BSD",
    "BSD License": "BSD",
    "Apache Software License": "Apache-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
"""What classifiers say, in few letters; which of the BSD licences they do not tell."""

OF_OTHER_SYSTEMS = {
    "beniget": "BSD",
    "colorama": "BSD",
    "gast": "BSD",
    "ply": "BSD",
    "pythran": "BSD",
    "setuptools": "MIT",
}
"""Packages that only macOS or Windows needs, which are not there to be asked elsewhere."""

PERMISSIVE = {
    *("MIT", "MIT-CMU", "BSD", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "Apache-2.0", "PSF-2.0", "Zlib", "CC0-1.0"),
    "LLVM-exception",
}
OF_THEIR_FILES = "MPL-2.0"
"""Asks that changes of its own files be published, and nothing of what uses them."""


def pinned(name: str) -> list[str]:
    """List the packages of a file of requirements."""
    return re.findall(r"^([a-z0-9-]+)==", (REQUIREMENTS / name).read_text(encoding="utf-8"), re.MULTILINE)


def licence(package: str) -> str:
    """Return the licence of a package by its metadata: an expression, else a classifier, else a word."""
    if package in OF_OTHER_SYSTEMS:
        return OF_OTHER_SYSTEMS[package]
    told = metadata(package)
    classified = [each.split(" :: ")[-1] for each in told.get_all("Classifier") or () if each.startswith("License ::")]
    name = str(told.get("License-Expression") or (classified or [told.get("License") or ""])[0])
    return SHORT.get(name, name)


def parts(name: str) -> set[str]:
    """Take an expression apart into the licences it names."""
    return set(re.split(r" (?:AND|OR|WITH) ", name))


def table() -> str:
    """Write one row a licence: the packages that a run needs, and those that only work on Galleria needs."""
    base = pinned("base.txt")
    rows: dict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for package in sorted({*base, *pinned("dev.txt")}):
        rows[licence(package)][package not in base].append(package)
    lines = ["| licence | needed to run | needed to work on it |", "|---|---|---|"]
    lines += [f"| {name} | {', '.join(run)} | {', '.join(work)} |" for name, (run, work) in sorted(rows.items())]
    return "\n".join(lines)
