"""Fees of mixed nested logit firms are those that pyblp finds (Conlon and Gortmaker 2020), where it is installed.

Not a requirement of development: `pip install pyblp` first. It solves the same zeta-markup fixed point (Morrow and
Skerlos 2011) in code of its own.
"""

from typing import Any

import numpy as np
import pytest

from galleria.agents.customers.choice import Nests
from galleria.agents.kernel.arrays import Floats
from galleria.agents.pricing.conduct import values_of_orders
from galleria.agents.pricing.equilibrium import bertrand_nash
from galleria.agents.pricing.fees import Demand, FeeGame, ownership_of

QUALITY = np.array([2.2, 1.4, 1.0, 1.8])
COST_USD = np.array([6.0, 5.0, 4.0, 3.0])
FIRMS = ("platform", "b", "c", "platform")
ALPHA, SPREAD, RHO = 0.35, 0.12, 0.4
NODES = np.array([-1.5, -0.5, 0.0, 0.6, 1.4])
WEIGHTS = np.full(5, 0.2)


def by_pyblp(cost_usd: Floats) -> Floats:
    """Return the prices of the four products at some costs, $."""
    pyblp: Any = pytest.importorskip("pyblp", reason="pyblp is not installed; it is an optional referee")
    pyblp.options.verbose = False
    products = {
        "market_ids": np.zeros(4, np.int64),
        "firm_ids": np.array([sorted(set(FIRMS)).index(firm) for firm in FIRMS]),
        "nesting_ids": np.zeros(4, np.int64),
        "quality": QUALITY,
        "clustering_ids": np.arange(4),
    }
    agents = {"market_ids": np.zeros(5, np.int64), "weights": WEIGHTS, "nodes": NODES[:, None]}
    simulation = pyblp.Simulation(
        (pyblp.Formulation("0 + prices + quality"), pyblp.Formulation("0 + prices"), pyblp.Formulation("0 + quality")),
        products,
        beta=[-ALPHA, 1.0],
        sigma=[[SPREAD]],
        gamma=[1.0],
        rho=RHO,
        agent_data=agents,
        xi=np.zeros(4),
        omega=cost_usd - QUALITY,
    )
    solved = simulation.replace_endogenous(iteration=pyblp.Iteration("simple", {"atol": 1e-13}))
    return np.asarray(solved.product_data.prices).ravel()


def game(cost_usd: Floats) -> FeeGame:
    """Return the same market as a game of fees."""
    alpha = ALPHA - SPREAD * NODES
    nests = Nests(np.array([0, 0, 0, 0, 1]), np.array([1 - RHO, 1.0]))
    utility = np.tile(np.append(QUALITY, 0.0), (5, 1))
    demand = Demand(utility, alpha, nests, 4)
    return FeeGame(demand, np.tile(-cost_usd, (5, 1)), ownership_of(FIRMS), np.ones(4, np.bool_), -50.0, 200.0)


def test_equilibrium_prices_are_those_of_pyblp() -> None:
    np.testing.assert_allclose(
        bertrand_nash(game(COST_USD), COST_USD, 1e-12, 1.0), by_pyblp(COST_USD), rtol=0, atol=1e-8
    )


def test_values_inverted_from_prices_are_costs_that_pyblp_answers_with_the_same_prices() -> None:
    observed = np.array([9.0, 8.5, 7.0, 7.5])
    value = values_of_orders(game(COST_USD), observed, np.ones((5, 1)))[0]
    np.testing.assert_allclose(by_pyblp(COST_USD - value), observed, rtol=0, atol=1e-8)
