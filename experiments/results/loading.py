"""Results as pandas frames: `load(folder)`."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
from omegaconf import OmegaConf

from galleria.experiments.results.folder import Folder
from galleria.models.errors import UsageError


@dataclass(frozen=True)
class Results:
    """A results folder, read when asked for.

    Attributes
    ----------
    folder
        Where it stands.
    """

    folder: Path

    @cached_property
    def plan(self) -> pd.DataFrame:
        """One row a run: run_key, point, replication, one column a factor."""
        return self._frame("plan.parquet")

    @cached_property
    def runs(self) -> pd.DataFrame:
        """One row a run that ended: run_key, point, replication, seed, status, seconds, error."""
        return self._frame("runs.parquet")

    @cached_property
    def metrics(self) -> pd.DataFrame:
        """Long: run_key, point, replication, metric, unit, value."""
        return self._frame("metrics.parquet")

    @cached_property
    def summary(self) -> pd.DataFrame:
        """One row a point and metric: mean, interval, and difference from the baseline point."""
        return self._frame("summary.parquet")

    @cached_property
    def provenance(self) -> dict[str, Any]:
        """Code, machine, command, question, factors and baseline point."""
        return Folder(self.folder).read_provenance()

    @cached_property
    def config(self) -> dict[str, Any]:
        """The resolved base configuration."""
        content = OmegaConf.to_container(OmegaConf.load(self.folder / "config.yaml"))
        if not isinstance(content, dict):
            raise UsageError(f"{self.folder / 'config.yaml'} is not a configuration")
        return {str(key): node for key, node in content.items()}

    @property
    def tables(self) -> list[str]:
        """Names of the further tables that were kept."""
        place = self.folder / "tables"
        return sorted(path.name for path in place.iterdir()) if place.is_dir() else []

    def table(self, name: str) -> pd.DataFrame:
        """Return a further table: orders, hours, drivers, retailers, zones or days, with run_key.

        Raises
        ------
        UsageError
            The table was not kept.
        """
        if name not in self.tables:
            kept = ", ".join(self.tables) or "none"
            raise UsageError(f"{self.folder} has no table {name} (there are {kept}); run.tables=all keeps all")
        parts = [pd.read_parquet(path) for path in sorted((self.folder / "tables" / name).glob("*.parquet"))]
        return pd.concat(parts, ignore_index=True)

    def _frame(self, name: str) -> pd.DataFrame:
        path = self.folder / name
        if not path.is_file():
            raise UsageError(f"{self.folder} has no {name}: galleria report {self.folder} collects what is there")
        return pd.read_parquet(path)


def load(folder: str | Path) -> Results:
    """Open a results folder.

    Raises
    ------
    UsageError
        It is none.
    """
    results = Results(Path(folder))
    results.provenance  # noqa: B018 (reading it is the check)
    return results
