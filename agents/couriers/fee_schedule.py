"""Fee schedules: what members of the platform pay for a delivery in the place of the posted fee (model 7.2, 7.6).

An order pays the posted fee f_j, or a fixed amount in its place: nothing if its customer is a member and its basket is
large enough, the members' fee if there is one and the basket is smaller. Whoever sets fees moves f_j, and nothing that
is paid in its place.
"""

from typing import NamedTuple, Self

import numpy as np
from pydantic import model_validator

from galleria.agents.kernel.arrays import Bools, Floats
from galleria.agents.kernel.parameters import NonNegative, Parameters


class FeeScheduleSettings(Parameters):
    """Members' fees, and whether others are served; units and sources stand in conf/courier."""

    members_only: bool
    members_fee_usd: NonNegative | None
    members_free_above_usd: NonNegative | None

    @model_validator(mode="after")
    def _somebody_pays_the_posted_fee(self) -> Self:
        if self.members_only and self.members_fee_usd is not None:
            raise ValueError("members_only: all customers are members, so their fee is the courier's fee_usd")
        return self


class Buyers(NamedTuple):
    """Those who would order: baskets, float64 [n], $, and whether they are members, bool [n]."""

    basket_usd: Floats
    member: Bools


class Charge(NamedTuple):
    """What n orders are charged: f_j times `pays_fee` (1 or 0) plus `fixed_usd`, float64 [n] each."""

    pays_fee: Floats
    fixed_usd: Floats


def charge(schedule: FeeScheduleSettings | None, buyers: Buyers) -> Charge:
    """Return who pays the posted fee, and what the others pay in its place; without a schedule all pay it."""
    n = len(buyers.basket_usd)
    pays_fee, fixed_usd = np.ones(n, np.bool_), np.zeros(n)
    if schedule is not None:
        if schedule.members_fee_usd is not None:
            pays_fee, fixed_usd = ~buyers.member, np.where(buyers.member, schedule.members_fee_usd, 0.0)
        if schedule.members_free_above_usd is not None:
            free = buyers.member & (buyers.basket_usd > schedule.members_free_above_usd)
            pays_fee, fixed_usd = pays_fee & ~free, np.where(free, 0.0, fixed_usd)
    return Charge(pays_fee.astype(np.float64), fixed_usd)
