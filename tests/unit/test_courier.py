"""Pay and terms."""

import numpy as np

from agents.courier import PaySettings, pay


def test_pay_is_base_and_distance_and_time_but_never_below_the_floor() -> None:
    settings = PaySettings(base_usd=2, per_km_usd=0.5, per_min_usd=0.1, per_drop_usd=4, floor_usd=6)
    np.testing.assert_allclose(pay(settings, np.array([1.0, 10.0]), np.array([5.0, 20.0])), [6, 9])


def test_further_parcels_of_a_trip_are_paid_on_top() -> None:
    settings = PaySettings(base_usd=10, per_km_usd=0, per_min_usd=0, per_drop_usd=4, floor_usd=0)
    assert pay(settings, np.zeros(3), np.zeros(3), np.array([1.0, 2.0, 3.0])).tolist() == [10, 14, 18]
