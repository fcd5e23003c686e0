"""Lines written as well-known text."""

import numpy as np

from galleria.models.city.raw import Floats


def points_of(text: str) -> Floats:
    """Read the points of a LINESTRING, float64 [k, 2]."""
    inside = text[text.index("(") + 1 : text.rindex(")")]
    return np.array([[float(value) for value in point.split()[:2]] for point in inside.split(",")])
