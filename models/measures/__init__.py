"""Outcome measures: one registry of names, units and definitions (model 9; names in design 5).

Amounts and counts are per operating day unless the name says otherwise. Times, kilometres and drivers' figures are
those of gig deliveries, whose parcels come within hours. A measure that is not defined in a run (a mean over no orders)
is nan.
"""

from galleria.models.measures import (
    bundles,
    competition,
    drivers,
    equity,
    independents,
    joining,
    meals,
    money,
    road,
    service,
    space,
    vehicles,
)
from galleria.models.measures.evidence import Evidence
from galleria.models.measures.registry import Measure, measure, measure_all, measures, measures_table, registry

__all__ = [
    "Evidence",
    "Measure",
    "bundles",
    "competition",
    "drivers",
    "equity",
    "independents",
    "joining",
    "meals",
    "measure",
    "measure_all",
    "measures",
    "measures_table",
    "money",
    "registry",
    "road",
    "service",
    "space",
    "vehicles",
]
