"""Floors on the pay of hours: what each courier owes each driver when a day closes (docs/odd.md, policies)."""

from tests.reference.beliefs import worked
from tests.reference.money import Accounts
from tests.reference.world import HOUR_S, Parcel, World

type Owed = dict[tuple[int, int], float]
"""By driver and courier, $."""


def top_up(world: World, accounts: Accounts, day: int, ended: list[Parcel]) -> Owed:
    """Pay what is owed; each driver learns that the day's hours on line brought it, all alike."""
    couriers = range(len(world.settings["couriers"]))
    carried = [each for each in ended if each.status == "delivered" and each.driver]
    online_h = [sum(worked(gig, day, hour) for hour in range(24)) for gig in world.gigs]
    engaged_h: Owed = {(gig.number, courier): 0.0 for gig in world.gigs for courier in couriers}
    paid_usd = dict(engaged_h)
    for order in carried:
        if order.driver:
            engaged_h[order.driver.number, order.courier] += (order.delivered_s - order.accepted_s) / HOUR_S
            paid_usd[order.driver.number, order.courier] += order.pay
    owed = {pair: max(0.0, world.rules.trip_usd * engaged_h[pair] - paid_usd[pair]) for pair in engaged_h}
    all_engaged_h, all_online_h = sum(engaged_h.values()), sum(online_h)
    if world.rules.hourly_usd > 0 and all_engaged_h > 0 and all_online_h > 0:
        for courier in couriers:
            engaged = sum(engaged_h[gig.number, courier] for gig in world.gigs)
            paid = sum(paid_usd[gig.number, courier] + owed[gig.number, courier] for gig in world.gigs)
            due = max(0.0, world.rules.hourly_usd * all_online_h * engaged / all_engaged_h - paid)
            for gig in world.gigs:
                owed[gig.number, courier] += due * online_h[gig.number] / all_online_h
    for (driver, courier), usd in owed.items():
        accounts.top_up(courier, driver, usd)
    for gig in world.gigs:
        gig.topped_up = sum(owed[gig.number, courier] for courier in couriers)
    return owed
