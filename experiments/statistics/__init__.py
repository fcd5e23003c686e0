"""What the replications of an experiment say, and how surely.

The unit of observation is the replication: a run is one number a metric. Differences are paired by
replication, since two points of a design meet the same shoppers with the same tastes (common random numbers).
Every function here is a pure function of its data, and of a seed where it draws.
"""

from experiments.statistics.cube import Cube
from experiments.statistics.intervals import (
    LEVEL,
    Estimate,
    bootstrap_interval,
    holm,
    paired_difference,
    t_interval,
    t_p_value,
)
from experiments.statistics.summary import SUMMARY_COLUMNS, summarise

__all__ = [
    "LEVEL",
    "SUMMARY_COLUMNS",
    "Cube",
    "Estimate",
    "bootstrap_interval",
    "holm",
    "paired_difference",
    "summarise",
    "t_interval",
    "t_p_value",
]
