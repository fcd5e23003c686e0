"""Measures of who gains: surpluses and profits, from the ledger, and their sum."""

import numpy as np

from galleria.agents.kernel.clock import HOUR_S
from galleria.agents.kernel.order import Orders, Status
from galleria.agents.retailers.retailer import BIG_BOX
from galleria.models.measures.evidence import Evidence
from galleria.models.measures.registry import measure, measures
from galleria.models.measures.road import external_cost_usd
from galleria.models.measures.statistics import ratio


@measure("consumer_surplus_quoted_usd", "$/day")
def consumer_surplus_quoted(evidence: Evidence) -> float:
    """Consumer surplus expected from channels and meals as quoted (log-sum in money, up to a constant)."""
    return float(sum(record.surplus_usd.sum() + record.meal_gain_usd for record in evidence.records)) / evidence.days


@measure("consumer_surplus_usd", "$/day")
def consumer_surplus(evidence: Evidence) -> float:
    """Quoted surplus, corrected for orders that came earlier or later than expected, or not at all, with credits."""
    corrected = sum(_not_as_quoted_usd(evidence, orders) for orders in (evidence.orders, evidence.meals))
    corrected += evidence.ledger.posted_usd("credit")
    return consumer_surplus_quoted(evidence) + corrected / evidence.days


def _not_as_quoted_usd(evidence: Evidence, orders: Orders) -> float:
    """Return what customers gain from orders that came early, less what they lose by late, lost and refused ones."""
    status = orders.status[: orders.count]
    delivered = np.flatnonzero(status == Status.DELIVERED)
    took_s = orders.delivered_s[delivered] - orders.placed_s[delivered]
    early_h = (orders.expected_s[delivered] - took_s) / HOUR_S
    gained_usd = float(orders.delay_usd_per_h[delivered] @ early_h)
    cancelled = np.flatnonzero(status == Status.CANCELLED)
    memory_h = evidence.settings.customers.memory.cancelled_h
    gained_usd -= float((orders.value_usd[cancelled] + orders.delay_usd_per_h[cancelled] * memory_h).sum())
    return gained_usd - float(orders.value_usd[np.flatnonzero(status == Status.REFUSED)].sum())


@measure("driver_surplus_usd", "$/day")
def driver_surplus(evidence: Evidence) -> float:
    """Net pay less what shifts cost (logging on, further apps) and the reservation wages of the hours on line."""
    return (evidence.ledger.total_usd("driver") - float(evidence.drivers.forgone_usd.sum())) / evidence.days


def _store_profits(evidence: Evidence) -> dict[str, tuple[float, int]]:
    """Return total profit and number of joined and not joined mall stores and of big boxes."""
    profit, mall = evidence.ledger.balance_usd("store"), evidence.stores.mall != BIG_BOX
    joined = np.zeros(len(mall), np.bool_)
    if "mall_direct" in evidence.couriers:
        joined = evidence.stores.listed[:, evidence.couriers.index("mall_direct")] & mall
    groups = {"joined": joined, "not_joined": mall & ~joined, "big_box": ~mall}
    return {name: (float(profit[rows].sum()) / evidence.days, int(rows.sum())) for name, rows in groups.items()}


@measure("retailer_profit_usd", "$/day")
def retailer_profit(evidence: Evidence) -> float:
    """Profit of all mall stores before rent and wages of the shop floor."""
    profits = _store_profits(evidence)
    return profits["joined"][0] + profits["not_joined"][0]


@measure("retailer_profit_joined_usd", "$/day")
def retailer_profit_joined(evidence: Evidence) -> float:
    """Profit of the mall stores on mall-direct."""
    return _store_profits(evidence)["joined"][0]


@measure("retailer_profit_not_joined_usd", "$/day")
def retailer_profit_not_joined(evidence: Evidence) -> float:
    """Profit of the mall stores not on mall-direct."""
    return _store_profits(evidence)["not_joined"][0]


@measure("profit_usd_per_joined_store", "$/day")
def profit_per_joined_store(evidence: Evidence) -> float:
    """Mean profit of a mall store on mall-direct; nan where there is none."""
    return ratio(*_store_profits(evidence)["joined"])


@measure("profit_usd_per_not_joined_store", "$/day")
def profit_per_not_joined_store(evidence: Evidence) -> float:
    """Mean profit of a mall store not on mall-direct; nan where there is none."""
    return ratio(*_store_profits(evidence)["not_joined"])


@measure("cannibalisation_rate", "-")
def cannibalisation_rate(evidence: Evidence) -> float:
    """Share of mall-direct's orders that the same store would have sold over the counter without mall-direct."""
    if "mall_direct" not in evidence.couriers:
        return float("nan")
    chosen = int((evidence.choice == evidence.channels.index("mall_direct")).sum())
    return ratio(sum(record.cannibalised for record in evidence.records), chosen)


@measure("mall_externality_usd", "$/day")
def mall_externality(evidence: Evidence) -> float:
    """Margin on unplanned purchases that stores lose to visits not made by those who chose mall-direct instead."""
    return sum(record.unplanned_margin_usd for record in evidence.records) / evidence.days


@measure("big_box_profit_usd", "$/day")
def big_box_profit(evidence: Evidence) -> float:
    """Profit of the big boxes."""
    return _store_profits(evidence)["big_box"][0]


@measure("seller_profit_usd", "$/day")
def seller_profit(evidence: Evidence) -> float:
    """Profit of the marketplace's sellers whose goods come from the warehouse."""
    return evidence.ledger.total_usd("marketplace") / evidence.days


@measures("profit_<firm>_usd", "$/day")
def profit_by_firm(evidence: Evidence) -> dict[str, float]:
    """Contribution of each delivery firm, its couriers' together; it follows ownership, `contribution_` does not."""
    balance = (evidence.ledger.balance_usd("firm") / evidence.days).tolist()
    return dict(zip(evidence.firms, balance, strict=True))


@measures("contribution_<courier>_usd", "$/day")
def contribution_by_courier(evidence: Evidence) -> dict[str, float]:
    """Fees and commissions less promotions, pay, vans, processing and support of each courier, whoever owns it."""
    return dict(zip(evidence.couriers, (evidence.contribution_usd / evidence.days).tolist(), strict=True))


@measures("take_rate_<courier>", "-")
def take_rate(evidence: Evidence) -> dict[str, float]:
    """Fees and service fees less promotions, and commissions, as a share of what customers pay, delivered orders."""
    return {name: _take_rate(evidence, name) for name in evidence.couriers}


def _take_rate(evidence: Evidence, courier: str) -> float:
    orders = evidence.orders
    rows = evidence.of_courier(courier)
    rows = rows[evidence.status[rows] == Status.DELIVERED]
    charged = float((orders.fee_usd[rows] + orders.service_usd[rows] - orders.promotion_usd[rows]).sum())
    goods = float(orders.basket_usd[rows].sum() + orders.markup_usd[rows].sum())
    return ratio(charged + float(orders.commission_usd[rows].sum()), charged + goods)


@measure("platform_profit_usd", "$/day")
def platform_profit(evidence: Evidence) -> float:
    """Contribution of the firm that runs mall-direct, from all channels it owns; across owners compare couriers'."""
    return profit_by_firm(evidence)[evidence.platform]


@measure("rival_profit_usd", "$/day")
def rival_profit(evidence: Evidence) -> float:
    """Contribution of all other delivery firms."""
    return sum(profit for firm, profit in profit_by_firm(evidence).items() if firm != evidence.platform)


@measure("public_revenue_usd", "$/day")
def public_revenue(evidence: Evidence) -> float:
    """Taxes and public fees less subsidies."""
    return evidence.ledger.total_usd("government") / evidence.days


@measure("landlord_profit_usd", "$/day")
def landlord_profit(evidence: Evidence) -> float:
    """Rent that depends on sales; fixed rent is left out on both sides."""
    return evidence.ledger.total_usd("landlord") / evidence.days


@measure("welfare_usd", "$/day")
def welfare(evidence: Evidence) -> float:
    """Surplus of consumers and drivers, profits of all firms and public revenue, less external costs."""
    return (
        consumer_surplus(evidence)
        + driver_surplus(evidence)
        + retailer_profit(evidence)
        + big_box_profit(evidence)
        + seller_profit(evidence)
        + landlord_profit(evidence)
        + evidence.ledger.total_usd("restaurants") / evidence.days
        + platform_profit(evidence)
        + rival_profit(evidence)
        + public_revenue(evidence)
        - external_cost_usd(evidence)
    )
