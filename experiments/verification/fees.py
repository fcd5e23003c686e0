"""Fees: mark-ups of logit and nested logit firms in closed form, and no desk that wants another fee (model 10.4 M2)."""

from functools import lru_cache

import numpy as np

from galleria.agents.customers.choice import Nests
from galleria.agents.kernel.arrays import Floats
from galleria.agents.pricing.concentration import diversion_ratios
from galleria.agents.pricing.equilibrium import bertrand_nash, best_response
from galleria.agents.pricing.fees import Demand, FeeGame, ownership_of
from galleria.experiments.verification.findings import Finding, bound, near, worst
from galleria.experiments.verification.markups import logit_markup, monopoly_markup, nested_markup
from galleria.experiments.verification.registry import row

ALPHA = 0.35
QUALITY = np.array([3.0, 2.5, 2.0])
COST_USD = np.array([6.0, 5.0, 4.0])
EACH_FOR_ITSELF = np.eye(3)
THREE = "three couriers, plain logit, price sensitivity .35"


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
    """Return the equilibrium from fees of nothing."""
    return bertrand_nash(game, np.zeros(game.demand.couriers), 1e-12, 1.0)


@lru_cache
def apart() -> Floats:
    """Return the fees of three couriers, each for itself, $."""
    return solve(logit_game(QUALITY, COST_USD, EACH_FOR_ITSELF))


def _by_courier(values: tuple[float, ...]) -> dict[str, dict[str, float]]:
    return {f"courier {k + 1}": {"courier": k, "oracle": value} for k, value in enumerate(values)}


@row("M2.fee", THREE, cases=_by_courier((9.748209, 8.631208, 7.528250)))
def fee(courier: int, oracle: float) -> Finding:
    """Fee of couriers each for itself, $."""
    return near(apart()[courier], oracle, by=1e-6)


@row("M2.share", THREE, cases=_by_courier((0.237731, 0.213170, 0.190210)))
def share(courier: int, oracle: float) -> Finding:
    """Share of couriers each for itself."""
    game = logit_game(QUALITY, COST_USD, EACH_FOR_ITSELF)
    return near(game.demand.shares(apart())[courier], oracle, by=1e-6)


@row("M2.markup", THREE, oracle="1 / (alpha (1 - s))")
def markup() -> Finding:
    """Largest distance of mark-ups from the first-order condition, $."""
    shares = logit_game(QUALITY, COST_USD, EACH_FOR_ITSELF).demand.shares(apart())[:3]
    return worst(apart() - COST_USD, [logit_markup(ALPHA, each) for each in shares.tolist()], by=1e-9)


@row("M2.monopoly", THREE, oracle="mark-up by Lambert's function", cases=_by_courier((11.512454, 10.512454, 9.512454)))
def monopoly(courier: int, oracle: float) -> Finding:
    """Fee of a monopolist, $."""
    price = solve(logit_game(QUALITY, COST_USD, np.ones((3, 3))))
    if not np.allclose(COST_USD + monopoly_markup(ALPHA, QUALITY, COST_USD), (11.512454, 10.512454, 9.512454)):
        raise ValueError("the closed form is not the oracle")
    return near(price[courier], oracle, by=1e-6)


SYMMETRIC = {1: 9.232253, 2: 8.867244, 3: 8.632612, 5: 8.373047, 10: 8.131513}


@row(
    "M2.symmetric",
    "equal couriers, quality 2.5, cost 5 $",
    cases={f"{firms} firms": {"firms": firms, "oracle": price} for firms, price in SYMMETRIC.items()},
)
def symmetric(firms: int, oracle: float) -> Finding:
    """Fee of equal couriers, $."""
    return near(solve(logit_game(np.full(firms, 2.5), np.full(firms, 5.0), np.eye(firms)))[0], oracle, by=1e-6)


@row("M2.limit", "400 equal couriers", oracle="1 / alpha")
def limit() -> Finding:
    """Mark-up of very many firms, $."""
    return near(solve(logit_game(np.full(400, 2.5), np.full(400, 5.0), np.eye(400)))[0] - 5, 1 / ALPHA, share=0.005)


@row("M2.merged", "couriers 2 and 3 merged", oracle="1 / (alpha (1 - joint s))")
def merged_markup() -> Finding:
    """Largest distance of the mark-ups of a merged firm from the first-order condition, $."""
    game = logit_game(QUALITY, COST_USD, ownership_of(("a", "b", "b")))
    price = solve(game)
    joint = float(game.demand.shares(price)[1:3].sum())
    return worst((price - COST_USD)[1:], logit_markup(ALPHA, joint), by=1e-9)


@row("M2.merger", "couriers 2 and 3 merged", oracle="fees rise")
def merger_raises() -> Finding:
    """Least rise of a fee by a merger, $."""
    price = solve(logit_game(QUALITY, COST_USD, ownership_of(("a", "b", "b"))))
    return bound((price - apart()).min(), "at least", 1e-3)


@row(
    "M2.nested",
    "three couriers in a nest",
    oracle="lambda / (alpha (1 - (1 - lambda) s_g - lambda s))",
    cases={f"lambda {each}": {"dissimilarity": each} for each in (1.0, 0.7, 0.4)},
)
def nested(dissimilarity: float) -> Finding:
    """Largest distance of mark-ups in a nest from the first-order condition, $."""
    game = logit_game(QUALITY, COST_USD, EACH_FOR_ITSELF, dissimilarity=dissimilarity)
    price = solve(game)
    shares = game.demand.shares(price)[:3]
    expected = [nested_markup(ALPHA, dissimilarity, each / shares.sum(), each) for each in shares.tolist()]
    return worst(price - COST_USD, expected, by=1e-9)


OWNERS = {"merged": ("platform", "a", "a", "platform"), "apart": ("platform", "a", "b", "platform")}


@row(
    "M2.best",
    "400 shoppers with price sensitivities and baskets of their own",
    oracle="search along each fee",
    cases={name: {"owners": owners} for name, owners in OWNERS.items()},
)
def best_replies(owners: tuple[str, ...]) -> Finding:
    """Largest distance of a fee from the best reply to the others, $."""
    game = mixed_game(ownership_of(owners))
    found = solve(game)
    priced = np.flatnonzero(game.priced)
    return worst(found[priced], [best_response(game, k, found, 1e-9)[0] for k in priced.tolist()], by=2e-6)


@row("M2.diversion", THREE, oracle="s_j / (1 - s_k)")
def diversion() -> Finding:
    """Largest distance of diversion ratios from shares of who stays."""
    demand = logit_game(QUALITY, COST_USD, EACH_FOR_ITSELF).demand
    shares, ratios = demand.shares(COST_USD), diversion_ratios(demand, COST_USD)
    expected = shares / (1 - shares[:3, None])
    expected[np.arange(3), np.arange(3)] = -1.0
    return worst(ratios, expected, by=1e-12)


@row("M2.Roy", "400 shoppers with price sensitivities and baskets of their own", oracle="d CS / d fee = -share")
def roy() -> Finding:
    """Largest distance of the loss by a fee from what is paid more at the margin."""
    demand, at, step = mixed_game(np.eye(4)).demand, np.array([5.0, 4.0, 4.5, 0.5]), 1e-5
    lost = [
        (demand.consumer_surplus_usd(at + move) - demand.consumer_surplus_usd(at - move)) / (2 * step)
        for move in np.eye(4) * step
    ]
    return worst(lost, -demand.shares(at)[:4], by=1e-8)
