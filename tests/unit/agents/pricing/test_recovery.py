"""Additions that recover costs: in full where an order costs the same, by the theorem where hours are paid."""

import numpy as np
import pytest

from galleria.agents.kernel.arrays import Floats
from galleria.agents.pricing.recovery import Recovery

STEEP = 0.25


def exponential(further_usd: float, *, fixed_usd: float = 0.0, share: float = 1.0) -> Recovery:
    """One courier with 100 e^(-x / 4) orders that cost so much each, and so much all together."""
    return Recovery(
        orders=lambda added: np.asarray(100 * np.exp(-STEEP * added)),
        usd_per_further_order=lambda orders: np.full_like(orders, further_usd),
        usd_per_order=lambda orders: np.asarray(further_usd + fixed_usd / orders),
        share=share,
        most_usd=10.0,
        step_usd=0.25,
    )


def test_what_each_order_costs_is_passed_on_by_the_share_up_to_the_most() -> None:
    assert exponential(3.1).additions(1) == pytest.approx(3.1)
    assert exponential(3.1, share=0.5).additions(1) == pytest.approx(1.55)
    assert exponential(0.0).additions(1) == 0.0
    assert exponential(12.0).additions(1) == 10.0
    assert [exponential(cost).out_of_reach(1)[0] for cost in (0.0, 3.1, 9.9, 12.0)] == [False, False, False, True]


def test_additions_rest_where_each_is_the_cost_at_the_orders_of_all() -> None:
    """With orders that move to others, and a cost that grows as orders fall; the smallest of several such places."""

    def orders(added: Floats) -> Floats:
        return np.asarray(100 * np.exp(-STEEP * added + 0.1 * added[::-1]))

    def cost(placed: Floats) -> Floats:
        return np.asarray(1.0 + 60 / placed)

    added = Recovery(orders, cost, cost, 1.0, 10.0, 0.25).additions(2)
    np.testing.assert_allclose(added, cost(orders(added)), atol=1e-3)
    assert (added < 2.2).all()
