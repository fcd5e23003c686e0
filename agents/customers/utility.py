"""Utility: what each channel is worth to a shopper (model 7.2).

With ASC_j the constant of channel j and alpha_n the worth of a dollar to shopper n, in utils,

  V_nj = ASC_j + alpha_n [quality_j + a_j + g_j + phi ln(1 + A_j) - f_j - tip_j - tax_j - (mu_j + sigma_j) b_n - T_nj
                          - beta_late VOD_n L_zj + eta 1(j = last)] - alpha_n VOD_n Q_nj - alpha_n surge_nj   (couriers)
  V_nj = ASC_j + alpha_n [phi ln(1 + A_j) - T_nj + eta 1(j = last)]                                      (own trips)
  V_n0 = alpha_n eta 1(0 = last)                                                                        (not buying)

where a_j is the attention that a channel's rank gives it, g_j a promotion, and
T_nj = c_car 2 d_nj + theta VOT_n (2 tau_nj + s_j) + toll is the customer's own trip, if there is one. All but the
quoted time Q and the surge is known when the day opens; -inf stands for a channel that is not to be had.
"""

from dataclasses import dataclass

import numpy as np

from galleria.agents.customers.choice import Nests, log_sum, probabilities
from galleria.agents.customers.settings import CustomerSettings, TripSettings
from galleria.agents.customers.sourcing import Found
from galleria.agents.customers.terms import Terms, price_usd
from galleria.agents.kernel.arrays import Bools, Floats, Ints


@dataclass(frozen=True)
class Tastes:
    """What the shoppers of n occasions value, each float64 [n].

    Attributes
    ----------
    price_sensitivity
        Alpha, utils per $.
    delay_usd_per_h
        VOD, value of delivery time.
    away_usd_per_h
        Theta VOT, what an hour on the way and in a store costs.
    need_usd
        Nu b, what going without the goods costs.
    """

    price_sensitivity: Floats
    delay_usd_per_h: Floats
    away_usd_per_h: Floats
    need_usd: Floats


def utility(constants: Floats, price_sensitivity: Floats, value_usd: Floats) -> Floats:
    """Compute V = ASC + alpha x what the channel is worth in money, float64 [n, C], utils.

    Parameters
    ----------
    constants
        float64 [C], ASC, utils.
    price_sensitivity
        float64 [n], alpha.
    value_usd
        float64 [n, C], $, -inf where a channel is not to be had.
    """
    return constants + price_sensitivity[:, None] * value_usd


def worth_of_delivery(
    settings: CustomerSettings, terms: Terms, found: Found, basket_usd: Floats, trip_usd: Floats, lateness_usd: Floats
) -> Floats:
    """Compute what a courier's channel is worth beside its constant and the wait for it, float64 [n], $.

    Parameters
    ----------
    settings
        Phi.
    terms, found
        What the courier offers, and from which stores.
    basket_usd, trip_usd, lateness_usd
        float64 [n], value of the goods, cost of the customer's own trip, and of the lateness remembered.
    """
    gain_usd = sum(terms.appeal) + variety(settings, found.assortment)
    cost_usd = delivery_cost(
        price_usd(terms), terms.tip_usd, terms.tax_usd, terms.service_rate + terms.markup, basket_usd
    )
    return np.where(found.available & terms.active, gain_usd - cost_usd - trip_usd - lateness_usd, -np.inf)


def worth_of_trip(settings: CustomerSettings, assortment: Floats, trip_usd: Floats, is_open: Bools) -> Floats:
    """Compute what shopping in a store is worth beside its constant, float64 [n], $."""
    return np.where(is_open, variety(settings, assortment) - trip_usd, -np.inf)


def delivery_cost(
    fee_usd: Floats,
    tip_usd: float,
    tax_usd: Floats,
    rate: Floats | float,
    basket_usd: Floats,
) -> Floats:
    """Compute what a delivery costs beside the goods, f + tip + tax + (mu + sigma) b, $; `rate` is mu + sigma."""
    return fee_usd + tip_usd + tax_usd + rate * basket_usd


def trip_cost(settings: TripSettings, km: Floats, hours: Floats, shopping_h: Floats, usd_per_h: Floats) -> Floats:
    """Compute the felt cost of a return trip to a store, c_car 2 d + w (2 tau + s), $.

    Parameters
    ----------
    settings
        Car cost.
    km, hours
        float64 [n], one way.
    shopping_h
        float64 [n], time in the store, h.
    usd_per_h
        float64 [n], w, what an hour away costs: theta VOT, and VOD where the goods come home with the customer.
    """
    return settings.car_cost_usd_per_km * 2 * km + usd_per_h * (2 * hours + shopping_h)


def time_by_basket(settings: CustomerSettings, basket_usd: Floats) -> Floats:
    """Compute the factor on the time in a store, 1 + g (b / mean - 1), float64 [n]: large baskets take longer."""
    return 1 + settings.trip.time_by_basket * (basket_usd / settings.basket.mean_usd - 1)


def variety(settings: CustomerSettings, stores: Floats) -> Floats:
    """Compute the value of having that many stores to choose from, phi ln(1 + A), $."""
    return settings.variety_usd * np.log1p(stores)


def expected_lateness(settings: CustomerSettings, remembered_h: Floats) -> Floats:
    """Compute by how much shoppers expect a channel to be later than quoted, beta_late L, of the same shape, h."""
    return settings.lateness_weight * remembered_h


def lateness_cost(settings: CustomerSettings, delay_usd_per_h: Floats, remembered_h: Floats) -> Floats:
    """Compute what the remembered lateness of each channel costs, beta_late VOD L, float64 [n, C], $."""
    return delay_usd_per_h[:, None] * expected_lateness(settings, remembered_h)


def after_waiting(utility: Floats, utils_per_h: Floats, wait_h: Floats, cap_h: float) -> Floats:
    """Subtract the cost of waiting, alpha VOD Q; what takes longer than `cap_h` is not to be had.

    Parameters
    ----------
    utility
        float64 [m, C], V without it.
    utils_per_h
        float64 [m], alpha VOD.
    wait_h
        float64 [m, C], Q, inf for no service.
    cap_h
        Quotes above it count as no service.

    Returns
    -------
    float64 [m, C].
    """
    with np.errstate(invalid="ignore"):
        quoted = utility - utils_per_h[:, None] * wait_h
    quoted[wait_h > cap_h] = -np.inf
    return quoted


def surge_cost(price_sensitivity: Floats, surge_usd: Floats) -> Floats:
    """Compute what surcharges of the moment take off V, alpha x surge, float64 [m, J], utils."""
    return price_sensitivity[:, None] * surge_usd


def expected_misjudgement_usd(utility: Floats, nests: Nests, attention_usd: Floats) -> Floats:
    """Compute by how much shoppers overrate what they choose, sum_j P_j a_j, float64 [n], $.

    The log-sum of V less this is the surplus of those who choose by V and have what they choose without the attention
    in it (Leggett 2002; Train 2015, Welfare calculations in discrete choice models when anticipated and experienced
    attributes differ).

    Parameters
    ----------
    utility
        float64 [n, C], V with attention.
    attention_usd
        float64 [J], a_j of the first J channels.
    """
    return np.asarray(probabilities(utility, nests)[:, : len(attention_usd)] @ attention_usd)


def gain_usd(utility: Floats, noise: Floats, choice: Ints, price_sensitivity: Floats) -> Floats:
    """Compute what the channel taken is worth more than not buying, V + eps, float64 [m], $; not buying comes last."""
    felt = utility + noise
    return (felt[np.arange(len(choice)), choice] - felt[:, -1]) / price_sensitivity


def expected_surplus_usd(utility: Floats, nests: Nests, price_sensitivity: Floats) -> Floats:
    """Compute the expected consumer surplus, the log-sum in money (Small and Rosen 1981), float64 [n], $."""
    return log_sum(utility, nests) / price_sensitivity


def customer_cost(utility: Floats, constants: Floats, price_sensitivity: Floats) -> Floats:
    """Return what each courier costs the customer, tastes for brands apart: (ASC_j - V_j) / alpha, float64 [m, k], $.

    Parameters
    ----------
    utility
        float64 [m, k], V of m customers and k couriers as quoted; -inf where there is no service.
    constants
        float64 [k], ASC_j.
    price_sensitivity
        float64 [m], alpha.
    """
    return np.asarray((constants - utility) / price_sensitivity[:, None])
