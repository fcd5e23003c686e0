"""Measures of joining: what being on mall-direct brings one store, and what that takes from the others."""

from galleria.models.measures.evidence import Evidence
from galleria.models.measures.registry import measure
from galleria.models.measures.statistics import mean


@measure("gain_of_joining_usd", "$/day")
def gain_of_joining(evidence: Evidence) -> float:
    """Mean profit that being on mall-direct brings a mall store, flipped alone, all else as it is; nan without it."""
    return mean(evidence.joining.flips.gain_usd)


@measure("loss_to_neighbours_usd", "$/day")
def loss_to_neighbours(evidence: Evidence) -> float:
    """Mean profit that all other mall stores together lose by one store's being on mall-direct, flipped alone."""
    return mean(evidence.joining.flips.loss_usd)
