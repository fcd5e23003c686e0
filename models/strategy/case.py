"""Cases: what a game of fees is worked out for: the market as it is, would be, or was observed (model 7.6)."""

from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from galleria.agents.couriers.pay import PaySettings
from galleria.agents.customers.choice_set import ChoiceSet
from galleria.agents.customers.households import Households, Occasions
from galleria.agents.customers.terms import Terms
from galleria.agents.kernel.arrays import Bools, Floats
from galleria.agents.regulator.policy import Ride
from galleria.models.money.hours import HourRules


class Rules(HourRules, Protocol):
    """What policies do to the cost of an order: the regulator, or nothing at all."""

    def offer(self, pay_usd: Floats, ride: Ride) -> Floats:
        """Return the pay of offers, float64 [m], $."""


class NoRules:
    """No policies, as when the shares of channels were observed."""

    hourly_pay_usd = trip_pay_usd = utilisation = 0.0

    def offer(self, pay_usd: Floats, ride: Ride) -> Floats:
        """Leave offers as they are."""
        del ride
        return pay_usd


@dataclass(frozen=True)
class Case:
    """What a game of fees is worked out for.

    Attributes
    ----------
    terms
        Of the J couriers.
    choices
        What the sample has before it if nothing is charged for delivery.
    price_usd
        What is charged for a delivery, $: fees float64 [J], or [n, J] where the game sets a rate on the basket too.
    quote_h
        float64 [J], quotes, h.
    firms
        Owners of the couriers.
    pay
        Pay of a trip by courier, None where nobody is paid by the trip.
    promised_h
        Times from order to door that are promised in the place of quotes, h.
    priced
        bool [J], couriers that set their fees.
    rules
        Policies.
    """

    terms: list[Terms]
    choices: ChoiceSet
    price_usd: Floats
    quote_h: Floats
    firms: tuple[str, ...]
    pay: tuple[PaySettings | None, ...]
    promised_h: tuple[float | None, ...]
    priced: Bools
    rules: Rules


def pays_fees(terms: list[Terms]) -> Floats | float:
    """Return for whom couriers' fees count, float64 [n, J], 1 or 0; 1.0 where all pay them."""
    if all(offer.pays_fee.all() for offer in terms):
        return 1.0
    return np.column_stack([offer.pays_fee for offer in terms])


def commissions(terms: list[Terms], independent: Bools) -> Floats:
    """Return what couriers take of sales, float64 [n, J], of stores that belong to no chain or do, bool [n, J]."""
    return np.where(
        independent, [offer.independents.commission for offer in terms], [offer.commission for offer in terms]
    )


class Sample(NamedTuple):
    """The shoppers on whom demand is worked out: those of the calibration."""

    households: Households
    occasions: Occasions


@dataclass(frozen=True)
class Conditions:
    """What fees are set on, float64 [J], one entry a courier; nan where nothing is known.

    Attributes
    ----------
    quote_h
        Hours quoted from order to departure, or to the door by van.
    unit_cost_usd
        What one more order costs: pay or vans, support, credits for late parcels, less what surges brought, $.
    """

    quote_h: Floats
    unit_cost_usd: Floats

    def averaged(self, seen: "Conditions", weight: float) -> "Conditions":
        """Move towards what was seen, where something was, by the method of successive averages."""
        return Conditions(
            _towards(self.quote_h, seen.quote_h, weight), _towards(self.unit_cost_usd, seen.unit_cost_usd, weight)
        )


def _towards(old: Floats, new: Floats, weight: float) -> Floats:
    known = np.where(np.isfinite(new), new, old)
    with np.errstate(invalid="ignore"):
        return np.where(np.isfinite(old), old + weight * (known - old), known)
