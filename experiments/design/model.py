"""The model as the engine sees it: settings and a replication in, plain tables out.

The engine plans, runs and collects any model of this shape; the tests put stand-ins with known answers here.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import pandas as pd

Tree = Mapping[str, Any]


class Outcome(Protocol):
    """What one run gives."""

    @property
    def metrics(self) -> pd.DataFrame:
        """Columns metric, unit, value."""

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Further tables by name: orders, hours, zones, ..."""


class Model(Protocol):
    """A model that can be experimented with; it is pickled to the workers, so it keeps no state."""

    def version(self) -> str:
        """Name the state of the code: results of different versions are never mixed."""

    def check(self, tree: Tree) -> dict[str, Any]:
        """Validate a tree of settings and give it back in normal form; raise UsageError with all problems."""

    def measures(self) -> Sequence[str]:
        """Name what a run measures; a family's name has its member in angle brackets: share_<channel>."""

    def shared(self, tree: Tree) -> Any:
        """Return the part of the settings on which `prepare` depends."""

    def prepare(self, tree: Tree) -> Any:
        """Build what runs share (the city), from the cache when it is there."""

    def simulate(self, tree: Tree, prepared: Any, replication: int) -> Outcome:
        """Run one replication."""

    def report(self, folder: Path) -> tuple[Path, list[str]]:
        """Write the report of a results folder; return its path and the main findings."""
