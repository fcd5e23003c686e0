"""Surges by hand; what customers pay and drivers get of them is tested with the quotes."""

import numpy as np

from galleria.agents.couriers.surge import SurgeSettings, surge_factors


def test_the_surge_follows_the_orders_waiting_per_idle_driver_in_each_zone() -> None:
    surge = SurgeSettings(gain=0.5, target=1.0, most=2.0, driver_share=1.0, customer_share=1.0)
    factors = surge_factors(surge, np.array([0, 10, 10, 4]), np.array([9, 5, 0, 4]))
    assert factors.tolist() == [1.0, 1.5, 2.0, 1.0]
