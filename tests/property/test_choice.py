"""What must hold of nested logit whatever the utilities are."""

import numpy as np
from hypothesis import given, settings

from galleria.agents.customers.choice import Nests, choose_channel, log_sum, probabilities
from galleria.agents.kernel.arrays import Floats
from tests.strategies import nests, utilities

few = settings(max_examples=100, deadline=None, derandomize=True, database=None)


@given(utilities(), nests())
@few
def test_probabilities_are_a_distribution_over_what_is_available(utility: Floats, tree: Nests) -> None:
    p = probabilities(utility, tree)
    np.testing.assert_allclose(p.sum(axis=1), 1, rtol=1e-12)
    assert ((p > 0) == np.isfinite(utility)).all()


@given(utilities(), nests())
@few
def test_a_probability_is_the_slope_of_the_log_sum(utility: Floats, tree: Nests) -> None:
    """Williams, Daly and Zachary: d logsum / d V_j = P_j."""
    step = 1e-5
    for channel in range(utility.shape[1]):
        up, down = utility.copy(), utility.copy()
        up[:, channel] += step
        down[:, channel] -= step
        slope = (log_sum(up, tree) - log_sum(down, tree)) / (2 * step)
        np.testing.assert_allclose(slope, probabilities(utility, tree)[:, channel], atol=1e-7)


@given(utilities(), nests())
@few
def test_more_to_choose_from_is_never_worse(utility: Floats, tree: Nests) -> None:
    fewer = utility.copy()
    fewer[:, 0] = -np.inf
    assert (log_sum(utility, tree) >= log_sum(fewer, tree) - 1e-12).all()
    assert (log_sum(utility, tree) >= utility[:, -1]).all()


@given(utilities(), utilities())
@few
def test_nobody_leaves_a_channel_that_got_better(utility: Floats, noise: Floats) -> None:
    noise = np.where(np.isfinite(noise), noise, 0.0)
    before = choose_channel(utility, noise)
    better = utility.copy()
    better[np.arange(len(before)), before] += 1
    np.testing.assert_array_equal(choose_channel(better, noise), before)
