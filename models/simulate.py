"""Simulation: one replication of one design point, on roads that its own traffic has settled."""

from models.city import City
from models.market import Market
from models.measures.outcome import Outcome
from models.settings.tree import Settings
from models.traffic.feedback import settle_traffic


def simulate(settings: Settings, city: City, replication: int) -> Outcome:
    """Run one replication of one design point.

    Parameters
    ----------
    settings
        The design point.
    city
        From `models.city.build_city(settings.city)`.
    replication
        From 0.
    """
    if settings.traffic.profile == "congested":
        settings, city = settle_traffic(settings, city, simulate)
    return Market(settings, city, replication).run()
