"""Pauses by hand: who is not asked again for what, and until when."""

import numpy as np

from galleria.agents.fleets.pauses import Pauses


def pairs(pauses: Pauses, now_s: float) -> list[tuple[int, int]]:
    found = pauses.pairs(now_s)
    return list(zip(found.order.tolist(), found.driver.tolist(), strict=True))


def test_a_pause_lasts_until_its_end() -> None:
    pauses = Pauses()
    assert pairs(pauses, 0.0) == []
    pauses.add(np.array([4, 5]), np.array([9, 9]), 60.0)
    pauses.add(np.array([4]), np.array([2]), 90.0)
    assert sorted(pauses.ends_s()) == [60.0, 60.0, 90.0]
    assert pairs(pauses, 59.0) == [(4, 9), (5, 9), (4, 2)]
    assert pairs(pauses, 60.0) == [(4, 2)]
    assert pairs(pauses, 90.0) == []


def test_the_pauses_of_orders_that_wait_no_longer_are_forgotten() -> None:
    pauses = Pauses()
    pauses.add(np.array([4, 5]), np.array([9, 9]), 60.0)
    pauses.keep(np.array([5, 6]))
    assert pairs(pauses, 0.0) == [(5, 9)]
