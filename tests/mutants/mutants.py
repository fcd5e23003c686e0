"""The list of mutants, read from mutants.toml."""

import tomllib
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]


class Mutant(NamedTuple):
    """A deliberate fault.

    Attributes
    ----------
    what
        In words.
    file, old, new
        Where; what stands there exactly once, and what takes its place.
    by
        What must turn red: rows of `galleria verify`, or arguments of pytest, in the order in which they are asked.
    """

    what: str
    file: str
    old: str
    new: str
    by: tuple[str, ...]


def mutants() -> list[Mutant]:
    """Read all of them."""
    listed = tomllib.loads(Path(__file__).with_name("mutants.toml").read_text(encoding="utf-8"))["mutant"]
    return [Mutant(each["what"], each["file"], each["old"], each["new"], tuple(each["by"])) for each in listed]
