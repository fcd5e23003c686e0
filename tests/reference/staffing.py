"""What an hour of a driver on a trip costs couriers at least (docs/odd.md, policies)."""

from tests.reference.world import World


def least_usd_per_engaged_h(world: World) -> float:
    """Return the floor on trips, or that on all time on line over the part of it that drivers are engaged."""
    rules = world.rules
    if not rules.hourly_usd:
        return rules.trip_usd
    return max(rules.trip_usd, rules.hourly_usd / engaged_share(world))


def engaged_share(world: World) -> float:
    """Return the share of time that couriers want drivers engaged, or as was seen, or all."""
    if 0 < world.rules.utilisation < 1:
        return world.rules.utilisation
    states = ("to_pickup", "at_store", "to_door", "at_door")
    engaged_s = sum(gig.clock.get(state, 0.0) for gig in world.gigs for state in states)
    idle_s = sum(gig.clock.get("idle", 0.0) for gig in world.gigs)
    return engaged_s / (engaged_s + idle_s) if engaged_s > 0 else 1.0
