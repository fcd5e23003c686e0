"""What drivers come to expect of an hour, from their own purse and from others'."""

import numpy as np
import pytest

from galleria.agents.drivers.beliefs import Weights, heard, learnt
from galleria.agents.kernel.arrays import Floats


def day_of(hours: list[list[float]]) -> Floats:
    """Write numbers of the first hours of a day, one row a driver."""
    day = np.zeros((len(hours), 24))
    day[:, : len(hours[0])] = hours
    return day


def test_own_pay_counts_in_proportion_to_the_time_on_line() -> None:
    """Half an hour at 30 $/h net moves a belief of 15 by 0.3 x 0.5 x (30 - 15); a lucky second moves it little."""
    online_h, net_usd = day_of([[0.5, 1 / 3600]]), day_of([[15.0, 8.0]])
    belief = learnt(np.full((1, 24), 15.0), net_usd, online_h, heard(net_usd, online_h), Weights(0.3, 0.0, 0.0))
    assert belief[0, :3].tolist() == pytest.approx([15 + 0.3 * 0.5 * 15, 15 + 0.3 * 8, 15], abs=0.01)


def test_who_stays_at_home_hears_what_the_others_earned() -> None:
    """Two worked an hour for 20 and 10 $: 15 $/h. Who was at home goes there by a tenth, the two by their own pay."""
    online_h, net_usd = day_of([[1.0], [1.0], [0.0]]), day_of([[20.0], [10.0], [0.0]])
    belief = learnt(np.full((3, 24), 25.0), net_usd, online_h, heard(net_usd, online_h), Weights(0.3, 0.1, 0.0))
    assert belief[:, 0].tolist() == pytest.approx([25 - 0.3 * 5, 25 - 0.3 * 15, 25 - 0.1 * 10])
    assert (belief[:, 1:] == 25).all()


def test_half_an_hour_at_home_is_half_heard() -> None:
    online_h, net_usd = day_of([[0.5], [1.0]]), day_of([[5.0], [20.0]])
    belief = learnt(np.full((2, 24), 10.0), net_usd, online_h, heard(net_usd, online_h), Weights(0.0, 0.1, 0.0))
    assert belief[:, 0].tolist() == pytest.approx([10 + 0.1 * 0.5 * (25 / 1.5 - 10), 10])


def test_hardly_anything_is_heard_of_a_minute_on_line() -> None:
    rate, told = heard(day_of([[3.0, 0.0], [0.0, 30.0]]), day_of([[1 / 60, 1.0], [0.0, 1.0]]))
    assert rate[:3].tolist() == pytest.approx([180, 15, 0])
    assert told[:3].tolist() == pytest.approx([1 / 60, 1, 0])


def test_where_earnings_are_shared_everybody_learns_what_all_earned() -> None:
    """Two drivers earned 20 and 10 $ in their hours: both, and the one at home, move towards 15 $/h alike."""
    online_h, net_usd = day_of([[1.0], [1.0], [0.0]]), day_of([[20.0], [10.0], [0.0]])
    belief = learnt(np.full((3, 24), 25.0), net_usd, online_h, heard(net_usd, online_h), Weights(0.3, 0.1, 1.0))
    assert belief[:, 0].tolist() == pytest.approx([22.0, 22.0, 22.0])
    assert (belief[:, 1:] == 25).all()


def test_without_hearsay_who_stops_never_hears_of_a_rise() -> None:
    """The hot stove: after sixty days at 20 $/h the one who stopped at 8 still expects 8, with hearsay nearly 20."""
    online_h, net_usd = day_of([[1.0], [0.0]]), day_of([[20.0], [0.0]])
    deaf = hearing = np.full((2, 24), 8.0)
    for _ in range(60):
        deaf = learnt(deaf, net_usd, online_h, heard(net_usd, online_h), Weights(0.3, 0.0, 0.0))
        hearing = learnt(hearing, net_usd, online_h, heard(net_usd, online_h), Weights(0.3, 0.1, 0.0))
    assert deaf[1, 0] == 8
    assert hearing[1, 0] == pytest.approx(20 - 12 * 0.9**60)
