"""What the replications of an experiment say, and how surely.

The unit of observation is the replication: a run is one number a metric. Differences are paired by
replication, since two points of a design meet the same shoppers with the same tastes (common random numbers).
Every function here is a pure function of its data, and of a seed where it draws.
"""

from galleria.experiments.statistics.comparing import COMPARE_COLUMNS, Runs, compare
from galleria.experiments.statistics.cube import Cube
from galleria.experiments.statistics.intervals import (
    LEVEL,
    Estimate,
    bootstrap_interval,
    holm,
    paired_difference,
    paired_values,
    t_interval,
    t_p_value,
)
from galleria.experiments.statistics.pairing import PairingGain, pairing_gain
from galleria.experiments.statistics.power import detectable_difference, power, replications_needed
from galleria.experiments.statistics.sensitivity import Indices, morris, noise_share, sobol
from galleria.experiments.statistics.shapley import shapley
from galleria.experiments.statistics.signs import SignStability, sign_stability
from galleria.experiments.statistics.stopping import Decision, StoppingRule, Target
from galleria.experiments.statistics.summary import SUMMARY_COLUMNS, summarise
from galleria.experiments.statistics.surface import FittedSurface, GaussianProcess, Quadratic, fit_surface
from galleria.experiments.statistics.threshold import Threshold, find_threshold

__all__ = [
    "COMPARE_COLUMNS",
    "LEVEL",
    "SUMMARY_COLUMNS",
    "Cube",
    "Decision",
    "Estimate",
    "FittedSurface",
    "GaussianProcess",
    "Indices",
    "PairingGain",
    "Quadratic",
    "Runs",
    "SignStability",
    "StoppingRule",
    "Target",
    "Threshold",
    "bootstrap_interval",
    "compare",
    "detectable_difference",
    "find_threshold",
    "fit_surface",
    "holm",
    "morris",
    "noise_share",
    "paired_difference",
    "paired_values",
    "pairing_gain",
    "power",
    "replications_needed",
    "shapley",
    "sign_stability",
    "sobol",
    "summarise",
    "t_interval",
    "t_p_value",
]
