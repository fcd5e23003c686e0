"""Measures of orders and of the service customers get."""

import numpy as np

from galleria.agents.customers.channels import NONE, STORE_MALL
from galleria.agents.kernel.order import Status
from galleria.models.measures.evidence import Evidence
from galleria.models.measures.registry import measure, measures
from galleria.models.measures.statistics import mean, quantile, ratio


@measure("occasions", "1/day")
def occasions(evidence: Evidence) -> float:
    """Shopping occasions."""
    return len(evidence.choice) / evidence.days


@measure("orders_placed", "1/day")
def orders_placed(evidence: Evidence) -> float:
    """Orders placed with all couriers."""
    return evidence.orders.count / evidence.days


@measure("orders_gig", "1/day")
def orders_gig(evidence: Evidence) -> float:
    """Orders delivered by gig drivers, by whom policies on their pay should be judged."""
    by_gig = evidence.orders.driver[: evidence.orders.count] >= 0
    return int((by_gig & (evidence.status == Status.DELIVERED)).sum()) / evidence.days


@measure("orders_delivered", "1/day")
def orders_delivered(evidence: Evidence) -> float:
    """Orders delivered by the end of the run."""
    return int((evidence.status == Status.DELIVERED).sum()) / evidence.days


@measure("orders_cancelled", "1/day")
def orders_cancelled(evidence: Evidence) -> float:
    """Orders cancelled and refunded because no driver took them in time."""
    return int((evidence.status == Status.CANCELLED).sum()) / evidence.days


@measure("orders_open", "1/day")
def orders_open(evidence: Evidence) -> float:
    """Orders neither delivered nor cancelled at the end of the run."""
    return int((evidence.status == Status.OPEN).sum()) / evidence.days


@measure("cancelled_share", "-")
def cancelled_share(evidence: Evidence) -> float:
    """Share of the orders placed that were cancelled and refunded."""
    return ratio(int((evidence.status == Status.CANCELLED).sum()), evidence.orders.count)


@measures("unavailable_share_<courier>", "-")
def unavailable_share(evidence: Evidence) -> dict[str, float]:
    """Share of the occasions within a courier's reach and hours at which it quoted nothing or had nothing to sell."""
    within_reach = np.sum([record.within_reach for record in evidence.records], axis=0)
    refused = np.sum([record.refused for record in evidence.records], axis=0)
    return {name: ratio(float(refused[k]), float(within_reach[k])) for k, name in enumerate(evidence.couriers)}


@measures("days_unrecovered_share_<courier>", "-")
def days_unrecovered(evidence: Evidence) -> dict[str, float]:
    """Share of days on which no addition to a courier's fee was expected to recover what policies cost it."""
    share = np.mean([record.unrecovered for record in evidence.records], axis=0)
    return {name: float(share[k]) for k, name in enumerate(evidence.couriers) if evidence.is_gig[k]}


@measures("orders_<courier>", "1/day")
def orders_by_courier(evidence: Evidence) -> dict[str, float]:
    """Orders placed with each courier."""
    return {name: len(evidence.of_courier(name)) / evidence.days for name in evidence.couriers}


@measure("orders_rivals", "1/day")
def orders_rivals(evidence: Evidence) -> float:
    """Orders placed with couriers of other firms than the mall-direct platform."""
    rivals = [name for name, each in evidence.settings.couriers.items() if each.firm != evidence.platform]
    return sum(len(evidence.of_courier(name)) for name in rivals) / evidence.days


@measure("warehouse_orders", "1/day")
def warehouse_orders(evidence: Evidence) -> float:
    """Orders shipped from the platform's warehouse."""
    vans = [name for name, each in evidence.settings.couriers.items() if each.fulfilment == "van"]
    return sum(len(evidence.of_courier(name)) for name in vans) / evidence.days


@measures("share_<channel>", "-")
def share(evidence: Evidence) -> dict[str, float]:
    """Share of all occasions that chose the channel."""
    count = np.bincount(evidence.choice, minlength=len(evidence.channels))
    return {
        name: ratio(float(number), len(evidence.choice))
        for name, number in zip(evidence.channels, count.tolist(), strict=True)
    }


@measures("value_share_<channel>", "-")
def value_share(evidence: Evidence) -> dict[str, float]:
    """Share of the channel in the value of all that was bought, at shelf prices."""
    bought_usd = np.sum([record.bought_usd for record in evidence.records], axis=0)
    bought = {name: usd for name, usd in zip(evidence.channels, bought_usd.tolist(), strict=True) if name != NONE}
    return {name: ratio(usd, sum(bought.values())) for name, usd in bought.items()}


@measure("mall_visits", "1/day")
def mall_visits(evidence: Evidence) -> float:
    """Trips of customers to malls."""
    return int((evidence.choice == evidence.channels.index(STORE_MALL)).sum()) / evidence.days


@measure("delivery_min_mean", "min")
def delivery_min_mean(evidence: Evidence) -> float:
    """Mean time from order to door of gig deliveries."""
    return mean(evidence.delivery_min)


@measure("delivery_min_p50", "min")
def delivery_min_p50(evidence: Evidence) -> float:
    """Median time from order to door of gig deliveries."""
    return quantile(evidence.delivery_min, 0.5)


@measure("delivery_min_p90", "min")
def delivery_min_p90(evidence: Evidence) -> float:
    """90 % quantile of the time from order to door of gig deliveries."""
    return quantile(evidence.delivery_min, 0.9)


@measure("delivery_min_p95", "min")
def delivery_min_p95(evidence: Evidence) -> float:
    """95 % quantile of the time from order to door of gig deliveries."""
    return quantile(evidence.delivery_min, 0.95)


@measures("delivery_min_mean_<courier>", "min")
def delivery_min_by_courier(evidence: Evidence) -> dict[str, float]:
    """Mean time from order to door of each gig courier's deliveries."""
    courier = evidence.orders.courier[evidence.gig]
    return {
        name: mean(evidence.delivery_min[courier == number])
        for number, name in enumerate(evidence.couriers)
        if evidence.is_gig[number]
    }


@measure("pickup_min_mean", "min")
def pickup_min_mean(evidence: Evidence) -> float:
    """Mean time from acceptance to arrival at the store."""
    return mean((evidence.orders.arrived_s[evidence.gig] - evidence.orders.accepted_s[evidence.gig]) / 60)


@measure("on_time_share", "-")
def on_time_share(evidence: Evidence) -> float:
    """Share of gig deliveries at the door by the quoted time."""
    late = evidence.orders.delivered_s[evidence.gig] > evidence.orders.promised_s[evidence.gig]
    return mean((~late).astype(np.float64))


@measures("on_time_share_<courier>", "-")
def on_time_by_courier(evidence: Evidence) -> dict[str, float]:
    """Share of each gig courier's deliveries at the door by the quoted time: how well its quotes are calibrated."""
    orders, rows = evidence.orders, evidence.gig
    in_time = (orders.delivered_s[rows] <= orders.promised_s[rows]).astype(np.float64)
    return {
        name: mean(in_time[orders.courier[rows] == number])
        for number, name in enumerate(evidence.couriers)
        if evidence.is_gig[number]
    }


@measure("quote_error_min_mean", "min")
def quote_error_min_mean(evidence: Evidence) -> float:
    """Mean time by which gig deliveries come after the quoted time; negative when they come before."""
    orders, rows = evidence.orders, evidence.gig
    return mean((orders.delivered_s[rows] - orders.promised_s[rows]) / 60)


@measure("bundle_size_mean", "orders")
def bundle_size_mean(evidence: Evidence) -> float:
    """Mean number of orders a gig trip carries."""
    return ratio(float(len(evidence.gig)), len(np.unique(evidence.orders.trip[evidence.gig])))
