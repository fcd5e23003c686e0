"""Which configuration a case mutates, and where: every leaf of every small market in turn."""

import random

from galleria.experiments.design.compose import Composer
from galleria.experiments.design.request import parse
from galleria.experiments.design.trees import JsonTree
from tests.fuzz.files import file_of
from tests.fuzz.mutations import Case, in_leaf, in_override, in_structure, leaves

WAYS = ("leaf", "leaf", "leaf", "leaf", "leaf", "leaf", "structure", "structure", "override", "override")
"""How often each way is taken; of 40 cases one is a file, which takes Hydra a whole composition."""

_FILES = 40


class Drawn:
    """The cases of a seed.

    Parameters
    ----------
    worlds
        Overrides of the small markets.
    composing
        Composes them.
    seed
        Of all cases.
    """

    def __init__(self, worlds: list[tuple[str, ...]], composing: Composer, seed: int) -> None:
        self.worlds = worlds
        self.seed = seed
        self.trees: list[JsonTree] = []
        self.places: list[tuple[int, tuple[str, ...]]] = []
        seen: set[tuple[str, ...]] = set()
        for i, world in enumerate(worlds):
            groups = [text for text in world if composing.is_group(text.partition("=")[0])]
            tree = parse(world, composing).apply(composing.compose(groups))
            self.trees.append(tree)
            new = [path for path in leaves(tree) if path not in seen]
            seen.update(new)
            self.places += [(i, path) for path in new]
        random.Random(seed).shuffle(self.places)

    def case(self, number: int) -> tuple[Case, tuple[str, ...]]:
        """Return a case and the overrides of its market."""
        chance = random.Random(f"{self.seed} {number}")
        world, path = self.places[number % len(self.places)]
        if number % _FILES == _FILES - 1:
            group, content = file_of(chance)
            shown = content[:60].decode("utf-8", "replace")
            return Case(number, "file", group, f"{group}/mine.yaml: {shown!r}", file=content), ("city=toy",)
        way = chance.choice(WAYS)
        if way == "leaf":
            case = in_leaf(number, self.trees[world], path, chance)
        elif way == "structure":
            case = in_structure(number, self.trees[world], path, chance)
        else:
            case = in_override(number, path, chance)
        return case, self.worlds[world]
