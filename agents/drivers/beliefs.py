"""Beliefs: what drivers expect of an hour, learnt from their own days and from what they hear (model 7.6)."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from galleria.agents.kernel.arrays import Floats


class Heard(NamedTuple):
    """What all who worked earned in each hour of the day, float64 [24].

    Attributes
    ----------
    rate_usd_per_h
        Net pay of an hour on line, 0 where nobody worked.
    told
        How much there is to tell of it: hours worked by all together, 1 at most. Of an hour in which hardly anybody
        worked hardly anything is heard.
    """

    rate_usd_per_h: Floats
    told: Floats


class Weights(NamedTuple):
    """How drivers learn.

    Attributes
    ----------
    own, hearsay
        rho and eta, weights of a day's own rate, and of what is heard of an hour not worked.
    shared
        How far drivers learn, instead of both, what all earned.
    """

    own: float
    hearsay: float
    shared: float


class Rates(NamedTuple):
    """What hours of the day pay, float64 [24]: mean net pay on line, and its spread over drivers and days."""

    mean_usd_per_h: Floats
    sd_usd_per_h: Floats


def heard(net_usd: Floats, online_h: Floats) -> Heard:
    """Return what is heard of a day, from float64 [N, 24], each driver's net pay and hours on line."""
    all_h = online_h.sum(axis=0)
    worked = all_h > 0
    rate = np.where(worked, net_usd.sum(axis=0) / np.where(worked, all_h, 1.0), 0.0)
    return Heard(rate, np.minimum(all_h, 1.0))


def learnt(belief_usd_per_h: Floats, net_usd: Floats, online_h: Floats, news: Heard, weights: Weights) -> Floats:
    """Return beliefs after a day, w + rho h (w_own - w) + eta (1 - h) m (w_all - w).

    Who worked an hour believes the own purse; who stayed at home hears, more slowly, what the others earned. Without
    hearsay a driver who once stopped would never learn that pay has risen (Denrell and March 2001).

    Parameters
    ----------
    belief_usd_per_h, net_usd, online_h
        float64 [N, 24], expected net pay, and the day's net pay and hours on line; h is the part of the hour worked,
        since a lucky minute is no hour.
    news
        w_all and m.
    weights
        rho and eta; where earnings are shared, beliefs go towards w + rho m (w_all - w) instead.

    Returns
    -------
    float64 [N, 24], $/h.
    """
    step = weights.own * (net_usd - belief_usd_per_h * online_h)
    if weights.hearsay > 0:
        step += weights.hearsay * (1 - online_h) * news.told * (news.rate_usd_per_h - belief_usd_per_h)
    if weights.shared > 0:
        step += weights.shared * (weights.own * news.told * (news.rate_usd_per_h - belief_usd_per_h) - step)
    return np.asarray(belief_usd_per_h + step)


def spread(net_usd: Floats, online_h: Floats, rate_usd_per_h: Floats) -> Floats:
    """Return the spread of drivers' own pay of an hour around its mean, by hour of day, float64 [24], $/h.

    The variance of what is earned in a part h of an hour is taken to be h times that of an hour.
    """
    deviation = (net_usd - rate_usd_per_h * online_h) ** 2
    hours = online_h.sum(axis=0)
    return np.asarray(np.sqrt(deviation.sum(axis=0) / np.where(hours > 0, hours, 1.0)))


def settled(
    rates: Rates, works_h: Callable[[Floats], Floats], weights: Weights, noise: Callable[[int], Floats], days: int
) -> Floats:
    """Return beliefs as they are after many days on which hours paid what they do: each driver's luck is still in them.

    Parameters
    ----------
    rates
        What hours pay.
    works_h
        How much of each hour of day, float64 [N, 24], drivers work at their beliefs, float64 [N, 24].
    weights
        How drivers learn.
    noise
        The luck of a day, standard normal, float64 [N, 24].
    days
        Number of days.
    """
    news = Heard(rates.mean_usd_per_h, np.ones(24))
    belief = np.broadcast_to(rates.mean_usd_per_h, noise(0).shape).copy()
    for day in range(days):
        online_h = works_h(belief)
        own = online_h * rates.mean_usd_per_h + np.sqrt(online_h) * rates.sd_usd_per_h * noise(day)
        belief = learnt(belief, own, online_h, news, weights)
    return belief
