"""Drivers who go and those who come in their place, person by person (docs/odd.md, drivers)."""

from math import exp

from tests.reference.world import Gig, World

DAYS_OF_MONTH = 365.25 / 12


def let_newcomers_in(world: World, day: int) -> list[Gig]:
    """Let each place that is off line pass on by its number of the day; return who is new."""
    drivers = world.settings["drivers"]
    if not drivers["turnover_per_month"]:
        return []
    chance = 1 - (1 - drivers["turnover_per_month"]) ** (1 / DAYS_OF_MONTH)
    going = [gig for gig in world.gigs if world.goes[day][gig.number] < chance and not gig.online]
    believed = [sum(gig.belief[hour] for gig in world.gigs) / len(world.gigs) for hour in range(24)]
    wage = drivers["reservation"]
    for gig in going:
        first, *by_hour = world.newcomers[day][gig.number]
        gig.reservation = wage["median_usd_per_h"] * exp(wage["sd_log"] * first)
        gig.taste = [
            taste * exp(wage["hourly_sd_log"] * z) for taste, z in zip(drivers["hour_taste"], by_hour, strict=True)
        ]
        gig.belief, gig.record = list(believed), 0
    return going
