"""Settlement: the legs of every sale, posted to the ledger (model 10.1 L3).

A delivered order of basket b moves, between the accounts of customers, firms, stores, drivers and the government and
the sinks where resources are used up: the basket with its mark-up, service fee, delivery fee, tax and tip from the
customer to the firm; basket and mark-up from the firm to the store and the commission back; pay and tip to the driver;
the tax to the government; and what goods, picking, returns, card processing, support and driving cost.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Self

import numpy as np

from galleria.agents.couriers.settings import AnyCourierSettings
from galleria.agents.drivers.driver import Drivers
from galleria.agents.drivers.vehicles import driving_usd_per_km
from galleria.agents.kernel.arrays import Floats, Ints
from galleria.agents.kernel.clock import DAYS_PER_WEEK
from galleria.agents.kernel.order import Orders, Status
from galleria.agents.retailers.retailer import BIG_BOX, Retailers, other_store
from galleria.agents.retailers.settings import RetailerSettings
from galleria.models.money.ledger import Ledger
from galleria.models.settings.tree import Settings


@dataclass(frozen=True)
class Settlement:
    """Posts what closed orders, shopping trips and days cost and earn.

    Attributes
    ----------
    ledger
        With the blocks of `open_ledger`.
    retailers, stores
        Costs and margins; the population they belong to.
    couriers, firms
        Settings by courier, and the names of the firms that own them, in the order of their accounts.
    driving_usd_per_km
        Marginal cost of driving by row of the driver.
    """

    ledger: Ledger
    retailers: RetailerSettings
    stores: Retailers
    couriers: tuple[AnyCourierSettings, ...]
    firms: tuple[str, ...]
    driving_usd_per_km: Callable[[Ints], Floats]

    @classmethod
    def of(cls, settings: Settings, ledger: Ledger, stores: Retailers, drivers: Drivers) -> Self:
        """Return the settlement of a market."""
        couriers = tuple(settings.couriers.values())

        def usd_per_km(rows: Ints) -> Floats:
            return driving_usd_per_km(settings.drivers, drivers.vehicle[rows])

        return cls(ledger, settings.retailers, stores, couriers, settings.firms, usd_per_km)

    def settle_orders(self, orders: Orders) -> None:
        """Post the legs of all orders that closed since the last time."""
        closed = np.array(orders.closed, np.int64)
        orders.closed.clear()
        delivered = closed[orders.status[closed] == Status.DELIVERED]
        for number, courier in enumerate(self.couriers):
            rows = delivered[orders.courier[delivered] == number]
            if len(rows):
                with self.earned_by(number):
                    self._settle_delivered(orders, rows, courier)
        by_store = np.array([courier.packs_on_order for courier in self.couriers])
        packed = closed[(orders.store[closed] >= 0) & by_store[orders.courier[closed]]]
        self._post_to_sink("picking", orders.store[packed], self.retailers.picking_cost_usd)

    def _settle_delivered(self, orders: Orders, rows: Ints, courier: AnyCourierSettings) -> None:
        ledger = self.ledger
        customers = ledger.account("customers")
        firm = self.firm(courier.firm)
        basket_usd = orders.basket_usd[rows]
        store = orders.store[rows]
        sold_by_store = store[0] >= 0
        seller = ledger.account("store", store) if sold_by_store else ledger.account("marketplace")
        margin = self.stores.margin[store] if sold_by_store else self.retailers.margin.marketplace
        for leg, amount_usd in (
            ("basket", basket_usd),
            ("markup", orders.markup_usd[rows]),
            ("service", orders.service_usd[rows]),
            ("fee", orders.fee_usd[rows]),
            ("tax collected", orders.tax_usd[rows]),
            ("tip collected", orders.tip_usd[rows]),
        ):
            ledger.post(leg, customers, firm, amount_usd)
        if orders.promotion_usd[rows].any():
            ledger.post("promotion", firm, customers, orders.promotion_usd[rows])
        ledger.post("sales", firm, seller, basket_usd)
        ledger.post("sales markup", firm, seller, orders.markup_usd[rows])
        ledger.post("commission", seller, firm, orders.commission_usd[rows])
        ledger.post("tax", firm, ledger.account("government"), orders.tax_usd[rows])
        ledger.post("processing", firm, ledger.account("processing"), courier.processing_rate * basket_usd)
        ledger.post("support", firm, ledger.account("support"), np.full(len(rows), courier.support_usd))
        ledger.post("goods", seller, ledger.account("goods"), (1 - margin) * basket_usd)
        returned = self.stores.return_rate[store] if sold_by_store else self.retailers.mean_return_rate
        ledger.post(
            "returns", seller, ledger.account("returns"), self.retailers.returns.loss_share * returned * basket_usd
        )
        if sold_by_store:
            self._post_rent(store, self.retailers.rent_share_of_delivered * basket_usd)
        brought = orders.driver[rows] >= 0
        if brought.any():
            self.pay_drivers(orders, rows[brought], firm)
        self._post_charge(customers, orders.charge_usd[rows[~brought]])

    def pay_drivers(self, orders: Orders, rows: Ints, firm: Ints) -> None:
        """Post what drivers get and spend, and what a firm gives back to customers whose parcels were late."""
        ledger = self.ledger
        driver = ledger.account("driver", orders.driver[rows])
        ledger.post("pay", firm, driver, orders.pay_usd[rows])
        ledger.post("tip", firm, driver, orders.tip_usd[rows])
        late = orders.delivered_s[rows] > orders.promised_s[rows]
        ledger.post("credit", firm, ledger.account("customers"), orders.credit_usd[rows] * late)
        km = orders.pickup_km[rows] + orders.loaded_km[rows]
        ledger.post("driving", driver, ledger.account("driving"), self.driving_usd_per_km(orders.driver[rows]) * km)
        self._post_charge(driver, orders.charge_usd[rows])

    def settle_purchase(self, leg: str, store: Ints, spent_usd: Floats) -> None:
        """Post what customers spend who come to stores themselves, by rows of retailers."""
        ledger, seller = self.ledger, self.ledger.account("store", store)
        ledger.post(leg, ledger.account("customers"), seller, spent_usd)
        ledger.post("goods", seller, ledger.account("goods"), (1 - self.stores.margin[store]) * spent_usd)
        self._post_rent(store, self.retailers.rent_share_of_walk_in * spent_usd)

    def settle_visits(self, store: Ints, basket_usd: Floats, uniform: Floats) -> None:
        """Post what visitors of malls spend in the store they came for, and unplanned in another of the same mall.

        Parameters
        ----------
        store
            Rows of the retailers.
        basket_usd, uniform
            float64 [m], what they wanted, and numbers by which the other store is chosen.
        """
        self.settle_purchase("walk-in", store, basket_usd)
        unplanned_usd = self.retailers.unplanned_share * basket_usd
        self.settle_purchase("unplanned", other_store(self.stores, store, uniform), unplanned_usd)

    def _post_rent(self, store: Ints, rent_usd: Floats) -> None:
        """Post the rent that mall stores pay on sales; big boxes have no landlord."""
        in_mall = self.stores.mall[store] != BIG_BOX
        payer = self.ledger.account("store", store[in_mall])
        self.ledger.post("rent", payer, self.ledger.account("landlord"), rent_usd[in_mall])

    def settle_vehicles(self, courier: int, cost_usd: float) -> None:
        """Post what a courier's own vehicles cost in a day."""
        with self.earned_by(courier):
            self.ledger.post("vans", self.firm_of(courier), self.ledger.account("vans"), cost_usd)

    def settle_contracts(self, courier: int, driver: Ints, pay_usd: Floats) -> None:
        """Post what a courier pays drivers for the hours of their contracts."""
        with self.earned_by(courier):
            self.ledger.post("contract pay", self.firm_of(courier), self.ledger.account("driver", driver), pay_usd)

    def settle_tolls(self, toll_usd: Floats) -> None:
        """Post what customers pay the public for trips of their own to stores."""
        self._post_charge(self.ledger.account("customers"), toll_usd)

    def settle_tours(self, courier: int, charge_usd: float) -> None:
        """Post what a courier pays the public for a day's van tours."""
        with self.earned_by(courier):
            self._post_charge(self.firm_of(courier), np.array([charge_usd]))

    def _post_charge(self, payer: Ints, charge_usd: Floats) -> None:
        if charge_usd.any():
            self.ledger.post("road charge", payer, self.ledger.account("government"), charge_usd)

    def settle_top_up(self, courier: int, amount_usd: Floats) -> None:
        """Post what a courier pays drivers, float64 [N], to reach a floor on hourly pay."""
        with self.earned_by(courier):
            everybody = self.ledger.account("driver", np.arange(len(amount_usd)))
            self.ledger.post("top-up", self.firm_of(courier), everybody, amount_usd)

    def settle_subsidy(self, store: Ints, amount_usd: float) -> None:
        """Post the same public subsidy for each store listed, several times where it is listed so."""
        payee = self.ledger.account("store", store)
        self.ledger.post("subsidy", self.ledger.account("government"), payee, np.full(len(store), amount_usd))

    def settle_presence(self, courier: int, usd_per_day: float) -> None:
        """Post what it costs an entrant to be in the market for a day."""
        with self.earned_by(courier):
            self.ledger.post("presence", self.firm_of(courier), self.ledger.account("presence"), usd_per_day)

    def settle_shifts(self, log_on_usd: Floats, apps_usd: Floats) -> None:
        """Post what logging on and working with several apps cost each driver, float64 [N]."""
        everybody = self.ledger.account("driver", np.arange(len(log_on_usd)))
        self.ledger.post("log-on", everybody, self.ledger.account("log-on"), log_on_usd)
        self.ledger.post("apps", everybody, self.ledger.account("apps"), apps_usd)

    def settle_relocation(self, cost_usd: Floats) -> None:
        """Post what driving to other zones without an order cost each driver, float64 [N]."""
        everybody = self.ledger.account("driver", np.arange(len(cost_usd)))
        self.ledger.post("relocation", everybody, self.ledger.account("driving"), cost_usd)

    def firm(self, name: str) -> Ints:
        """Return the account of a firm."""
        return self.ledger.account("firm", self.firms.index(name))

    def firm_of(self, courier: int) -> Ints:
        """Return the account of the firm that owns a courier."""
        return self.firm(self.couriers[courier].firm)

    @contextmanager
    def earned_by(self, courier: int) -> Iterator[None]:
        """Count what the firm's account gains or loses meanwhile as the courier's."""
        account = self.firm_of(courier)
        before = self.ledger.balance[account]
        yield
        self.ledger.contribution[courier] += self.ledger.balance[account] - before

    def settle_day(self, gig_numbers: Ints) -> None:
        """Post each mall store's cost of being on couriers' apps, for one day."""
        listed = self.stores.listed[:, gig_numbers] & (self.stores.mall != BIG_BOX)[:, None]
        platforms = listed.sum(axis=1)
        per_week = platforms * self.retailers.app_usd_per_week
        per_week = per_week + (platforms > 0) * self.retailers.setup_usd_per_week
        self._post_to_sink("integration", np.arange(len(self.stores)), per_week / DAYS_PER_WEEK)

    def _post_to_sink(self, sink: str, store: Ints, amount_usd: Floats | float) -> None:
        payer = self.ledger.account("store", store)
        self.ledger.post(sink, payer, self.ledger.account(sink), np.broadcast_to(amount_usd, payer.shape))


SINKS = (
    *("goods", "picking", "returns", "integration", "processing", "support", "driving", "vans"),
    *("log-on", "apps", "presence"),
)


def open_ledger(settings: Settings, stores: Retailers) -> Ledger:
    """Open the accounts of a market, all at zero."""
    blocks = {
        "customers": 1,
        "firm": len(settings.firms),
        "store": len(stores),
        "marketplace": 1,
        "driver": settings.drivers.pool,
        "landlord": 1,
        "government": 1,
        "restaurants": 1,
    }
    return Ledger(blocks | dict.fromkeys(SINKS, 1), len(settings.couriers))
