"""A broker hands each order to the courier that is best for whom it serves, and to no other."""

import numpy as np
import pytest

from galleria.agents.couriers.broker import pick, social_cost
from galleria.models.demand.day import ShoppingDay
from galleria.models.errors import UsageError
from tests.market_worlds import BUSY_TOY, market_of, run_of, settings_of

BROKERED = (*BUSY_TOY, "market=broker")


def test_the_cheapest_is_picked_and_one_s_own_where_none_is_cheaper() -> None:
    cost = np.array([[3.0, 2.0], [2.0, 2.0], [np.inf, np.inf], [5.0, np.inf]])
    assert pick(cost, np.array([0, 1, 1, 1])).tolist() == [1, 1, 1, 0]


def test_costs_are_counted_by_hand() -> None:
    """Driving 3 km at 0.5 $ and half an hour at 2 $."""
    cost = social_cost(np.array([[1.0]]), np.array([[2.0]]), np.array([0.5]), np.array([[0.5]]), np.array([2.0]))
    assert cost.tolist() == [[2.5]]


@pytest.mark.parametrize("chooses_for", ["customer", "planner"])
def test_orders_go_to_the_best_of_the_brokered_couriers(chooses_for: str) -> None:
    market = market_of(*BROKERED, f"strategy.broker.chooses_for={chooses_for}")
    seen = []
    route = market.shop.broker.route if market.shop.broker is not None else None
    assert route is not None

    def watched(
        today: ShoppingDay, shoppers: slice, quote_h: np.ndarray[tuple[int, ...], np.dtype[np.float64]]
    ) -> None:
        before = market.today.occasions.choice[shoppers].copy()
        route(today, shoppers, quote_h)
        seen.append((before, market.today.occasions.choice[shoppers].copy(), market.today.occasions.utility[shoppers]))

    market.shop.broker.route = watched  # type: ignore[union-attr,method-assign]
    market.run()
    before, after = (np.concatenate([each[k] for each in seen]) for k in (0, 1))
    utility = np.concatenate([each[2] for each in seen])
    brokered = [market.world.channels.number(name) for name in ("mall_direct", "rival_a", "rival_b")]
    asked = np.isin(before, brokered)
    assert (before[~asked] == after[~asked]).all()
    assert np.isin(after[asked], brokered).all()
    assert (before[asked] != after[asked]).any()
    assert np.isfinite(utility[np.arange(len(after)), after]).all()
    if chooses_for == "customer":
        worth = utility[:, brokered] - market.world.channels.constants[brokered]
        assert np.allclose((utility - market.world.channels.constants)[asked, after[asked]], worth[asked].max(axis=1))


def test_what_the_broker_changes_is_felt_as_a_loss_of_choice() -> None:
    """Everybody's own choice was the best by their tastes: who is handed on loses, nobody else does."""
    market, _ = run_of(*BROKERED)
    today, alpha = market.today, market.world.households.price_sensitivity
    felt = today.occasions.utility + today.occasions.noise
    best = felt.max(axis=1)
    got = felt[np.arange(len(felt)), today.occasions.choice]
    assert today.routed_usd == pytest.approx((got - best) / alpha[today.occasions.household])
    assert today.routed_usd.min() < 0


def test_a_broker_of_nobody_is_refused() -> None:
    with pytest.raises(UsageError, match="warehouse is no gig courier; there are mall_direct, rival_a, rival_b"):
        settings_of(*BROKERED, "strategy.broker.couriers=[mall_direct,warehouse]")
    with pytest.raises(UsageError, match=r"strategy\.broker with retailers\.stock\.units = 20"):
        settings_of(*BROKERED, "retailers.stock.units=20")
