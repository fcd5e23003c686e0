"""Newcomers: who takes the places of drivers that have gone, day by day; drawn from streams, so that arms pair."""

from galleria.agents.drivers.turnover import turn_over
from galleria.models.streams import Stream
from galleria.models.world import World


def let_newcomers_in(world: World) -> None:
    """Let the day's newcomers into the pool; do nothing where there is no turnover."""
    settings, day, streams = world.settings.drivers, world.clock.day, world.streams
    if settings.turnover_per_month > 0:
        uniform = streams.generator(Stream.DRIVER, "turnover", day).random(len(world.drivers))
        normal = streams.generator(Stream.RESERVATION, "turnover", day).standard_normal((len(world.drivers), 25))
        turn_over(world.drivers, settings, uniform, normal)
