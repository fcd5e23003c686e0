"""Fee schedules: who pays the posted fee, and what members pay in its place."""

import numpy as np
import pytest
from pydantic import ValidationError

from galleria.agents.couriers.fee_schedule import Buyers, FeeScheduleSettings, charge

BUYERS = Buyers(np.array([10.0, 25.0, 40.0, 10.0, 40.0]), np.array([True, True, True, False, False]))


def paid(posted_usd: float, **schedule: float | None) -> list[float]:
    settings = {"members_only": False, "members_fee_usd": None, "members_free_above_usd": None}
    pays_fee, fixed_usd = charge(FeeScheduleSettings.model_validate(settings | schedule), BUYERS)
    return list(pays_fee * posted_usd + fixed_usd)


def test_without_a_schedule_all_pay_the_posted_fee() -> None:
    assert charge(None, BUYERS).pays_fee.tolist() == [1.0] * 5
    assert charge(None, BUYERS).fixed_usd.tolist() == [0.0] * 5
    assert paid(4.99) == [4.99] * 5


def test_members_pay_nothing_above_the_threshold_and_as_others_up_to_it() -> None:
    assert paid(4.99, members_free_above_usd=25.0) == [4.99, 4.99, 0.0, 4.99, 4.99]


def test_members_may_have_a_fee_of_their_own_that_the_posted_one_does_not_move() -> None:
    for posted_usd in (4.99, 9.99):
        assert paid(posted_usd, members_free_above_usd=25.0, members_fee_usd=2.99) == [
            2.99,
            2.99,
            0.0,
            posted_usd,
            posted_usd,
        ]


def test_a_fee_that_nobody_would_pay_is_refused() -> None:
    with pytest.raises(ValidationError, match="their fee is the courier's fee_usd"):
        paid(4.99, members_only=True, members_fee_usd=2.99)
