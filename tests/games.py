"""Games of fees for tests: one shopper with closed forms, or a mixed crowd with baskets of their own."""

import numpy as np

from agents.customers.choice import Nests
from agents.kernel.arrays import Floats
from agents.pricing.equilibrium import bertrand_nash
from agents.pricing.fees import Demand, FeeGame

ALPHA = 0.35
QUALITY = np.array([3.0, 2.5, 2.0])
COST_USD = np.array([6.0, 5.0, 4.0])
EACH_FOR_ITSELF = np.eye(3)


def logit_game(
    quality: Floats,
    cost_usd: Floats,
    ownership: Floats,
    *,
    dissimilarity: float = 1.0,
    alpha: float = ALPHA,
) -> FeeGame:
    """One shopper, one nest of couriers, not buying outside of it."""
    couriers = len(quality)
    nests = Nests(np.array([0] * couriers + [1]), np.array([dissimilarity, 1.0]))
    demand = Demand(np.append(quality, 0.0)[None, :], np.array([alpha]), nests, couriers)
    return FeeGame(demand, -cost_usd[None, :], ownership, np.ones(couriers, np.bool_), -50.0, 200.0)


def mixed_game(ownership: Floats, *, shoppers: int = 400) -> FeeGame:
    """Shoppers with their own price sensitivity and basket; margins grow with the basket."""
    generator = np.random.default_rng(8)
    basket = 55 * np.exp(0.6 * generator.standard_normal(shoppers) - 0.18)
    alpha = 0.25 * np.exp(0.35 * generator.standard_normal(shoppers) - 0.06)
    rate = np.array([0.0, 0.22, 0.22, 0.0])
    utility = np.array([1.0, 2.0, 1.5, 2.5]) - alpha[:, None] * rate * basket[:, None]
    utility = np.column_stack([utility, generator.standard_normal(shoppers), np.zeros(shoppers)])
    utility[::7, 1] = -np.inf
    margin = np.array([0.12, 0.27, 0.27, 0.12]) * basket[:, None] - np.array([11.0, 10.3, 10.3, 2.5])
    nests = Nests(np.array([0, 0, 0, 0, 1, 2]), np.array([0.7, 0.7, 1.0]))
    priced = np.array([True, True, True, False])
    return FeeGame(Demand(utility, alpha, nests, 4), margin, ownership, priced, 0.0, 60.0)


def solve(game: FeeGame) -> Floats:
    return bertrand_nash(game, np.zeros(game.demand.couriers), 1e-12, 1.0)
