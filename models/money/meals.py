"""Settlement of restaurant meals: what customers, couriers, restaurants and drivers pay each other (model 10.1 L3)."""

import numpy as np

from galleria.agents.couriers.meals import MealSettings
from galleria.agents.kernel.arrays import Ints
from galleria.agents.kernel.order import Orders, Status
from galleria.models.money.settlement import Settlement


def settle_meals(settlement: Settlement, meals: MealSettings | None, orders: Orders) -> None:
    """Post the legs of all meals that closed since the last time; the refused and cancelled move no money.

    Parameters
    ----------
    settlement
        Pays drivers, and knows the accounts of firms.
    meals
        Terms of meals.
    orders
        The meals.
    """
    closed = np.array(orders.closed, np.int64)
    orders.closed.clear()
    if meals is None:
        return
    delivered = closed[orders.status[closed] == Status.DELIVERED]
    for number in np.unique(orders.courier[delivered]).tolist():
        with settlement.earned_by(number):
            rows = delivered[orders.courier[delivered] == number]
            _settle_delivered(settlement, meals, orders, rows, settlement.firm_of(number))


def _settle_delivered(settlement: Settlement, meals: MealSettings, orders: Orders, rows: Ints, firm: Ints) -> None:
    ledger = settlement.ledger
    customers, restaurants, basket_usd = (
        ledger.account("customers"),
        ledger.account("restaurants"),
        orders.basket_usd[rows],
    )
    for leg, amount_usd in (
        ("meals", basket_usd),
        ("meal markup", orders.markup_usd[rows]),
        ("meal service", orders.service_usd[rows]),
        ("meal fee", orders.fee_usd[rows]),
        ("tax collected", orders.tax_usd[rows]),
        ("tip collected", orders.tip_usd[rows]),
    ):
        ledger.post(leg, customers, firm, amount_usd)
    ledger.post("meal sales", firm, restaurants, basket_usd + orders.markup_usd[rows])
    ledger.post("meal commission", restaurants, firm, orders.commission_usd[rows])
    ledger.post("tax", firm, ledger.account("government"), orders.tax_usd[rows])
    ledger.post("processing", firm, ledger.account("processing"), meals.processing_rate * basket_usd)
    ledger.post("support", firm, ledger.account("support"), np.full(len(rows), meals.support_usd))
    ledger.post("ingredients", restaurants, ledger.account("goods"), (1 - meals.restaurant_margin) * basket_usd)
    settlement.pay_drivers(orders, rows, firm)
