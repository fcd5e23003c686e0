"""Rest: what drivers believe before the first day is what they would have learnt in the market as it is (model 5).

A few days of a market of its own are simulated for each design point, in a replication that no run has. After each, the
income of its hours is shared by those who would work for it, and so on, until hours pay what drivers expect. All
replications of the point begin there, each with its own drivers, whose luck of past days is in their beliefs. Policies
that begin on a later day are not in these days: a run shows how the market answers them from its rest without them.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from galleria.agents.drivers.beliefs import Rates, Weights, settled, spread
from galleria.agents.drivers.labour import shared_rates
from galleria.agents.drivers.shifts import asks_usd_per_h, plan_hours
from galleria.agents.kernel.arrays import Floats
from galleria.agents.kernel.clock import HOUR_S
from galleria.models.city import City
from galleria.models.city.cache import default_folder
from galleria.models.settings.tree import Settings
from galleria.models.streams import AT_REST, Stream
from galleria.models.version import source_digest
from galleria.models.world import World


class Rest(NamedTuple):
    """What the hours of a day bring once all have learnt, float64 [24], and how long meals take.

    Attributes
    ----------
    income_usd
        Net pay of all drivers together.
    presence
        Hours on line by driver who would work at the rate that the income gives.
    sd_usd_per_h
        Spread of a driver's own pay of an hour.
    meal_quote_h
        float64 [J, 24], what couriers quote for meals, h.
    """

    income_usd: Floats
    presence: Floats
    sd_usd_per_h: Floats
    meal_quote_h: Floats

    def towards(self, seen: "Rest", weight: float) -> "Rest":
        """Go a part of the way to what a day showed."""
        return Rest(*(old + weight * (new - old) for old, new in zip(self, seen, strict=True)))


type Learn = Callable[[World], None]
"""What drivers make of a day that closes."""
type RunOf = Callable[[Settings, City, int, Learn], object]
"""Runs a market: settings, city, replication, how drivers learn."""


def learn_from_the_day(world: World) -> None:
    """Let drivers learn from the day that closes."""
    world.drivers.learn(world.settings.drivers, world.regulator.shared_earnings)


def settle_beliefs(world: World, rest: Rest) -> Floats:
    """Let the drivers of a market believe what they would have learnt at rest; return what hours pay, float64 [24]."""
    drivers, settings = world.drivers, world.settings.drivers
    asks = asks_usd_per_h(drivers, settings)
    rate = shared_rates(asks[drivers.in_pool], rest.income_usd, rest.presence)
    late = drivers.offset_s[:, None] / HOUR_S
    nobody = np.zeros(len(drivers), np.bool_)

    def works_h(belief: Floats) -> Floats:
        plan = plan_hours(belief, asks, nobody, settings).astype(np.float64)
        return plan * (1 - late) + np.roll(plan, 1, axis=1) * late

    def luck(day: int) -> Floats:
        return world.streams.generator(Stream.DRIVER, "luck", day).standard_normal(asks.shape)

    weights = Weights(settings.belief_rate, settings.hearsay, world.regulator.shared_earnings)
    rates = Rates(rate, rest.sd_usd_per_h)
    drivers.belief_usd_per_h[:] = settled(rates, works_h, weights, luck, settings.at_rest.days_of_luck)
    return rate


class Resting:
    """Learns, day by day, what hours bring, and lets drivers believe it."""

    def __init__(self) -> None:
        self.rest: Rest | None = None
        self._rate: Floats | None = None
        self._days = 0

    def __call__(self, world: World) -> None:
        """Take a day into the averages; the first is that of the closed form, and only the start of the others."""
        drivers = world.drivers
        online_h, net_usd = drivers.online_s_by_hour / HOUR_S, drivers.net_usd_by_hour
        present, income = online_h.sum(axis=0), net_usd.sum(axis=0)
        believed = drivers.belief_usd_per_h[0] if self._rate is None else self._rate
        asks = asks_usd_per_h(drivers, world.settings.drivers)
        willing = ((asks <= believed) & drivers.in_pool[:, None]).sum(axis=0)
        presence = np.clip(np.where(willing > 0, present / np.maximum(willing, 1), 1.0), 0.1, 10.0)
        paid = income / np.where(present > 0, present, 1.0)
        first_h = world.settings.meals.first_quote_min / 60 if world.settings.meals else 0.0
        quote_h = world.meals.quoted.mean_h(first_h)
        seen = Rest(np.maximum(income, 0.0), presence, spread(net_usd, online_h, paid), quote_h)
        self.rest = seen if self.rest is None else self.rest.towards(seen, 1 / max(1, self._days))
        self._days += 1
        self._rate = settle_beliefs(world, self.rest)


def rest_of(settings: Settings, city: City, run: RunOf) -> Rest | None:
    """Find the rest of a design point, in the cache of this process or the user's, or by simulation.

    Parameters
    ----------
    settings, city
        The design point.
    run
        Runs a market.

    Returns
    -------
    None if the settings ask for none (`drivers.at_rest.days` is 0). What is usual for meals is what it is without any
    policy, so that policies of the first day are answered too.
    """
    if settings.drivers.at_rest.days == 0:
        return None
    rest = _found(_case(_undisturbed(settings), city, run))
    if settings.meals is None or not settings.policy:
        return rest
    free = settings.model_copy(update={"policy": {}})
    return rest._replace(meal_quote_h=_found(_case(_undisturbed(free), city, run)).meal_quote_h)


@dataclass(frozen=True)
class _Case:
    """A rest to be found; two cases are equal if all that decides it is."""

    key: str
    settings: Settings = field(compare=False)
    city: City = field(compare=False)
    run: RunOf = field(compare=False)


def _case(settings: Settings, city: City, run: RunOf) -> _Case:
    tree = settings.model_dump(mode="json")
    content = json.dumps([source_digest(), city.key, tree], sort_keys=True)
    return _Case(hashlib.sha256(content.encode()).hexdigest()[:24], settings, city, run)


def _undisturbed(settings: Settings) -> Settings:
    """Return the design point without what comes later: dated policies and entrants, and as short as needed."""
    days = settings.drivers.at_rest.days
    run = {"days": days, "warmup_days": 0, "tables": "metrics", "replications": 1, "output": None, "runout_h": 0.0}
    policy = {name: each for name, each in settings.policy.items() if each.strength(0) > 0}
    entry = {
        name: each.model_copy(update={"day": max(each.day, days)} if each.day else {})
        for name, each in settings.strategy.entry.items()
    }
    update = {
        "run": settings.run.model_copy(update=run),
        "policy": policy,
        "strategy": settings.strategy.model_copy(update={"entry": entry}),
    }
    return settings.model_copy(update=update)


@lru_cache(maxsize=64)
def _found(case: _Case) -> Rest:
    file = default_folder() / "rest" / f"{case.key}.json"
    known = _read(file)
    if known is None:
        resting = Resting()
        case.run(case.settings, case.city, AT_REST, resting)
        if resting.rest is None:
            raise AssertionError("a day closed")
        known = resting.rest
        _write(file, known)
    return known


def _read(file: Path) -> Rest | None:
    """Read a rest; None if there is none, or it is not whole."""
    try:
        columns = json.loads(file.read_text(encoding="utf-8"))
        return Rest(*(np.array(columns[name], np.float64) for name in Rest._fields))
    except (OSError, ValueError, KeyError):
        return None


def _write(file: Path, rest: Rest) -> None:
    """Keep a rest for other processes; where nothing can be written it is found again."""
    text = json.dumps({name: column.tolist() for name, column in rest._asdict().items()})
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_suffix(f".{hashlib.sha256(text.encode()).hexdigest()[:8]}.draft")
        draft.write_text(text, encoding="utf-8")
        draft.replace(file)
    except OSError:
        return
