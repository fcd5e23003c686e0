"""What each party gains between two points, and which of the gains can be told from zero."""

from dataclasses import dataclass

import numpy as np

from galleria.experiments.report.study import Study
from galleria.experiments.report.words import decimals_for, number, signed_amount, unit_of
from galleria.experiments.statistics import Estimate, holm, paired_difference, t_p_value

WELFARE = "welfare_usd"
PARTIES = {
    # metric: (name in a sentence, whether it is plural, sign of a gain)
    "consumer_surplus_usd": ("consumers", True, 1),
    "driver_surplus_usd": ("drivers", True, 1),
    "retailer_profit_usd": ("mall stores", True, 1),
    "platform_profit_usd": ("the platform", False, 1),
    "rival_profit_usd": ("rival couriers", True, 1),
    "big_box_profit_usd": ("big boxes", True, 1),
    "seller_profit_usd": ("on-line sellers", True, 1),
    "public_revenue_usd": ("the public purse", False, 1),
    "external_cost_usd": ("those who bear external costs", True, -1),
    WELFARE: ("all together", True, 1),
}
"""Parties that share no member, and their sum."""

_SURE = 0.05


@dataclass(frozen=True)
class Gain:
    """What one party gains a day.

    Attributes
    ----------
    metric
        The measure of its money.
    estimate
        Of the gain, with its 95 % interval, $ a day.
    before
        The party's mean before, $ a day.
    same
        In how many replications the gain has the sign of the mean.
    clear
        Whether the gain differs from zero after Holm's adjustment at 5 % over the parties, or is the same in every
        replication; never with one replication.
    """

    metric: str
    estimate: Estimate
    before: float
    same: int
    clear: bool

    @property
    def name(self) -> str:
        """Return the party as a sentence calls it."""
        return PARTIES[self.metric][0]

    @property
    def plural(self) -> bool:
        """Say whether the party takes a plural verb."""
        return PARTIES[self.metric][1]

    @property
    def mean(self) -> float:
        """Return the mean gain, $ a day."""
        return float(self.estimate.mean)

    def amount(self) -> str:
        """Write the size of the gain with its interval: $138 a day [81, 195]."""
        mean, low, high = self.mean, float(self.estimate.low), float(self.estimate.high)
        decimals = decimals_for((high - low) / 2, mean)
        if not np.isfinite(low) or np.isclose(low, high, rtol=1e-9, atol=0):
            return f"${number(abs(mean), decimals_for(np.nan, mean))} a day"
        ends = (low, high) if low <= 0 <= high else sorted((abs(low), abs(high)))
        if low <= 0 <= high:
            size = signed_amount(mean, decimals, unit_of("$/day"))
        else:
            size = f"${number(abs(mean), decimals)}"
        # A hard space: brackets are not to be broken over two lines.
        return f"{size} a day [{',\u00a0'.join(number(end, decimals) for end in ends)}]"


def gains(study: Study, before: int, after: int) -> list[Gain]:
    """Return what every party gains from one point to another; parties that are not measured at both are left out."""
    found = []
    for metric, (_, _, sign) in PARTIES.items():
        if metric not in study.cube:
            continue
        old, new = study.cube.at(before, metric), study.cube.at(after, metric)
        estimate = paired_difference(sign * new, sign * old)
        if estimate.n == 0:
            continue
        change = sign * (new - old)
        same = int((np.sign(change[np.isfinite(change)]) == np.sign(float(estimate.mean))).sum())
        found.append((metric, estimate, float(np.nanmean(old)), same))
    if not found:
        return []
    adjusted = holm([float(t_p_value(estimate)) for _, estimate, _, _ in found])
    return [
        Gain(metric, estimate, base, same, clear=_clear(estimate, float(p)))
        for (metric, estimate, base, same), p in zip(found, adjusted, strict=True)
    ]


def _clear(estimate: Estimate, p_adjusted: float) -> bool:
    if estimate.n < 2 or float(estimate.mean) == 0:
        return False
    return p_adjusted <= _SURE or float(estimate.sd) == 0
