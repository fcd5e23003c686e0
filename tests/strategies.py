"""Hypothesis strategies that several property tests draw from."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from galleria.agents.customers.choice import Nests
from galleria.agents.kernel.arrays import Floats

TREE = np.array([0, 0, 0, 1, 1, 2])
"""Three couriers, two stores, nothing: the market's tree in small."""


@st.composite
def nests(draw: st.DrawFn) -> Nests:
    """Draw a choice tree with any dissimilarities."""
    dissimilarity = [draw(st.floats(0.2, 1.0)) for _ in range(2)]
    return Nests(TREE, np.array([*dissimilarity, 1.0]))


@st.composite
def utilities(draw: st.DrawFn, shoppers: int = 4) -> Floats:
    """Draw utilities of some shoppers, channels missing here and there but never not buying."""
    value = draw(arrays(np.float64, (shoppers, len(TREE)), elements=st.floats(-8, 8)))
    missing = draw(arrays(np.bool_, (shoppers, len(TREE))))
    missing[:, -1] = False
    return np.where(missing, -np.inf, value)


@st.composite
def cost_matrices(draw: st.DrawFn, largest: int = 7) -> Floats:
    """Draw costs of orders by drivers, some pairs forbidden."""
    shape = (draw(st.integers(1, largest)), draw(st.integers(1, largest)))
    cost = draw(arrays(np.float64, shape, elements=st.floats(-500, 2000, width=32)))
    forbidden = draw(arrays(np.bool_, shape))
    return np.where(forbidden, np.inf, cost)
