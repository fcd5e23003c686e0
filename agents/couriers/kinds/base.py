"""What settings of all couriers have in common, and what they answer (model 7.5).

Nobody asks what kind a courier is: where its goods come from, who sells them, who packs, how drivers are paid and what
customers faced when shares were observed is answered by the settings themselves.
"""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Literal, Self

import numpy as np
from pydantic import BeforeValidator, Field

from galleria.agents.couriers.fee_schedule import Buyers, FeeScheduleSettings, charge
from galleria.agents.couriers.pay import PaySettings
from galleria.agents.couriers.quotes import PromiseSettings
from galleria.agents.customers.sourcing import Source
from galleria.agents.customers.terms import Appeal, Audience, Cut, Terms
from galleria.agents.drivers.contracts import ContractSettings
from galleria.agents.kernel.arrays import Bools, Floats
from galleria.agents.kernel.parameters import NonNegative, Parameters, Share
from galleria.agents.retailers.retailer import Retailers

type Fulfilment = Literal["gig", "van", "pickup"]
type Seller = Literal["mall", "big_box", "marketplace"]


class ObservedSettings(Parameters):
    """What customers faced and sellers paid when the shares of channels were observed, and who owned the channel."""

    firm: str
    commission: Share
    fee_usd: NonNegative
    fee_schedule: FeeScheduleSettings | None
    service_rate: Share
    markup: Share


def one_owner(firm: object) -> object:
    """Refuse several owners of one channel.

    Raises
    ------
    ValueError
        If it is a list; a merger gives one firm to two couriers.
    """
    if isinstance(firm, Sequence) and not isinstance(firm, str):
        raise ValueError("a channel has one owner; after a merger, give both couriers the same firm")  # noqa: TRY004
    return firm


class BaseCourierSettings(Parameters):
    """Names, prices and rates that every courier has; units and sources stand in conf/courier."""

    observed: ObservedSettings
    firm: Annotated[str, BeforeValidator(one_owner)]
    active: bool
    constant_of: str | None
    quality_usd: Annotated[float, Field(ge=-100, le=100)]
    attention_usd: Annotated[float, Field(ge=-100, le=100)]
    promotion_usd: Annotated[float, Field(ge=0, le=100)]
    serves: Annotated[tuple[str, ...], Field(min_length=1)] | None
    fee_usd: Annotated[float, Field(ge=0, le=1000)]
    fee_schedule: FeeScheduleSettings | None
    service_rate: Share
    markup: Share
    commission: Share
    commission_usd: NonNegative
    processing_rate: Share
    support_usd: NonNegative

    @abstractmethod
    def source(self, listed: Bools, warehouse: int, weight: Floats | None = None) -> Source:
        """Return the source of the goods.

        Parameters
        ----------
        listed
            bool [R], stores on the app.
        warehouse
            Its place.
        weight
            float64 [R], how often mall stores are shown beside each other; None for all alike.
        """

    @property
    def packs_on_order(self) -> bool:
        """Whether stores' pickers pack the orders, and not a warehouse."""
        return True

    @property
    def lists_stores(self) -> bool:
        """Whether mall stores decide to be on the courier's app."""
        return False

    @property
    def share_posted(self) -> float | None:
        """Share of each mall's stores that are on the app; None where the stores' own settings say it."""
        return 0.0

    @property
    def weight_of_independents(self) -> float:
        """How often a store that belongs to no chain is shown beside one that does; 1 for as often."""
        return 1.0

    @property
    def share_when_observed(self) -> float:
        """The same when the shares of channels were observed."""
        return 0.0

    @property
    def by_gig_drivers(self) -> bool:
        """Whether gig drivers bring the parcels."""
        return False

    @property
    def carries_for_anyone(self) -> bool:
        """Whether its drivers, paid by the offer, bring goods of any store, so that they may bring meals too."""
        return False

    @property
    def runs_tours(self) -> bool:
        """Whether parcels go out on tours, so that quotes are to the door, and the fleet's costs are its own."""
        return False

    @property
    def collected_by_customer(self) -> bool:
        """Whether customers drive to the store themselves."""
        return False

    @property
    def trip_pay(self) -> PaySettings:
        """Pay of a trip; nothing where nobody is paid by the trip."""
        return PaySettings(base_usd=0.0, per_km_usd=0.0, per_min_usd=0.0, per_drop_usd=0.0, floor_usd=0.0)

    @property
    def tip_of_order_usd(self) -> float:
        """What customers tip whoever brings the parcels, $."""
        return 0.0

    @property
    def asks_before(self) -> float:
        """Share of the orders whose customers are asked for a tip before they pay: all, where it does not matter."""
        return 1.0

    @property
    def observed_asks_before(self) -> float:
        """The same when shares were observed."""
        return 1.0

    @property
    def observed_pay(self) -> PaySettings | None:
        """Pay of a trip when shares were observed; None where nobody is paid by the trip."""
        return None

    @property
    def promised(self) -> PromiseSettings:
        """What late customers are promised beside the quote: nothing."""
        return PromiseSettings(hours=None, credit_usd=0.0)

    @property
    def last_order_h(self) -> float | None:
        """Hour of day from which it takes no orders for the day, None for never."""
        return None

    @property
    def hires(self) -> ContractSettings | None:
        """Contract under which drivers are hired by the hour; None where nobody is."""
        return None

    @property
    def paid_by_offer(self) -> bool:
        """Whether whoever brings the parcels is paid by the order, and not by the hour."""
        return True

    @property
    def hired_usd(self) -> float:
        """What one more order costs in hours of drivers under contract, 0 for pay by the offer, $."""
        return 0.0

    @property
    @abstractmethod
    def sellers(self) -> tuple[Seller, ...]:
        """Who sells what is delivered."""

    @property
    @abstractmethod
    def observed_quote_h(self) -> float:
        """Quote that went with the observed shares, h to the departure (gig, own trip) or to the door (van)."""

    def post_terms(self, commission: float, tax_usd: Floats, source: Source, buyers: Buyers) -> Terms:
        """Return the terms for some buyers; commission, tax and source as policies and stores have them today."""
        schedule = self.fee_schedule
        pays_fee, fixed_usd = charge(schedule, buyers)
        return Terms(
            active=self.active,
            audience=Audience(self.serves, schedule is not None and schedule.members_only, self.last_order_h),
            appeal=Appeal(self.quality_usd, self.attention_usd, self.promotion_usd),
            fee_usd=self.fee_usd,
            pays_fee=pays_fee,
            service_rate=self.service_rate,
            markup=self.markup,
            commission=commission,
            independents=Cut(commission, self.markup),
            commission_usd=self.commission_usd,
            tip_usd=0.0,
            credit_usd=0.0,
            added_fee_usd=fixed_usd,
            tax_usd=tax_usd,
            source=source,
        )

    def as_observed(self, seen: ObservedSettings, buyers: Buyers, source: Source) -> Terms:
        """Return the terms for some buyers when shares were observed, without policies."""
        prices = {name: getattr(seen, name) for name in ("fee_usd", "fee_schedule", "service_rate", "markup")}
        before = self.model_copy(update=prices)
        terms = before.post_terms(seen.commission, np.zeros(len(buyers.basket_usd)), source, buyers)
        return replace(terms, active=True, appeal=Appeal(0.0, 0.0, 0.0))

    def when_observed(self) -> Self:
        """Return the courier with all that was observed in the place of what it offers; absent where nothing was."""
        seen = {name: value for name, value in self.observed if name in type(self).model_fields}
        levers = {"active": self.constant_of is None, "attention_usd": 0.0, "promotion_usd": 0.0}
        return self.model_copy(update=seen | levers)

    @abstractmethod
    def observed_terms(self, stores: Retailers, number: int, buyers: Buyers, warehouse: int) -> Terms:
        """Return the terms of the courier of this number for some buyers when shares were observed."""


class AppFreeSettings(BaseCourierSettings):
    """Couriers that list no stores: their source is always the same."""

    observed: ObservedSettings

    def observed_terms(self, stores: Retailers, number: int, buyers: Buyers, warehouse: int) -> Terms:
        """Return the terms with the prices of then."""
        del number
        return self.as_observed(self.observed, buyers, self.source(np.ones(len(stores), np.bool_), warehouse))
