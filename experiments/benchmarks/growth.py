"""How the time of a day grows with its gig orders at a fixed ratio of drivers, and how many a second does."""

import math
from collections.abc import Iterator

import numpy as np

from galleria.experiments.benchmarks.markets import Timed, timed
from galleria.experiments.benchmarks.rows import Row

SIZES = (20_000, 200_000, 2_000_000)
QUICK = (20_000, 100_000)
"""Households of the metropolis; 2,000,000 are some 84,000 gig orders."""

_BUSY = (
    "customers.occasions_per_household_day=0.5",
    "retailers.mall.pickers=20",
    "retailers.big_box.pickers=100",
)
"""The upper end of what is plausible of households, and pickers enough: their queues would jam before drivers do."""

_HOUSEHOLDS_A_DRIVER = 67
"""As the default city has them in the metropolis: 30,000 drivers in the pool of 2,000,000 households."""

_RULES = {"lap": ("dispatch=lap", 20_000), "bundles": ("dispatch=mall_bundled", 10_000)}
"""Name -> choice of dispatch, and gig orders a second that it is meant to do at the largest size."""


def growth(*, quick: bool) -> Iterator[Row]:
    """Yield the rate at each size, and the exponent of time in orders."""
    sizes = QUICK if quick else SIZES
    for name, (choice, target) in _RULES.items():
        points: list[Timed] = []
        for households in sizes:
            day = timed(_metropolis(households, choice), 1 if households > 1_000_000 else 2)
            points.append(day)
            least = target if households == SIZES[-1] else None
            what = f"{name}: gig orders of a day of {day.orders:,.0f}"
            yield Row("growth", what, day.rate, "orders/s", least, orders=day.orders)
        yield Row(
            "growth", f"{name}: exponent of time in orders, the two largest days", exponent(points[-2:]), "", most=1.1
        )


def _metropolis(households: int, choice: str) -> list[str]:
    return [
        "city=metro",
        *_BUSY,
        f"city.households={households}",
        f"drivers.pool={households // _HOUSEHOLDS_A_DRIVER}",
        choice,
    ]


def exponent(points: list[Timed]) -> float:
    """Return the slope of the logarithm of time in that of orders, by least squares."""
    orders = [math.log(each.orders) for each in points]
    seconds = [math.log(each.run_s) for each in points]
    return float(np.polyfit(orders, seconds, 1)[0])
