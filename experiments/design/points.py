"""The settings of each point of a design: config groups composed, factors set, checked by the model."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from galleria.experiments.design.compose import Composer
from galleria.experiments.design.draws import with_followers
from galleria.experiments.design.factors import SWITCH, FactorSettings, Point, Value
from galleria.experiments.design.interpolation import resolved
from galleria.experiments.design.keys import OUTPUT_KEYS, settings_digest
from galleria.experiments.design.model import Model
from galleria.experiments.design.request import Request, chosen
from galleria.experiments.design.switches import Switch, set_by
from galleria.experiments.design.trees import JsonTree, has_key, key_paths, value_at, with_value
from galleria.models.errors import UsageError
from galleria.models.settings.errors import unknown_key

NOT_SETTINGS = ("experiment", "design", "shard")
"""Nodes of the configuration that ask the question; the rest describes the model."""


@dataclass(frozen=True)
class Frame:
    """What the points of a design have in common: what is asked, where composed, who checks, what switches set."""

    request: Request
    composer: Composer
    model: Model
    switches: Mapping[str, Switch] = field(default_factory=dict)

    def base(self) -> JsonTree:
        """Return the configuration before any factor is set."""
        return self.request.apply(self._composed(()))

    def trees(self, points: Sequence[Point]) -> tuple[list[JsonTree], list[str]]:
        """Resolve and check the settings of each point; return them and all problems."""
        trees: list[JsonTree] = []
        problems: list[str] = []
        absent = self.request.absent(self._composed(()))
        for point in (set_by(self.switches, each) for each in points):
            choices = [chosen(key, value) for key, value in point.items() if self.is_group(key)]
            try:
                composed = self._composed(choices)
                absent = [key for key in absent if key in self.request.absent(composed)]
                tree = self.request.apply(composed)
                for key, value in point.items():
                    if has_key(tree, key) and not self.is_group(key):
                        tree = with_value(tree, key, value)
                trees.append(self.model.check(without_questions(resolved(with_followers(tree)))))
            except UsageError as error:
                problems += error.problems
        return trees, [*map(self.unknown, absent), *problems]

    def value(self, key: str, config: JsonTree, factors: Mapping[str, FactorSettings]) -> Value:
        """Return the value that a factor has when nobody varies it.

        A config group's is not known and never equal; a key that only some choice of a varied group brings has the
        value it has there. A switch is off.
        """
        if key in self.switches:
            return SWITCH[0]
        if self.is_group(key):
            return None
        trees = [config] if has_key(config, key) else self._with(key, factors)
        value: Value = next((value_at(tree, key) for tree in trees), None)
        return value

    def problem(self, key: str, base: JsonTree, factors: Mapping[str, FactorSettings]) -> str | None:
        """Say why a factor is no setting that can be varied, if so."""
        if key in {f"run.{name}" for name in OUTPUT_KEYS}:
            return f"{key} cannot be varied: it does not change what a run gives"
        if key in self.switches:
            return self._problem_of_switch(key, base)
        if self.is_group(key) or has_key(base, key) or any(islice(self._with(key, factors), 1)):
            return None
        return self.unknown(key)

    def _problem_of_switch(self, name: str, base: JsonTree) -> str | None:
        """Say what a switch sets that cannot be set; choices of config groups that several switches make are joined."""
        everything = set_by(self.switches, dict.fromkeys(self.switches, SWITCH[1]))
        made = self._composed([chosen(key, value) for key, value in everything.items() if self.is_group(key)])
        for key in (each for each in self.switches[name] if not self.is_group(each)):
            if any(key in other for switch, other in self.switches.items() if switch != name):
                return f"design.factors.{name}.switches: {key} is set by another switch too"
            if not has_key(base, key) and not has_key(made, key):
                return f"design.factors.{name}.switches: {self.unknown(key)}"
        return None

    def unknown(self, key: str) -> str:
        """Say that a key does not exist, and which choice brings it or which other key was probably meant."""
        group, _, rest = key.partition(".")
        choice = rest.partition(".")[0]
        tree = self.base()
        if choice in self.composer.options(group):
            having = self._composed([f"{group}={choice}"])
            if has_key(having, key):
                return f"{key}: there is no such key here; {group}={choice} has it"
            tree = having
        return unknown_key(key, list(key_paths(tree)))

    def is_group(self, key: str) -> bool:
        """Say whether a factor is a config group."""
        return self.composer.is_group(key.partition("@")[0])

    def _composed(self, choices: Sequence[str]) -> JsonTree:
        return self.composer.compose((*self.request.choices, *choices))

    def _with(self, key: str, factors: Mapping[str, FactorSettings]) -> Iterator[JsonTree]:
        """Compose the choices of varied groups until one is met that has a key."""
        for group, factor in factors.items():
            for level in factor.values or () if self.is_group(group) else ():
                tree = self._composed([chosen(group, level)])
                if has_key(tree, key):
                    yield resolved(tree)


def distinct(
    points: Sequence[Point], trees: Sequence[JsonTree]
) -> tuple[list[Point], list[JsonTree], list[str], list[int]]:
    """Keep the first of points that are the same (rounded numbers of a spread design, a value listed twice).

    Returns
    -------
    Points, their trees and digests, and for each point given the number of the one kept.
    """
    kept: dict[str, int] = {}
    found = [settings_digest(tree) for tree in trees]
    for i, digest in enumerate(found):
        kept.setdefault(digest, i)
    number = {digest: n for n, digest in enumerate(kept)}
    first = kept.values()
    return [points[i] for i in first], [trees[i] for i in first], list(kept), [number[digest] for digest in found]


def without_questions(tree: JsonTree) -> JsonTree:
    """Return the part of a configuration that describes the model."""
    return {key: node for key, node in tree.items() if key not in NOT_SETTINGS}
