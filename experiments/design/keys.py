"""Keys of runs: hashes of everything that decides a run's result, and of nothing else."""

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

OUTPUT_KEYS = ("output", "replications")
"""Keys of `run` that do not change what a run gives."""


def settings_digest(tree: Mapping[str, Any]) -> str:
    """Hash the settings of a point: all but the output keys, and the contents of the files they name."""
    run = {key: value for key, value in tree["run"].items() if key not in OUTPUT_KEYS}
    return hash_of(_with_contents({**tree, "run": run}))


def run_key(digest: str, replication: int, model_version: str) -> str:
    """Hash what identifies a run."""
    return hash_of([digest, replication, model_version])[:20]


def _with_contents(node: Any) -> Any:
    """Put a digest of its contents in the place of each file that the settings name."""
    if isinstance(node, Mapping):
        return {key: _with_contents(inner) for key, inner in node.items()}
    if isinstance(node, list | tuple):
        return [_with_contents(inner) for inner in node]
    if isinstance(node, str) and ("/" in node or "." in node) and (path := Path(node)).is_file():
        return {"contents": _digest_of(path, path.stat().st_mtime_ns)}
    return node


@lru_cache(maxsize=256)
def _digest_of(path: Path, _changed: int) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def hash_of(content: Any) -> str:
    """Hash a tree of plain values."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
