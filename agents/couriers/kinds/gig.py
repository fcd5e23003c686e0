"""Couriers whose orders gig drivers deliver."""

from dataclasses import replace
from typing import Literal, Self

from galleria.agents.couriers.fee_schedule import Buyers
from galleria.agents.couriers.kinds.base import BaseCourierSettings, ObservedSettings, Seller
from galleria.agents.couriers.pay import PaySettings
from galleria.agents.couriers.quotes import PromiseSettings, QuoteSettings
from galleria.agents.couriers.surge import SurgeSettings
from galleria.agents.couriers.tips import TipPrompt, asked_before
from galleria.agents.customers.sourcing import Source, StoreSource, WarehouseSource
from galleria.agents.customers.terms import Terms
from galleria.agents.drivers.contracts import ContractSettings
from galleria.agents.kernel.arrays import Bools, Floats
from galleria.agents.kernel.parameters import HourOfDay, NonNegative, Positive, Share
from galleria.agents.retailers.retailer import Retailers, join_by_share


class ObservedGigSettings(ObservedSettings):
    """The same for a courier with gig drivers."""

    base_usd: NonNegative
    tip_usd: NonNegative
    tip_prompt: TipPrompt
    preparation_min: NonNegative
    listed_share: Share
    mall_pickup_share: Share
    service_radius_km: Positive


class GigCourierSettings(BaseCourierSettings):
    """A courier whose orders gig drivers collect at stores; units and sources stand in conf/courier."""

    fulfilment: Literal["gig"]
    collects_at: Literal["stores", "warehouse"]
    warehouse_preparation_min: NonNegative
    big_box_chain: str | None
    observed: ObservedGigSettings
    listed_share: Share | None
    mall_pickup_share: Share
    service_radius_km: Positive
    tip_usd: NonNegative
    tip_prompt: TipPrompt
    pay: PaySettings
    contract: ContractSettings
    surge: SurgeSettings
    quote: QuoteSettings
    promise: PromiseSettings
    orders_until_h: HourOfDay | None
    independents_weight: Share
    longest_wait_min: Positive
    patience_h: NonNegative

    def source(self, listed: Bools, warehouse: int, weight: Floats | None = None) -> Source:
        """Return the stores on the app, or the warehouse where drivers collect there."""
        if self.collects_at == "stores":
            return StoreSource(listed, self.mall_pickup_share, self.service_radius_km, self.big_box_chain, weight)
        return WarehouseSource(
            warehouse,
            sold_by_stores=False,
            by_tour=False,
            radius_km=self.service_radius_km,
            preparation_s=self.warehouse_preparation_min * 60,
        )

    @property
    def packs_on_order(self) -> bool:
        """Whether drivers collect at stores."""
        return self.collects_at == "stores"

    @property
    def lists_stores(self) -> bool:
        """Whether mall stores decide to be on the courier's app: always."""
        return True

    @property
    def by_gig_drivers(self) -> bool:
        """Whether gig drivers bring the parcels: always."""
        return True

    @property
    def carries_for_anyone(self) -> bool:
        """Whether its drivers, paid by the offer, bring goods of any store, so that they may bring meals too."""
        return self.paid_by_offer and self.collects_at == "stores" and self.big_box_chain is None

    @property
    def share_posted(self) -> float | None:
        """Share of each mall's stores that are on the app; None where the stores' own settings say it."""
        return self.listed_share

    @property
    def weight_of_independents(self) -> float:
        """How often a store that belongs to no chain is shown beside one that does."""
        return self.independents_weight

    @property
    def share_when_observed(self) -> float:
        """The same when the shares of channels were observed."""
        return self.observed.listed_share

    @property
    def trip_pay(self) -> PaySettings:
        """Pay of a trip."""
        return self.pay

    @property
    def tip_of_order_usd(self) -> float:
        """What customers tip the driver, $."""
        return self.tip_usd

    @property
    def asks_before(self) -> float:
        """Share of the orders whose customers are asked for a tip before they pay."""
        return asked_before(self.tip_prompt)

    @property
    def observed_asks_before(self) -> float:
        """The same when shares were observed."""
        return asked_before(self.observed.tip_prompt)

    @property
    def promised(self) -> PromiseSettings:
        """The promise in the place of the quote, and the credit for late parcels."""
        return self.promise

    @property
    def last_order_h(self) -> float | None:
        """Hour of day from which it takes no orders for the day."""
        return self.orders_until_h

    @property
    def hires(self) -> ContractSettings | None:
        """Contract of drivers who are not paid by the offer."""
        return None if self.paid_by_offer else self.contract

    @property
    def paid_by_offer(self) -> bool:
        """Whether drivers are paid by the offer, and not under contract."""
        return self.contract.kind == "per_offer"

    @property
    def observed_pay(self) -> PaySettings:
        """Pay of a trip when shares were observed."""
        return self.pay.model_copy(update={"base_usd": self.observed.base_usd})

    @property
    def hired_usd(self) -> float:
        """What one more order costs in hours of drivers under contract, 0 for pay by the offer, $."""
        return 0.0 if self.paid_by_offer else self.contract.usd_per_h / self.contract.orders_per_driver_h

    @property
    def sellers(self) -> tuple[Seller, ...]:
        """Stores of the mall and big boxes as far as orders come from there, or the marketplace's sellers."""
        if self.collects_at == "warehouse":
            return ("marketplace",)
        mall: tuple[Seller, ...] = ("mall",) if self.mall_pickup_share > 0 else ()
        return (*mall, "big_box") if self.mall_pickup_share < 1 else mall

    @property
    def observed_quote_h(self) -> float:
        """Time to the departure of the driver."""
        return self.observed.preparation_min / 60

    def when_observed(self) -> Self:
        """Return the courier as it was observed, with the pay of then; stores as listed now where these decide."""
        listed = {} if self.listed_share is not None else {"listed_share": None}
        return super().when_observed().model_copy(update={**listed, "pay": self.observed_pay})

    def post_terms(self, commission: float, tax_usd: Floats, source: Source, buyers: Buyers) -> Terms:
        """Return the terms, with the tip and the credit for late parcels."""
        terms = super().post_terms(commission, tax_usd, source, buyers)
        return replace(terms, tip_usd=self.tip_usd, credit_usd=self.promise.credit_usd)

    def observed_terms(self, stores: Retailers, number: int, buyers: Buyers, warehouse: int) -> Terms:
        """Return the terms with the stores, the radius and the tips of then."""
        seen = self.observed
        listed = join_by_share(stores.priority[:, number], stores.mall, seen.listed_share)
        then = {name: getattr(seen, name) for name in ("mall_pickup_share", "service_radius_km", "tip_usd")}
        before = self.model_copy(update=then)
        return before.as_observed(seen, buyers, before.source(listed, warehouse))
