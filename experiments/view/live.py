"""The market behind the live city: the same day with the same shoppers, run again under other settings."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from galleria.experiments.design.one_node import one_tree
from galleria.experiments.view.day import day_of
from galleria.experiments.view.ground import ground_of
from galleria.experiments.view.paths import Paths
from galleria.experiments.view.recording import Recording
from galleria.models.city import build_city
from galleria.models.errors import UsageError
from galleria.models.market import Market
from galleria.models.settings.tree import Settings
from galleria.models.settings.validation import validate
from galleria.models.simulate import open_market

_RECORDED = ("run.record=true", "run.tables=all")
_KEPT = 6
"""Runs that are kept, so that going back to one costs nothing."""


@dataclass
class Live:
    """Runs the day that is watched.

    Parameters
    ----------
    overrides
        What differs from conf/ in all runs, as on a command line.
    config_dir
        A researcher's own folder of YAML.
    """

    overrides: tuple[str, ...] = ()
    config_dir: Path | None = None
    _runs: OrderedDict[tuple[str, ...], tuple[Market, dict[str, Any]]] = field(default_factory=OrderedDict)

    def __post_init__(self) -> None:
        """Build the city, once: no change of the page's asks for another."""
        self.city = build_city(self._settings(()).city)
        self.paths = Paths(self.city)
        self._one_at_a_time = Lock()

    def ground(self) -> dict[str, Any]:
        """Return the map."""
        return ground_of(self.city)

    def day(self, changes: Sequence[str] = ()) -> dict[str, Any]:
        """Return the day as it goes under some further overrides.

        Raises
        ------
        UsageError
            With all problems of the settings.
        """
        return self._run(tuple(changes))[1]

    def market(self, changes: Sequence[str] = ()) -> Market:
        """Return the market that has run under some further overrides."""
        return self._run(tuple(changes))[0]

    def _run(self, changes: tuple[str, ...]) -> tuple[Market, dict[str, Any]]:
        with self._one_at_a_time:
            if changes in self._runs:
                self._runs.move_to_end(changes)
                return self._runs[changes]
            settings = self._settings(changes)
            market = open_market(settings, self.city, 0)
            recording = Recording.of_market(_title(changes), market, market.run())
            day = {**day_of(recording, self.paths), "shoppers": shoppers_of(market)}
            self._runs[changes] = (market, day)
            if len(self._runs) > _KEPT:
                self._runs.popitem(last=False)
            return market, day

    def _settings(self, changes: Sequence[str]) -> Settings:
        tree = one_tree([*self.overrides, *changes, *_RECORDED], "the live city", self.config_dir)
        settings = validate({name: node for name, node in tree.items() if name in Settings.model_fields})
        if settings.run.replications != 1:
            raise UsageError("run.replications: the live city shows one run")
        return settings


def shoppers_of(market: Market) -> Mapping[str, list[int]]:
    """Return who came to shop on the last day, when, and which channel each chose, in the order of arrival."""
    occasions = market.today.occasions
    return {
        "arrive": occasions.arrive_s.astype(int).tolist(),
        "household": occasions.household.tolist(),
        "choice": occasions.choice.tolist(),
    }


def _title(changes: Sequence[str]) -> str:
    return ", ".join(changes) or "as given"
