"""The state of the code: what is kept of one version is never mixed with another's."""

import hashlib
from functools import lru_cache
from pathlib import Path

from galleria.agents.kernel.plugins import own_files


def source_digest() -> str:
    """Return a digest of the rules: every source file of agents/ and models/, and a researcher's own modules."""
    return _digest(own_files())


@lru_cache
def _digest(own: tuple[Path, ...]) -> str:
    root = Path(__file__).resolve().parent.parent
    digest = hashlib.sha256()
    for package in ("agents", "models"):
        for path in sorted((root / package).rglob("*.py")):
            digest.update(path.relative_to(root).as_posix().encode())
            digest.update(path.read_bytes())
    for path in own:
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:8]
