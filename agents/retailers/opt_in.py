"""Opt-in: how mall stores come to join a courier, and leave it again (model 7.3)."""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from galleria.agents.kernel.arrays import Bools, Floats, Ints
from galleria.agents.kernel.noise import hashed_uniform
from galleria.agents.retailers.retailer import Retailers
from galleria.agents.retailers.settings import OptInSettings, RetailerSettings


@dataclass(frozen=True)
class Offer:
    """What joining a courier means for a store: the terms of `expected_gain`.

    Attributes
    ----------
    basket_usd
        Mean basket b of the courier's orders and of walk-in customers.
    commission, markup, subsidy_usd, subsidy_usd_per_week
        Kappa and mu on the basket, s_p per order, and what is paid for being on the app.
    diverted_share
        Chi, the share of the orders that the store would have sold over the counter.
    """

    basket_usd: float
    commission: float
    markup: float
    subsidy_usd: float
    subsidy_usd_per_week: float
    diverted_share: float


def expected_gain(
    orders_per_week: Floats,
    margin: Floats,
    return_rate: Floats,
    others: Ints,
    offer: Offer,
    settings: RetailerSettings,
) -> Floats:
    """Compute what joining is expected to add to a store's weekly profit.

    Q [(1 - p) ((m - kappa + mu - rho l) b + s - chi m b (1 + upsilon)) - c_pick] + S - F_p - F_0 1[on no other courier]

    with p = p0 + p1 others the chance that the picker finds nothing, and F_p = integration and hands on call.

    Parameters
    ----------
    orders_per_week
        float64 [R], believed orders Q.
    margin
        float64 [R], m.
    return_rate
        float64 [R], rho, share of sales that comes back, of which l is lost.
    others
        int [R], number of other couriers the store is on.
    offer, settings
        Terms of the courier, costs of the stores.

    Returns
    -------
    float64 [R], $/week.
    """
    returned = return_rate * settings.returns.loss_share
    kept = (margin - offer.commission + offer.markup - returned) * offer.basket_usd + offer.subsidy_usd
    lost = offer.diverted_share * margin * offer.basket_usd * (1 + settings.unplanned_share)
    found = 1 - np.minimum(1.0, settings.stock.record_error + settings.stock.record_error_per_further_courier * others)
    fixed = settings.app_usd_per_week + settings.setup_usd_per_week * (others == 0)
    per_order = found * (kept - lost) - settings.picking_cost_usd
    return np.asarray(orders_per_week * per_order + offer.subsidy_usd_per_week - fixed)


def review_opt_in(
    joined: Bools, gain_usd: Floats, peers: Floats, reviews: Bools, uniform: Floats, settings: OptInSettings
) -> Bools:
    """Let the stores that review this week join or leave.

    P(join) = logistic((gain + omega peers) / s), P(leave) = logistic((-gain - sunk) / s).

    Parameters
    ----------
    joined
        bool [R], who is on the courier now; not changed.
    gain_usd
        float64 [R], expected weekly gain.
    peers
        float64 [R], share of the mall's stores that are on it.
    reviews, uniform
        bool [R] and float64 [R], who reviews, and the noise of the decision.
    settings
        Scales.
    """
    join = uniform < expit((gain_usd + settings.peer_usd_per_week * peers) / settings.noise_usd_per_week)
    leave = uniform < expit((-gain_usd - settings.sunk_usd_per_week) / settings.noise_usd_per_week)
    return np.where(reviews, np.where(joined, ~leave, join), joined)


class OptIn:
    """Keeps which stores are on mall-direct, and what they believe it brings.

    Parameters
    ----------
    settings
        Of the retailers.
    stores
        The population; its column `listed` of the courier is kept.
    courier
        Number of the courier that stores join by this rule.
    prior_orders_per_week
        What a store believes before anybody has joined.
    key
        Of the noise of reviews.
    """

    def __init__(
        self, settings: RetailerSettings, stores: Retailers, courier: int, prior_orders_per_week: float, key: int
    ) -> None:
        self.settings, self.stores, self.courier, self._key = settings, stores, courier, key
        self.believed_orders_per_week = np.full(len(stores), prior_orders_per_week)

    def close_week(self, week: int, orders_by_store: Ints, offer: Offer) -> None:
        """Learn from the week's orders, share what was learnt within the kind of goods, and review.

        Parameters
        ----------
        week
            Its number, from 0.
        orders_by_store
            int [R], orders through the courier in the week.
        offer
            The courier's terms.
        """
        stores, settings = self.stores, self.settings.opt_in
        in_mall = stores.mall >= 0
        joined = stores.listed[:, self.courier] & in_mall
        belief = self.believed_orders_per_week
        belief[joined] += settings.belief_rate * (orders_by_store - belief)[joined]
        for kind in np.unique(stores.category[joined]):
            of_kind = stores.category == kind
            belief[of_kind & ~joined] = belief[of_kind & joined].mean()
        others = stores.listed.sum(axis=1) - joined
        gain = expected_gain(belief, stores.margin, stores.return_rate, others, offer, self.settings)
        mall = np.where(in_mall, stores.mall, 0)
        size = np.bincount(mall[in_mall], minlength=mall.max(initial=0) + 1)
        peers = np.bincount(mall[joined], minlength=len(size))[mall] / np.maximum(size, 1)[mall]
        rows = np.arange(len(stores))
        reviews = hashed_uniform(self._key, week, rows, 0) < settings.reviewed_per_week
        uniform = hashed_uniform(self._key, week, rows, 1)
        decided = review_opt_in(joined, gain, peers, reviews, uniform, settings)
        stores.listed[in_mall, self.courier] = decided[in_mall]
