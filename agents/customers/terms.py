"""Terms: what a courier offers customers and stores today (model 7.2)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from galleria.agents.customers.households import Households, Occasions
from galleria.agents.customers.sourcing import Source
from galleria.agents.kernel.arrays import Bools, Floats
from galleria.agents.kernel.clock import DAY_S, HOUR_S


class Audience(NamedTuple):
    """Whom a courier serves, and when.

    Attributes
    ----------
    purposes
        Names of the purposes of occasions for which customers use it, None for all.
    members_only
        Whether it serves none but members of the platform.
    until_h
        Hour of day from which it takes no orders for the day, None for never.
    """

    purposes: tuple[str, ...] | None
    members_only: bool
    until_h: float | None

    def serves(self, occasions: Occasions, households: Households, purposes: Sequence[str]) -> Bools:
        """Return which occasions it serves, bool [n]; `purposes` are named in the order of their numbers."""
        served = np.ones(len(occasions), np.bool_)
        if self.purposes is not None:
            served &= np.array([purpose in self.purposes for purpose in purposes])[occasions.purpose]
        if self.members_only:
            served &= households.member[occasions.household]
        if self.until_h is not None:
            served &= occasions.arrive_s % DAY_S < self.until_h * HOUR_S
        return served


class Appeal(NamedTuple):
    """What speaks for a courier beside the channel whose constant it has, $, nothing of it when shares were observed.

    Attributes
    ----------
    quality_usd
        What customers would pay for it beyond that channel.
    attention_usd
        By how much more it is seen as worth than it is, for its rank in what is shown.
    promotion_usd
        What it gives a customer for an order.
    """

    quality_usd: float
    attention_usd: float
    promotion_usd: float


class Cut(NamedTuple):
    """What a courier takes of a sale, and by how much prices on its app are above the shelf, shares of the basket."""

    commission: float
    markup: float


@dataclass(frozen=True)
class Terms:
    """What a courier offers customers and stores today.

    Attributes
    ----------
    active
        Whether it takes orders at all.
    audience
        Whom it serves, and when.
    appeal
        What speaks for it beside the channel whose constant it has.
    fee_usd, service_rate, markup
        Price of a delivery: fee, and rates on the basket.
    pays_fee
        float64 [n], for each of the day's occasions 1 if it would pay the fee, 0 if members' terms take its place.
    commission, commission_usd
        Rate on the basket and amount per order, paid by the seller.
    independents
        Commission and mark-up of mall stores that belong to no chain.
    tip_usd
        Tip that customers give the driver.
    credit_usd
        What a customer gets back whose parcel is late.
    added_fee_usd, tax_usd
        float64 [n], what comes to the fee by policies or is paid in its place by members, and tax on a delivery.
    source
        Where the goods come from.
    """

    active: bool
    audience: Audience
    appeal: Appeal
    fee_usd: float
    pays_fee: Floats
    service_rate: float
    markup: Floats | float
    commission: float
    independents: Cut
    commission_usd: float
    tip_usd: float
    credit_usd: float
    added_fee_usd: Floats
    tax_usd: Floats
    source: Source


def price_usd(terms: Terms) -> Floats:
    """Return the fee that each occasion would pay, float64 [n], $."""
    return terms.fee_usd * terms.pays_fee + terms.added_fee_usd


def for_some(terms: Terms, rows: Bools) -> Terms:
    """Return the terms for some of the occasions, bool [n]."""
    parts = {name: getattr(terms, name)[rows] for name in ("pays_fee", "added_fee_usd", "tax_usd")}
    return replace(terms, **parts)
