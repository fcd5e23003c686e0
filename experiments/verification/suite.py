"""All rows, in the order of the table."""

from galleria.experiments.verification import (
    arrivals,
    choices,
    fees,
    floors,
    geese,
    identities,
    labour,
    mean_field,
    metrics,
    outside,
    queues,
    routes,
    space,
    traffic,
)
from galleria.experiments.verification.registry import ROWS, Row

SUBJECTS = (
    *(identities, queues, arrivals, space, routes, geese, choices, fees, mean_field, labour, floors, traffic),
    *(metrics, outside),
)

__all__ = ["ROWS", "SUBJECTS", "in_order"]


def in_order() -> list[Row]:
    """Return all rows, subject by subject."""
    names = [each.__name__.rpartition(".")[2] for each in SUBJECTS]
    return sorted(ROWS.values(), key=lambda row: names.index(row.subject) if row.subject in names else len(names))
