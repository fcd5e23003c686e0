"""The labour market that drivers make: how many work at which rate, how many wait idle (model 10.3, 10.4 M3, M4)."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr

from galleria.agents.kernel.arrays import Floats


@dataclass(frozen=True)
class LabourSupply:
    """A pool of drivers with lognormal reservation wages.

    Attributes
    ----------
    pool
        Drivers who may work, N_p.
    median_usd_per_h, sd_log
        Of the reservation wage.
    """

    pool: float
    median_usd_per_h: float
    sd_log: float

    def drivers(self, rate_usd_per_h: float) -> float:
        """Return how many work at a net rate, N_p Phi(ln(w / median) / sd)."""
        return float(self.pool * ndtr(self._score(rate_usd_per_h)))

    def elasticity(self, rate_usd_per_h: float) -> float:
        """Return d ln N / d ln w, phi(z) / (sd Phi(z))."""
        score = self._score(rate_usd_per_h)
        return float(np.exp(-(score**2) / 2) / np.sqrt(2 * np.pi) / (max(self.sd_log, 1e-9) * ndtr(score)))

    def surplus_usd_per_h(self, rate_usd_per_h: float) -> float:
        """Return the earnings above reservation wages, N_p (w Phi(z) - median e^(sd^2/2) Phi(z - sd))."""
        score = self._score(rate_usd_per_h)
        given_up = self.median_usd_per_h * np.exp(self.sd_log**2 / 2) * ndtr(score - self.sd_log)
        return float(self.pool * (rate_usd_per_h * ndtr(score) - given_up))

    def _score(self, rate_usd_per_h: float) -> float:
        return float(np.log(rate_usd_per_h / self.median_usd_per_h) / max(self.sd_log, 1e-9))


def equilibrium_rate(
    supply: LabourSupply, income_usd_per_h: float, cost_usd_per_h: float, lowest: float, highest: float
) -> float:
    """Solve for the net rate at which those who work share an income, (w + c) N(w) = income.

    Parameters
    ----------
    supply
        Who works at which rate.
    income_usd_per_h
        Pay of all orders of an hour, p Q.
    cost_usd_per_h
        What an hour on line costs a driver, c.
    lowest, highest
        Limits of the rate, $/h; 0 if nobody would share more than `lowest`, `highest` if there is more to share.

    Returns
    -------
    $/h.
    """

    def excess(rate: float) -> float:
        return supply.drivers(rate) * (rate + cost_usd_per_h) - income_usd_per_h

    if income_usd_per_h == 0 or excess(lowest) >= 0:
        return 0.0
    return highest if excess(max(highest, lowest)) <= 0 else float(brentq(excess, lowest, highest))


def shared_rates(asks_usd_per_h: Floats, income_usd: Floats, presence: Floats) -> Floats:
    """Solve for the rates at which exactly those work who ask no more, and share the income, w a N(w) = income.

    Parameters
    ----------
    asks_usd_per_h
        float64 [N, 24], net pay for which each driver works an hour.
    income_usd
        float64 [24], net pay of all together in the hour.
    presence
        float64 [24], a, hours on line by driver who works at the rate.

    Returns
    -------
    float64 [24], $/h; if nobody works for all of it, what one driver would get.
    """
    ladder = np.sort(asks_usd_per_h, axis=0)
    if not len(ladder):
        return np.zeros_like(income_usd)
    each = income_usd / presence / np.arange(1, len(ladder) + 1)[:, None]
    count = (each >= ladder).sum(axis=0)
    hour = np.arange(len(income_usd))
    next_ask = np.append(ladder, np.full((1, len(hour)), np.inf), axis=0)[count, hour]
    rate = each[np.maximum(count, 1) - 1, hour]
    return np.asarray(np.where(count > 0, np.minimum(rate, next_ask), rate))


def throughput_per_h(idle: Floats, drivers: float, busy_h: float, pickup_h: float) -> Floats:
    """Return the orders an hour that keep so many drivers idle, Y(I) = (N - I) / (tau + a / sqrt(I)) (model 10.3).

    Parameters
    ----------
    idle
        I, drivers who wait.
    drivers
        N, on line.
    busy_h
        tau, time of a trip after the pick-up.
    pickup_h
        a, time to the nearest of one idle driver's area; with I idle drivers it is a / sqrt(I).
    """
    return np.asarray((drivers - idle) / (busy_h + pickup_h / np.sqrt(idle)))


def idle_drivers(orders_per_h: float, drivers: float, busy_h: float, pickup_h: float) -> float:
    """Solve N = I + Y (tau + a / sqrt(I)) for the larger of the two numbers of idle drivers I (model 10.4 M4).

    Raises
    ------
    ValueError
        If so many orders cannot be served: demand is above the peak of the backward-bending curve.
    """
    peak = idle_at_most_throughput(drivers, busy_h, pickup_h)
    if throughput_per_h(np.array(peak), drivers, busy_h, pickup_h) < orders_per_h:
        raise ValueError(f"{drivers:g} drivers cannot serve {orders_per_h:g} orders an hour")

    def excess(idle: float) -> float:
        return float(throughput_per_h(np.array(idle), drivers, busy_h, pickup_h)) - orders_per_h

    return float(brentq(excess, peak, drivers))


def idle_at_most_throughput(drivers: float, busy_h: float, pickup_h: float) -> float:
    """Return the idle drivers at the peak of Y(I), from tau x^3 + 1.5 a x^2 - 0.5 a N = 0 with x = sqrt(I)."""

    def slope(root: float) -> float:
        return busy_h * root**3 + 1.5 * pickup_h * root**2 - 0.5 * pickup_h * drivers

    return float(brentq(slope, 0.0, np.sqrt(drivers))) ** 2
