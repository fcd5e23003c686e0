"""The baseline of a design point: the market as it was observed, before policies, mergers, entry and strategies.

Fees that are seen are best answers to what orders cost and how long they take in the market in which they are seen.
What that is follows from the town: how far trips are, how many parcels share one, how many drivers there are. So the
baseline is simulated for some days with fees as observed, and what an order is worth is inverted on what came out. No
policy and no choice of a firm enters it: all arms of an experiment on them have one baseline in each replication.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from galleria.models.settings.strategy import FixedFeesSettings
from galleria.models.settings.tree import Settings
from galleria.models.strategy.case import Conditions


def baseline_settings(settings: Settings) -> Settings:
    """Return a design point without policies and strategies, with couriers and stores as they were observed."""
    strategy = settings.strategy.model_copy(
        update={
            "fees": FixedFeesSettings(rule="fixed"),
            "value_of_order": "zero",
            "pay": None,
            "entry": {},
            "exit": None,
            "pooled": {},
            "broker": None,
        }
    )
    as_listed_then = {"mode": "fixed_share", "share": None, "exclusive": False}
    opt_in = settings.retailers.opt_in.model_copy(update=as_listed_then)
    days = settings.strategy.baseline_days
    return settings.model_copy(
        update={
            "strategy": strategy,
            "policy": {},
            "couriers": {name: each.when_observed() for name, each in settings.couriers.items()},
            "retailers": settings.retailers.model_copy(update={"opt_in": opt_in}),
            "run": settings.run.model_copy(update={"days": days, "warmup_days": 0, "tables": "metrics"}),
        }
    )


class _Key(NamedTuple):
    """What a baseline depends on."""

    settings: str
    city: str
    replication: int


@lru_cache(maxsize=64)
def _remembered(key: _Key) -> list[Conditions]:
    """Return the place where the conditions of a baseline are kept once they are known."""
    del key
    return []


def baseline_conditions(
    settings: Settings, city: str, replication: int, simulated: Callable[[Settings], Conditions]
) -> Conditions:
    """Return what orders cost and how long they take in the baseline; simulated once in a process for all its arms.

    Parameters
    ----------
    settings
        The design point.
    city
        Key of its city.
    replication
        Number of the replication: arms are compared within it.
    simulated
        Runs a market and returns what was seen in it.
    """
    settings = baseline_settings(settings)
    kept = _remembered(_Key(settings.model_dump_json(), city, replication))
    if not kept:
        kept.append(simulated(settings))
    return kept[0]
