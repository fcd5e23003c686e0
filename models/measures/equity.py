"""Measures of how evenly the gains fall on the zones of the city."""

import numpy as np

from galleria.agents.kernel.arrays import Floats
from galleria.models.measures.evidence import Evidence
from galleria.models.measures.registry import measure, measures
from galleria.models.measures.statistics import atkinson, gini, theil


def _surplus_by_zone(evidence: Evidence) -> Floats:
    """Return the mean quoted consumer surplus of an occasion in each zone that had any, $."""
    zone = np.concatenate([record.zone for record in evidence.records])
    surplus_usd = np.concatenate([record.surplus_usd for record in evidence.records])
    count = np.bincount(zone)
    total = np.bincount(zone, surplus_usd)
    return np.asarray(total[count > 0] / count[count > 0])


@measure("gini_zone_surplus", "-")
def gini_zone_surplus(evidence: Evidence) -> float:
    """Gini coefficient over zones of the mean consumer surplus of an occasion."""
    return gini(_surplus_by_zone(evidence))


@measure("theil_zone_surplus", "-")
def theil_zone_surplus(evidence: Evidence) -> float:
    """Theil index over zones of the mean consumer surplus of an occasion."""
    return theil(_surplus_by_zone(evidence))


@measures("atkinson_<aversion>_zone_surplus", "-")
def atkinson_zone_surplus(evidence: Evidence) -> dict[str, float]:
    """Atkinson index over zones of the mean consumer surplus of an occasion, at inequality aversion 0.5 and 1."""
    surplus_usd = _surplus_by_zone(evidence)
    return {name: atkinson(surplus_usd, aversion) for name, aversion in (("half", 0.5), ("one", 1.0))}


@measure("gini_zone_delivery_min", "-")
def gini_zone_delivery_min(evidence: Evidence) -> float:
    """Gini coefficient over zones of the mean time from order to door of gig deliveries."""
    zone = evidence.orders.zone[evidence.gig]
    count = np.bincount(zone)
    return gini(np.bincount(zone, evidence.delivery_min)[count > 0] / count[count > 0])
