"""The meal-delivery routing problem as a referee: public instances, run under their rules by the market's dispatcher.

`instance` reads, `referee` runs, `solution` writes what was done in the instances' own format, `scores` measures it,
`undelivered` says why orders were left, and `greedy` is the simple rule to be beaten.
"""

from galleria.experiments.mdrp.greedy import run_greedy
from galleria.experiments.mdrp.instance import Instance, find_instances, read_instance
from galleria.experiments.mdrp.referee import Delivered, Trip, referee_of, run_instance
from galleria.experiments.mdrp.scores import read_bounds, score
from galleria.experiments.mdrp.solution import write_solution

__all__ = [
    "Delivered",
    "Instance",
    "Trip",
    "find_instances",
    "read_bounds",
    "read_instance",
    "referee_of",
    "run_greedy",
    "run_instance",
    "score",
    "write_solution",
]
