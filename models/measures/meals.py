"""Measures of restaurant meals, and of other orders beside them; there are none in markets without meals."""

import numpy as np

from galleria.agents.customers.channels import MALL_DIRECT
from galleria.agents.kernel.order import Status
from galleria.models.measures.evidence import Evidence
from galleria.models.measures.registry import measures
from galleria.models.measures.statistics import mean, quantile, ratio


@measures("meals_<fate>", "1/day")
def meals_by_fate(evidence: Evidence) -> dict[str, float]:
    """Restaurant meals ordered, and of these delivered, cancelled and refused; only where drivers carry meals."""
    if evidence.settings.meals is None:
        return {}
    status = evidence.meals.status[: evidence.meals.count]
    fates = {each.name.lower(): int((status == each).sum()) for each in Status if each != Status.OPEN}
    return {fate: number / evidence.days for fate, number in {"ordered": len(status), **fates}.items()}


@measures("meal_delivery_min_<statistic>", "min")
def meal_delivery_min(evidence: Evidence) -> dict[str, float]:
    """Time from the order of a meal to the door; only where drivers carry meals."""
    if evidence.settings.meals is None:
        return {}
    meals, rows = evidence.meals, evidence.meals_delivered
    minutes = (meals.delivered_s[rows] - meals.placed_s[rows]) / 60
    return {"mean": mean(minutes), "p90": quantile(minutes, 0.9)}


@measures("meal_all_in_<unit>", "$/order")
def meal_all_in(evidence: Evidence) -> dict[str, float]:
    """Price of a meal's delivery beyond the restaurant's own: fee, service, mark-up, tax and tip, by meal ordered."""
    meals = evidence.meals
    if evidence.settings.meals is None:
        return {}
    parts = (meals.fee_usd, meals.service_usd, meals.markup_usd, meals.tax_usd, meals.tip_usd)
    return {"usd": mean(np.sum([part[: meals.count] for part in parts], axis=0))}


@measures("<courier>_share_of_gig_orders", "-")
def share_of_gig_orders(evidence: Evidence) -> dict[str, float]:
    """Share of mall-direct in all that gig drivers delivered, meals included; only where they carry meals."""
    if evidence.settings.meals is None or MALL_DIRECT not in evidence.couriers:
        return {}
    number = evidence.channels.index(MALL_DIRECT)
    carried = int(np.count_nonzero(evidence.orders.courier[evidence.gig] == number))
    return {MALL_DIRECT: ratio(carried, evidence.by_gig_drivers)}


@measures("restaurant_profit_<unit>", "$/day")
def restaurant_profit(evidence: Evidence) -> dict[str, float]:
    """Restaurants' sales of meals less ingredients and commissions; only where drivers carry meals."""
    if evidence.settings.meals is None:
        return {}
    return {"usd": evidence.ledger.total_usd("restaurants") / evidence.days}
