"""The market behind the live city: the same day with the same shoppers, run again under other settings."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import Any

from galleria.experiments.design.one_node import one_tree
from galleria.experiments.design.trees import JsonTree
from galleria.experiments.view.controls import DAY, controls_of
from galleria.experiments.view.day import day_of
from galleria.experiments.view.ground import ground_of
from galleria.experiments.view.offers import offers_of
from galleria.experiments.view.paths import Paths
from galleria.experiments.view.recording import Recording
from galleria.models.city import build_city
from galleria.models.errors import UsageError
from galleria.models.market import Market
from galleria.models.settings.tree import Settings
from galleria.models.settings.validation import settings_in
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
        self.controls = controls_of(self._tree(()), self.overrides, self.config_dir)
        self.city = build_city(self._settings(()).city)
        self.paths = Paths(self.city)
        self._one_at_a_time = Lock()

    def ground(self) -> dict[str, Any]:
        """Return the map."""
        return ground_of(self.city)

    def day(self, changes: Mapping[str, Any] = MappingProxyType({})) -> dict[str, Any]:
        """Return the day as it goes under what was changed on the page.

        Parameters
        ----------
        changes
            Value by key of the configuration, and `replication` for another day.

        Raises
        ------
        UsageError
            With all problems of the settings.
        """
        return self._run(changes)[1]

    def offers(self, changes: Mapping[str, Any], order: int) -> list[dict[str, Any]]:
        """Return what the shopper who placed an order had to choose from."""
        return offers_of(self._run(changes)[0], order)

    def _run(self, changes: Mapping[str, Any]) -> tuple[Market, dict[str, Any]]:
        overrides, replication = tuple(self.controls.overrides(changes)), int(changes.get(DAY, 0))
        asked = (*overrides, f"{DAY}={replication}")
        with self._one_at_a_time:
            if asked in self._runs:
                self._runs.move_to_end(asked)
                return self._runs[asked]
            market = open_market(self._settings(overrides), self.city, replication)
            recording = Recording.of_market(", ".join(overrides) or "as given", market, market.run())
            day = {
                **day_of(recording, self.paths),
                "shoppers": shoppers_of(market),
                "command": self._command(overrides),
            }
            self._runs[asked] = (market, day)
            if len(self._runs) > _KEPT:
                self._runs.popitem(last=False)
            return market, day

    def _command(self, changes: Sequence[str]) -> str:
        """Say how the same settings are run from the command line."""
        return " ".join(["galleria run", *self._with(changes)])

    def _with(self, changes: Sequence[str]) -> list[str]:
        """Return all overrides, what was changed in the place of what was given."""
        changed = {text.partition("=")[0] for text in changes}
        kept = [text for text in self.overrides if text.partition("=")[0] not in changed]
        if any(text.startswith("policy=") for text in changes):
            kept = [text for text in kept if not text.startswith("policy.")]
        return [*kept, *changes]

    def _tree(self, changes: Sequence[str]) -> JsonTree:
        return one_tree([*self._with(changes), *_RECORDED], "the live city", self.config_dir)

    def _settings(self, changes: Sequence[str]) -> Settings:
        settings = settings_in(self._tree(changes))
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
