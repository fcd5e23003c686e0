"""Measures of prices, concentration and opt-in."""

from collections.abc import Iterable

import numpy as np

from agents.customer import NONE
from agents.retailer import BIG_BOX
from models.measures.evidence import Evidence
from models.measures.registry import measure, measures
from models.measures.statistics import mean, ratio

HUNDRED_PERCENT = 100.0


def hhi(shares: Iterable[float]) -> float:
    """Herfindahl-Hirschman index, the sum of squared percentage shares of a whole; nan of nothing."""
    parts = np.array(list(shares), dtype=np.float64)
    total = float(parts.sum())
    return float(((HUNDRED_PERCENT * parts / total) ** 2).sum()) if total else float("nan")


def _orders_by_firm(evidence: Evidence) -> dict[str, float]:
    orders = dict.fromkeys(evidence.firms, 0.0)
    for name, each in evidence.settings.couriers.items():
        orders[each.firm] += len(evidence.of_courier(name))
    return orders


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


@measures("diversion_to_<channel>", "-")
def diversion(evidence: Evidence) -> dict[str, float]:
    """Share of mall-direct's customers who would have chosen the channel without it; nan without such customers."""
    if "mall_direct" not in evidence.couriers:
        return {}
    number = evidence.channels.index("mall_direct")
    moved = np.sum([record.diverted[number] for record in evidence.records], axis=0)
    return {name: ratio(float(moved[k]), float(moved.sum())) for k, name in enumerate(evidence.channels) if k != number}


@measures("opt_in_equilibrium_<from>", "-")
def opt_in_equilibrium(evidence: Evidence) -> dict[str, float]:
    """Share of mall stores at which nobody would join or leave, reached from none (up) and from all (down)."""
    if evidence.settings.retailers.opt_in.mode != "equilibrium":
        return {}
    return {"up": evidence.adoption.up, "down": evidence.adoption.down}
