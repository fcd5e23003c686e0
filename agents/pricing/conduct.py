"""Conduct: what an order must be worth to a courier beside today's margin for the fees that are seen to be its best.

Like the channel constants, which say what customers see in a channel beside its price, the values of orders are
inverted from what is observed (model 7.6). They stand for all that a margin leaves out: members who stay, advertising,
customers won from rivals, the data; where they are negative, for costs that the margin leaves out. The first-order
conditions of fees are linear in them.
"""

import numpy as np

from galleria.agents.kernel.arrays import Floats
from galleria.agents.pricing.fees import FeeGame


def values_of_orders(game: FeeGame, price_usd: Floats, features: Floats) -> Floats:
    """Solve the first-order conditions of all priced couriers for the values of their orders.

    With x_l for 1 (and for the basket, where a rate on it is set too), S_kj for dP_j / df_k and theta for the values,
    E[x_l P_k] + sum_j own_kj E[x_l (p_j + m_j + sum_m theta_mj x_m) S_kj] = 0 for each priced k and each l. For the fee
    (l = 1) both expectations are over those who pay fee k.

    Parameters
    ----------
    game
        Without values of orders in its margins, under the ownership at which fees were observed.
    price_usd
        float64 [J] or [n, J], what was charged for a delivery, $.
    features
        float64 [n, L], what the price is a sum of: a column of ones for fees; baskets beside it for rates.

    Returns
    -------
    float64 [L, J]: $ an order, and $ for each $ of the basket; 0 for couriers whose fees the game does not set, and for
    those without customers in the sample.
    """
    demand, couriers = game.demand, game.demand.couriers
    chance, within = demand.of_couriers(price_usd)
    nest, dissimilarity = demand.nests.of_channel[:couriers], demand.nests.of_each[:couriers]
    nested = np.where(nest[:, None] == nest, ((1 - dissimilarity) / dissimilarity)[:, None], 0.0)
    felt = demand.price_sensitivity[:, None] * chance
    chosen = np.flatnonzero(game.priced & (chance.mean(axis=0) > 0))

    def by_responses(weight: Floats, pays: Floats | float) -> Floats:
        """Return E[w_j S_kj] own_kj of the chosen, float64 [K, J], for w [n, J] (or [n, 1]), over those who pay k."""
        each = weight * felt
        moved = ((pays * chance).T @ each + nested * ((pays * within).T @ each)) / len(each)
        moved -= np.diag((pays * each).mean(axis=0) / dissimilarity)
        return np.asarray((game.ownership * moved)[chosen])

    paid_by = [(x, demand.pays_fee if number == 0 else 1.0) for number, x in enumerate(features.T)]
    gap = [
        (pays * x[:, None] * chance).mean(axis=0)[chosen]
        + by_responses(x[:, None] * (price_usd + game.margin_usd), pays).sum(axis=1)
        for x, pays in paid_by
    ]
    left = [[by_responses((x * other)[:, None], pays)[:, chosen] for other in features.T] for x, pays in paid_by]
    values = np.zeros((features.shape[1], couriers))
    values[:, chosen] = np.linalg.solve(np.block(left), -np.concatenate(gap)).reshape(len(features.T), -1)
    return values
