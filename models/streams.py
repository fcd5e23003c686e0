"""Named random streams: the only place where random generators are made.

Every purpose has its own stream, and a stream's seed is made of the root seed, the replication and the
purpose, never of the design point. Two design points therefore meet the same shoppers with the same tastes on
the same day (common random numbers), and a stream that is added or no longer read changes no other.

Noise for decisions whose number and order depend on the course of a run comes from `galleria.agents.kernel.noise`,
under keys that are made here.
"""

import zlib
from dataclasses import dataclass
from enum import IntEnum

import numpy as np


class Stream(IntEnum):
    """The purposes of randomness; a value is part of the seed, so it is never reused or renumbered."""

    ARRIVAL = 1
    PLACE = 2
    BASKET = 3
    TASTE = 4
    CHANNEL_NOISE = 5
    RESERVATION = 6
    ACCEPT_NOISE = 7
    PICKING = 8
    TIE_BREAK = 9
    STOCK = 10
    DISRUPTION = 11
    DRIVER = 12
    RETAILER = 13
    CITY = 14
    MEAL = 15
    PURPOSE = 16
    MEMBER = 17


CALIBRATION = 2**31
"""The replication that belongs to the calibration sample."""
AT_REST = 2**31 + 1
"""The replication of the days in which a market comes to rest before its first."""


@dataclass(frozen=True)
class Streams:
    """The streams of one replication.

    Parameters
    ----------
    root
        The seed of the experiment (`run.seed`).
    replication
        Number of the replication, from 0.
    """

    root: int
    replication: int

    def generator(self, stream: Stream, *entity: int | str) -> np.random.Generator:
        """Make the generator of one purpose, or of one entity (a day, a channel's name) within it."""
        return np.random.Generator(np.random.PCG64(self._sequence(stream, *entity)))

    def key(self, stream: Stream, *entity: int | str) -> int:
        """Make the 64-bit key under which `galleria.agents.kernel.noise` answers for this purpose."""
        return int(self._sequence(stream, *entity).generate_state(1, np.uint64)[0])

    def _sequence(self, stream: Stream, *entity: int | str) -> np.random.SeedSequence:
        numbers = (zlib.crc32(part.encode()) if isinstance(part, str) else part for part in entity)
        return np.random.SeedSequence(self.root, spawn_key=(self.replication, int(stream), *numbers))


def city_stream(seed: int) -> np.random.Generator:
    """Make the generator of a generated city: the same roads in every replication."""
    return Streams(seed, 0).generator(Stream.CITY)
