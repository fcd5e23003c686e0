"""A trip of the first driver, for tests of clocks."""

import numpy as np

from galleria.agents.drivers.trips import Trips


def one_trip(start_s: float, length_s: float, order: int = 0, place: int = 0, net_usd: float = 1.0) -> Trips:
    """Send driver 0 away: a tenth of the time to the store, two there, three to the door, four at it; 2 and 3 km."""
    one = np.ones(1)
    return Trips(
        driver=np.array([0]),
        destination=np.array([place]),
        accepted_s=start_s * one,
        arrived_s=(start_s + 0.1 * length_s) * one,
        picked_s=(start_s + 0.3 * length_s) * one,
        end_s=(start_s + length_s) * one,
        to_door_s=0.3 * length_s * one,
        at_door_s=0.4 * length_s * one,
        pickup_km=2 * one,
        loaded_km=3 * one,
        net_usd=net_usd * one,
        doors=[[(start_s + length_s, order)]],
    )
