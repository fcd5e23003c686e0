"""Simulation: one replication of one design point, opened at rest, on roads settled by its own traffic (model 7.8)."""

import numpy as np

from galleria.models.city import City
from galleria.models.market import Market
from galleria.models.measures.outcome import Outcome
from galleria.models.opening.rest import Learn, rest_of
from galleria.models.settings.tree import Settings, with_seed
from galleria.models.traffic.congestion import Congested, CongestionSettings, congest
from galleria.models.traffic.feedback import market_trips


def simulate(settings: Settings, city: City, replication: int) -> Outcome:
    """Run one replication of one design point.

    Parameters
    ----------
    settings
        The design point.
    city
        From `galleria.models.city.build_city(settings.city)`.
    replication
        From 0.
    """
    return open_market(settings, city, replication).run()


def open_market(
    settings: Settings, city: City, replication: int, *, rng: int | None = None, collect: bool = False
) -> Market:
    """Return the market of one replication at rest, before its first day; parameters as for `Market`."""
    settings = settings if rng is None else with_seed(settings, rng)
    congestion = settings.traffic.congestion
    if congestion is not None:
        roads = settle_traffic(settings, city, congestion)
        settings, city = hourly(settings, roads), roads.city
    return Market(settings, city, replication, collect=collect, rest=rest_of(settings, city, _learn_with))


def _learn_with(settings: Settings, city: City, replication: int, learn: Learn) -> None:
    """Run a market that opens on what the closed form expects."""
    Market(settings, city, replication, learn=learn).run()


def settle_traffic(settings: Settings, city: City, congestion: CongestionSettings) -> Congested:
    """Return the roads of a congested design point, with the market's own cars on them.

    The market runs `feedback_days` single days; after each, its trips join the traffic by the method of successive
    averages (the k-th day counts 1/k), and the roads are assigned anew. The days are those of replication 0 for all
    replications, so that they meet the same roads, and are assigned once.

    Parameters
    ----------
    settings
        Whose traffic profile is congested.
    city
        At free flow.
    congestion
        Of the traffic.
    """
    roads = congest(city, congestion)
    own = np.zeros((congestion.periods, city.zones.n, city.zones.n))
    one_day = settings.run.model_copy(update={"days": 1, "warmup_days": 0, "tables": "orders"})
    for day in range(congestion.feedback_days):
        of_a_day = hourly(settings, roads).model_copy(update={"run": one_day})
        outcome = Market(of_a_day, roads.city, 0).run()
        own += (market_trips(outcome.tables, city, congestion) - own) / (day + 1)
        roads = congest(city, congestion, own)
    return roads


def hourly(settings: Settings, roads: Congested) -> Settings:
    """Return the settings with the hour factors that congestion led to."""
    update = {"profile": "hourly", "speed_factor": roads.speed_factor, "congestion": None}
    return settings.model_copy(update={"traffic": settings.traffic.model_copy(update=update)})
