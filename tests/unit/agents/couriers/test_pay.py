"""Pay of trips."""

import numpy as np

from galleria.agents.couriers.pay import PaySettings, pay


def test_pay_is_base_and_distance_and_time_but_never_below_the_floor() -> None:
    settings = PaySettings(base_usd=2, per_km_usd=0.5, per_min_usd=0.1, per_drop_usd=1.5, floor_usd=6)
    km, minutes = np.array([1.0, 10.0]), np.array([5.0, 20.0])
    np.testing.assert_allclose(pay(settings, km, minutes), [6, 9])
    np.testing.assert_allclose(pay(settings, km, minutes, np.array([3.0, 3.0])), [6, 12])
