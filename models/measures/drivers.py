"""Measures of drivers' work and pay."""

import numpy as np

from galleria.agents.kernel.arrays import Floats
from galleria.agents.kernel.clock import DAY_S, HOUR_S
from galleria.models.measures.evidence import Evidence
from galleria.models.measures.registry import measure, measures
from galleria.models.measures.statistics import gini, mean, quantile, ratio


@measure("drivers_online_mean", "drivers")
def drivers_online_mean(evidence: Evidence) -> float:
    """Mean number of drivers on line over the 24 hours."""
    return evidence.online_h * HOUR_S / (DAY_S * evidence.days)


@measure("driver_utilisation", "-")
def driver_utilisation(evidence: Evidence) -> float:
    """Share of the time on line in which drivers are on a trip."""
    return ratio(evidence.engaged_s / HOUR_S, evidence.online_h)


@measures("driver_h_<state>", "h/day")
def driver_hours(evidence: Evidence) -> dict[str, float]:
    """Hours of all drivers in each state of their clock; they add up to the hours on line."""
    states = ("idle", "relocate", "to_pickup", "at_store", "to_door", "at_door")
    return {state: float(getattr(evidence.drivers, f"{state}_s").sum()) / HOUR_S / evidence.days for state in states}


@measure("driver_gross_usd_per_online_h", "$/h")
def driver_gross(evidence: Evidence) -> float:
    """Pay and tips per hour on line, before the cost of driving."""
    earned = sum(evidence.ledger.posted_usd(leg) for leg in ("pay", "contract pay", "top-up", "tip"))
    return ratio(earned, evidence.online_h)


@measure("driver_net_usd_per_online_h", "$/h")
def driver_net_per_online_hour(evidence: Evidence) -> float:
    """Pay and tips less the cost of driving, of logging on and of further apps, per hour on line."""
    return ratio(evidence.ledger.total_usd("driver"), evidence.online_h)


@measure("driver_net_usd_per_engaged_h", "$/h")
def driver_net_per_engaged_hour(evidence: Evidence) -> float:
    """Pay and tips less the cost of driving, of logging on and of further apps, per hour on a trip."""
    return ratio(evidence.ledger.total_usd("driver"), evidence.engaged_s / HOUR_S)


@measure("pay_usd_per_order", "$")
def pay_per_order(evidence: Evidence) -> float:
    """Couriers' pay to drivers, tips left out, per order that gig drivers delivered."""
    paid = sum(evidence.ledger.posted_usd(leg) for leg in ("pay", "contract pay", "top-up"))
    return ratio(paid, int(evidence.drivers.orders.sum()))


@measure("tip_usd_per_online_h", "$/h")
def tips_per_online_hour(evidence: Evidence) -> float:
    """Tips per hour on line."""
    return ratio(evidence.ledger.posted_usd("tip"), evidence.online_h)


@measure("orders_per_online_h", "1/h")
def orders_per_online_hour(evidence: Evidence) -> float:
    """Orders that gig drivers delivered per hour on line."""
    return ratio(int(evidence.drivers.orders.sum()), evidence.online_h)


@measure("gini_driver_earnings", "-")
def gini_driver_earnings(evidence: Evidence) -> float:
    """Gini coefficient of net earnings among drivers who were on line."""
    worked = evidence.drivers.online_s > 0
    return gini(evidence.ledger.balance_usd("driver")[worked])


def _hourly_rates(evidence: Evidence) -> Floats:
    """Return the net pay per hour on line of each driver who was on line, float64."""
    worked = evidence.drivers.online_s > 0
    hours = evidence.drivers.online_s[worked] / HOUR_S
    return np.asarray(evidence.ledger.balance_usd("driver")[worked] / hours)


@measures("driver_net_usd_per_online_h_<quantile>", "$/h")
def driver_net_quantiles(evidence: Evidence) -> dict[str, float]:
    """Quantiles over drivers of net pay per hour on line."""
    rates = _hourly_rates(evidence)
    return {f"p{percent}": quantile(rates, percent / 100) for percent in (10, 50, 90)}


@measure("share_below_minimum_wage", "-")
def share_below_minimum_wage(evidence: Evidence) -> float:
    """Share of drivers who were on line and earned less than the local minimum wage per hour, net of driving."""
    below = _hourly_rates(evidence) < evidence.settings.drivers.minimum_wage_usd_per_h
    return mean(below.astype(np.float64))
