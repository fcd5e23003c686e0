"""Measures of prices, concentration and opt-in."""

import numpy as np

from galleria.agents.customers.channels import NONE, STORE_MALL
from galleria.agents.pricing.concentration import by_firm, hhi
from galleria.agents.retailers.retailer import BIG_BOX
from galleria.models.measures.evidence import Evidence
from galleria.models.measures.registry import measure, measures
from galleria.models.measures.statistics import mean, ratio


def _orders_by_firm(evidence: Evidence) -> dict[str, float]:
    couriers = evidence.settings.couriers
    orders = {name: float(len(evidence.of_courier(name))) for name in couriers}
    return by_firm(orders, {name: each.firm for name, each in couriers.items()})


@measure("hhi_delivery", "-")
def hhi_delivery(evidence: Evidence) -> float:
    """Herfindahl-Hirschman index of delivery firms by orders, 0 to 10,000."""
    return hhi(_orders_by_firm(evidence).values())


@measure("hhi_all", "-")
def hhi_all(evidence: Evidence) -> float:
    """Herfindahl-Hirschman index of delivery firms, malls and big boxes by purchases, 0 to 10,000."""
    count = np.bincount(evidence.choice, minlength=len(evidence.channels))
    bought = dict(zip(evidence.channels, count.tolist(), strict=True))
    stores = [number for name, number in bought.items() if name not in {*evidence.couriers, NONE}]
    return hhi([*_orders_by_firm(evidence).values(), *stores])


@measures("fee_<courier>_usd", "$")
def fee(evidence: Evidence) -> dict[str, float]:
    """Mean delivery fee of the orders placed with each courier; nan without orders."""
    return {name: mean(evidence.orders.fee_usd[evidence.of_courier(name)]) for name in evidence.couriers}


@measure("tip_usd_per_order", "$")
def tip(evidence: Evidence) -> float:
    """Mean tip of gig deliveries."""
    return mean(evidence.orders.tip_usd[evidence.gig])


@measure("opt_in_share", "-")
def opt_in_share(evidence: Evidence) -> float:
    """Share of mall stores on mall-direct at the end of the run; nan without mall-direct."""
    if "mall_direct" not in evidence.couriers:
        return float("nan")
    listed = evidence.stores.listed[:, evidence.couriers.index("mall_direct")]
    return mean(listed[evidence.stores.mall != BIG_BOX].astype(np.float64))


def _moved(evidence: Evidence) -> dict[str, float]:
    """Count mall-direct's customers by the channel they would have chosen without it; empty where it is not."""
    if "mall_direct" not in evidence.couriers:
        return {}
    number = evidence.channels.index("mall_direct")
    moved = np.sum([record.diverted[number] for record in evidence.records], axis=0)
    return {name: float(moved[k]) for k, name in enumerate(evidence.channels) if k != number}


@measures("diversion_to_<channel>", "-")
def diversion(evidence: Evidence) -> dict[str, float]:
    """Share of mall-direct's customers who would have chosen the channel without it; nan without such customers."""
    moved = _moved(evidence)
    return {name: ratio(each, sum(moved.values())) for name, each in moved.items()}


@measure("warehouse_orders_displaced", "1/day")
def warehouse_orders_displaced(evidence: Evidence) -> float:
    """Orders with mall-direct that would have been shipped by van from the warehouse without it."""
    vans = {name for name, each in evidence.settings.couriers.items() if each.fulfilment == "van"}
    return sum(each for name, each in _moved(evidence).items() if name in vans) / evidence.days


@measure("mall_visits_displaced", "1/day")
def mall_visits_displaced(evidence: Evidence) -> float:
    """Orders with mall-direct whose customers would have gone to the mall without it."""
    return _moved(evidence).get(STORE_MALL, 0.0) / evidence.days


def _pairs(evidence: Evidence, column: str) -> dict[str, float]:
    return {f"{row['courier']}_by_{row['other']}": float(row[column]) for _, row in evidence.pressure.iterrows()}


@measures("upp_<pair>_usd", "$")
def upward_pricing_pressure(evidence: Evidence) -> dict[str, float]:
    """Upward pressure on a courier's fee if its firm merged with another and saved nothing; only where fees are set."""
    return _pairs(evidence, "pressure_usd")


@measures("guppi_<pair>", "-")
def gross_upward_pricing_pressure_index(evidence: Evidence) -> dict[str, float]:
    """Upward pricing pressure as a share of the courier's fee (GUPPI); only where fees are set."""
    return _pairs(evidence, "guppi")


@measures("value_of_order_usd_<courier>", "$/order")
def value_of_order(evidence: Evidence) -> dict[str, float]:
    """Value of an order beside its margin at which the observed fee is the best one; only where fees are set."""
    return evidence.values_usd


@measures("all_in_usd_<courier>", "$/order")
def all_in(evidence: Evidence) -> dict[str, float]:
    """Price of a mean basket's delivery beyond the shelf: fee, service, mark-up, tax, tip, less promotions."""
    orders, mean_basket_usd = evidence.orders, evidence.settings.customers.basket.mean_usd
    result = {}
    for name in evidence.couriers:
        rows = evidence.of_courier(name)
        by_order = mean(orders.fee_usd[rows] + orders.tip_usd[rows] + orders.tax_usd[rows] - orders.promotion_usd[rows])
        by_basket = ratio(
            float((orders.service_usd[rows] + orders.markup_usd[rows]).sum()), float(orders.basket_usd[rows].sum())
        )
        result[name] = by_order + by_basket * mean_basket_usd
    return result


@measures("opt_in_equilibrium_<from>", "-")
def opt_in_equilibrium(evidence: Evidence) -> dict[str, float]:
    """Share of mall stores at which nobody would join or leave, reached from none (up) and from all (down)."""
    if evidence.settings.retailers.opt_in.mode not in {"equilibrium", "landlord"}:
        return {}
    return {"up": evidence.joining.adoption.up, "down": evidence.joining.adoption.down}
