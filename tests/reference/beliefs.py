"""What drivers believe of hours: learnt as a day closes, and settled before the first (docs/odd.md, drivers)."""

from math import inf, sqrt
from typing import Any

from tests.reference.world import DAY_S, HOUR_S, Gig, Rest, World


def moved(belief: float, own_usd: float, online_h: float, rate_of_all: float, told: float, drivers: Any) -> float:
    """Average an hour's own rate, and of the part not worked what others say, into what is expected of it."""
    by_own_purse = drivers["belief_rate"] * (own_usd - belief * online_h)
    by_hearsay = drivers["hearsay"] * (1 - online_h) * told * (rate_of_all - belief)
    return float(belief + by_own_purse + by_hearsay)


def learn(world: World, day: int) -> None:
    """Let all drivers learn from a day that closes."""
    for hour in range(24):
        worked_h = [worked(gig, day, hour) for gig in world.gigs]
        earned_usd = [earned(gig, day, hour) for gig in world.gigs]
        rate_of_all = sum(earned_usd) / sum(worked_h) if sum(worked_h) > 0 else 0.0
        told = min(1.0, sum(worked_h))
        for gig, online_h, own_usd in zip(world.gigs, worked_h, earned_usd, strict=True):
            gig.belief[hour] = moved(gig.belief[hour], own_usd, online_h, rate_of_all, told, world.settings["drivers"])


def worked(gig: Gig, day: int, hour: int) -> float:
    """Return the part of an hour in which a driver was on line."""
    start_s = day * DAY_S + hour * HOUR_S
    shifts = gig.shifts + ([(gig.since_s, inf)] if gig.online else [])
    return sum(max(0.0, min(end_s, start_s + HOUR_S) - max(since_s, start_s)) for since_s, end_s in shifts) / HOUR_S


def earned(gig: Gig, day: int, hour: int) -> float:
    """Add up net pay by the hour of acceptance, midnight closing the last, and what topped up the day, by its hours."""
    start_s = day * DAY_S + hour * HOUR_S
    end_s = start_s + HOUR_S
    by_offers = sum(
        usd for time_s, usd in gig.earned if (time_s == end_s if time_s % DAY_S == 0 else start_s <= time_s < end_s)
    )
    if not gig.topped_up:
        return by_offers
    return by_offers + gig.topped_up * worked(gig, day, hour) / sum(worked(gig, day, each) for each in range(24))


def ask(world: World, gig: Gig, hour: int) -> float:
    """Return the net pay for which a driver works an hour, the trouble of further apps in it."""
    further = max(0, len(gig.apps) - 1)
    return gig.reservation * gig.taste[hour] + float(world.settings["drivers"]["app_cost_usd_per_h"]) * further


def plan(world: World, gig: Gig, *, works: bool) -> list[bool]:
    """Go through the hours: go on while it pays, start where it pays logging on too, never beyond the longest day."""
    drivers = world.settings["drivers"]
    hours: list[bool] = []
    for hour in range(24):
        asked = ask(world, gig, hour) + (0.0 if works else drivers["log_on_cost_usd"])
        works = gig.belief[hour] >= asked and sum(hours) < drivers["longest_day_h"]
        hours.append(works)
    return hours


def shared_rate(asks: list[float], income_usd: float, presence: float) -> float:
    """Let drivers come, who asks least first, while the share of one more is all that is asked.

    Whoever works gets the same. If more is left for those inside than the next one asks, the rate is what that one
    asks: above it there would be one more. If nobody comes, the rate is what one alone would get.
    """
    inside = 0
    for asked in sorted(asks):
        if income_usd / presence / (inside + 1) < asked:
            return min(income_usd / presence / inside, asked) if inside else income_usd / presence
        inside += 1
    return income_usd / presence / inside


def settle(world: World, rest: Rest) -> list[float]:
    """Let drivers have learnt for many days on which hours paid what they do, each with own luck; return that pay."""
    drivers = world.settings["drivers"]
    rate = [
        shared_rate([ask(world, gig, hour) for gig in world.gigs], rest.income_usd[hour], rest.presence[hour])
        for hour in range(24)
    ]
    for gig in world.gigs:
        gig.belief, late_h = list(rate), gig.offset_s / HOUR_S
        for day in range(drivers["at_rest"]["days_of_luck"]):
            works = plan(world, gig, works=False)
            for hour in range(24):
                online_h = works[hour] * (1 - late_h) + works[hour - 1] * late_h
                luck_usd = sqrt(online_h) * rest.sd_usd_per_h[hour] * world.luck[day][gig.number][hour]
                own_usd = online_h * rate[hour] + luck_usd
                gig.belief[hour] = moved(gig.belief[hour], own_usd, online_h, rate[hour], 1.0, drivers)
    return rate


class Resting:
    """Learns what hours bring from the days before the first, and lets drivers believe it."""

    def __init__(self) -> None:
        self.rest: Rest | None = None
        self.rate: list[float] = []
        self.days = 0

    def __call__(self, world: World, day: int) -> None:
        """Average a day in; the first, on which drivers believed the closed form, counts until there is another."""
        believed = self.rate or world.gigs[0].belief
        seen = Rest([], [], [], usual_meal_quotes(world))
        for hour in range(24):
            online_h = [worked(gig, day, hour) for gig in world.gigs]
            net_usd = [earned(gig, day, hour) for gig in world.gigs]
            willing = sum(ask(world, gig, hour) <= believed[hour] for gig in world.gigs)
            rate = sum(net_usd) / sum(online_h) if sum(online_h) > 0 else sum(net_usd)
            squares = sum((usd - rate * part) ** 2 for usd, part in zip(net_usd, online_h, strict=True))
            seen.income_usd.append(max(0.0, sum(net_usd)))
            seen.presence.append(min(max(sum(online_h) / willing, 0.1), 10.0) if willing else 1.0)
            seen.sd_usd_per_h.append(sqrt(squares / (sum(online_h) or 1.0)))
        if self.rest is None or self.days == 1:
            self.rest = seen
        else:
            weight = 1 / self.days
            before = self.rest
            self.rest = Rest(
                mix(before.income_usd, seen.income_usd, weight),
                mix(before.presence, seen.presence, weight),
                mix(before.sd_usd_per_h, seen.sd_usd_per_h, weight),
                [mix(old, now, weight) for old, now in zip(before.meal_quote_h, seen.meal_quote_h, strict=True)],
            )
        self.days += 1
        self.rate = settle(world, self.rest)


def mix(before: list[float], now: list[float], weight: float) -> list[float]:
    """Go a part of the way, hour by hour."""
    return [(1 - weight) * a + weight * b for a, b in zip(before, now, strict=True)]


def usual_meal_quotes(world: World) -> list[list[float]]:
    """Average what each courier quoted for meals in each hour of a day, and begin anew."""
    quoted, world.meal_quotes = world.meal_quotes, {}
    first_h = world.settings["meals"]["first_quote_min"] / 60 if world.settings["meals"] else 0.0
    cells = [
        [quoted.get((courier, hour), []) for hour in range(24)] for courier in range(len(world.settings["couriers"]))
    ]
    return [[sum(cell) / len(cell) if cell else first_h for cell in row] for row in cells]
