"""The command by which results were asked for, as a page shows it: without what belongs to the machine alone."""

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

_OF_THE_MACHINE = ("run.output=", "hydra.launcher.", "hydra/launcher=")


def asked_command(provenance: Mapping[str, Any]) -> str:
    """Return the command line of results, to be given again anywhere.

    Where results went and how many workers there were is left out; of an absolute path only the name is kept.
    """
    words = str(provenance.get("command") or "").split()
    return " ".join(_plain(word) for word in words if not word.startswith(_OF_THE_MACHINE))


def _plain(word: str) -> str:
    key, sign, value = word.rpartition("=")
    return f"{key}{sign}{PurePath(value).name}" if value.startswith("/") else word
