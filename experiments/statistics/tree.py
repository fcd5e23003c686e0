"""A tree that tells by parameters which sign an effect has: a second opinion on a box, cut by cut."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from galleria.experiments.statistics.discovery import Flags, Limit
from galleria.experiments.statistics.intervals import Floats

_DEPTH = 2
_SMALLEST = 0.1
_FEWEST = 5
_FOLDS = 5


@dataclass(frozen=True)
class Leaf:
    """Draws that answer a tree's questions alike.

    Attributes
    ----------
    limits
        The questions' answers.
    draws, hits
        Number of draws, and of those with the outcome.
    """

    limits: tuple[Limit, ...]
    draws: int
    hits: int


@dataclass(frozen=True)
class Tree:
    """A tree of at most two questions.

    Attributes
    ----------
    leaves
        From the one where the outcome is rarest.
    right, commoner
        Share of left-out draws, over five folds, whose outcome the tree foretells, and share that the commoner outcome
        has.
    """

    leaves: tuple[Leaf, ...]
    right: float
    commoner: float


def grow(parameters: ArrayLike, turned: ArrayLike, seed: int = 0) -> Tree:
    """Grow a tree and try it on left-out draws.

    Parameters
    ----------
    parameters
        float64[draws, parameters].
    turned
        bool[draws], the outcome to be told, both kinds of it at least five times.
    seed
        Of the folds.
    """
    from sklearn.model_selection import StratifiedKFold, cross_val_score  # noqa: PLC0415 (slow to import)
    from sklearn.tree import DecisionTreeClassifier  # noqa: PLC0415

    x, y = np.asarray(parameters, np.float64), np.asarray(turned, np.bool_)
    smallest = max(_FEWEST, round(_SMALLEST * len(y)))
    tree = DecisionTreeClassifier(max_depth=_DEPTH, min_samples_leaf=smallest, random_state=seed)
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=seed)
    right = float(np.mean(cross_val_score(tree, x, y, cv=folds)))
    cuts = tree.fit(x, y).tree_
    ends = np.stack([np.full(x.shape[1], -np.inf), np.full(x.shape[1], np.inf)])
    leaves = sorted(_leaves(cuts, 0, ends, x, y), key=lambda leaf: leaf.hits / leaf.draws)
    return Tree(tuple(leaves), right, float(max(y.mean(), 1 - y.mean())))


def _leaves(cuts: object, node: int, ends: Floats, x: Floats, y: Flags) -> Iterator[Leaf]:
    left, right = (int(getattr(cuts, side)[node]) for side in ("children_left", "children_right"))
    if left == right:  # both -1: no further question
        within = ((x > ends[0]) & (x <= ends[1])).all(axis=1)
        limited = np.flatnonzero(np.isfinite(ends).any(axis=0))
        limits = tuple(Limit(int(i), float(ends[0, i]), float(ends[1, i])) for i in limited)
        yield Leaf(limits, int(within.sum()), int((within & y).sum()))
        return
    column, cut = int(getattr(cuts, "feature")[node]), float(getattr(cuts, "threshold")[node])  # noqa: B009
    for child, end in ((left, 1), (right, 0)):
        further = ends.copy()
        further[end, column] = cut
        yield from _leaves(cuts, child, further, x, y)
