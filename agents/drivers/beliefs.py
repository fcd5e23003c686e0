"""Beliefs: what drivers expect of an hour, learnt from their own days and from what they hear (model 7.6)."""

import numpy as np

from agents.kernel.arrays import Floats


def heard(net_usd: Floats, online_h: Floats) -> tuple[Floats, Floats]:
    """Return what all who worked earned in each hour of the day, and how much there is to tell of it.

    Parameters
    ----------
    net_usd, online_h
        float64 [N, 24], the day's net pay and hours on line of each driver.

    Returns
    -------
    float64 [24], $/h, 0 where nobody worked; and float64 [24], hours worked by all together, 1 at most: of an hour in
    which hardly anybody worked hardly anything is heard.
    """
    all_h = online_h.sum(axis=0)
    worked = all_h > 0
    rate = np.where(worked, net_usd.sum(axis=0) / np.where(worked, all_h, 1.0), 0.0)
    return rate, np.minimum(all_h, 1.0)


def learnt(
    belief_usd_per_h: Floats, net_usd: Floats, online_h: Floats, rate: float, hearsay: float, shared: float
) -> Floats:
    """Return beliefs after a day, w + rho h (w_own - w) + eta (1 - h) h_all (w_all - w).

    Who worked an hour believes the own purse; who stayed at home hears, more slowly, what the others earned. Without
    hearsay a driver who once stopped would never learn that pay has risen (Denrell and March 2001).

    Parameters
    ----------
    belief_usd_per_h, net_usd, online_h
        float64 [N, 24], expected net pay, and the day's net pay and hours on line; h is the part of the hour worked,
        since a lucky minute is no hour.
    rate, hearsay
        rho and eta, weights of a day's own rate, and of what is heard of an hour not worked.
    shared
        How far drivers learn, instead of both, what all earned: w + rho h_all (w_all - w).

    Returns
    -------
    float64 [N, 24], $/h.
    """
    rate_of_all, told = heard(net_usd, online_h)
    news = rate * (net_usd - belief_usd_per_h * online_h)
    if hearsay > 0:
        news += hearsay * (1 - online_h) * told * (rate_of_all - belief_usd_per_h)
    if shared > 0:
        news += shared * (rate * told * (rate_of_all - belief_usd_per_h) - news)
    return np.asarray(belief_usd_per_h + news)
