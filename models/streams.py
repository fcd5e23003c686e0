"""Named random streams: the only place where random generators are made.

Every purpose has its own stream, and a stream's seed is made of the root seed, the replication and the
purpose, never of the design point. Two design points therefore meet the same shoppers with the same tastes on
the same day (common random numbers), and a stream that is added or no longer read changes no other.

Decisions whose number and order depend on the course of a run (does driver i accept order o when it is
offered for the k-th time?) take their noise from `hashed_uniform`: a counter-based generator that gives the
same number to the same question, whenever it is asked.
"""

import zlib
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray


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


CALIBRATION = 2**31
"""The replication that belongs to the calibration sample."""


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
        """Make the 64-bit key under which `hashed_uniform` answers for this purpose."""
        return int(self._sequence(stream, *entity).generate_state(1, np.uint64)[0])

    def _sequence(self, stream: Stream, *entity: int | str) -> np.random.SeedSequence:
        numbers = (zlib.crc32(part.encode()) if isinstance(part, str) else part for part in entity)
        return np.random.SeedSequence(self.root, spawn_key=(self.replication, int(stream), *numbers))


def city_stream(seed: int) -> np.random.Generator:
    """Make the generator of a generated city: the same roads in every replication."""
    return Streams(seed, 0).generator(Stream.CITY)


_GOLDEN, _MIX_1, _MIX_2 = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
_LAST_64_BITS = 2**64 - 1
_U_GOLDEN, _U_MIX_1, _U_MIX_2 = np.uint64(_GOLDEN), np.uint64(_MIX_1), np.uint64(_MIX_2)
_U_30, _U_27, _U_31, _U_11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)
_TO_UNIT = 2.0**-53


def hashed_uniform(key: int, *numbers: ArrayLike) -> NDArray[np.float64]:
    """Give the uniform number in (0, 1) that belongs to a tuple of integers.

    Parameters
    ----------
    key
        From `Streams.key`.
    numbers
        Non-negative integers or arrays of them that broadcast together.

    Returns
    -------
    float64 of the broadcast shape, at least one-dimensional, strictly between 0 and 1.

    Notes
    -----
    One round of the SplitMix64 finaliser for each number (Steele, Lea and Flood 2014, Fast splittable pseudorandom
    number generators).
    """
    state = np.array([key], dtype=np.uint64)
    for number in numbers:
        z = state ^ (np.array(number, dtype=np.uint64, ndmin=1) * _U_GOLDEN + _U_GOLDEN)
        z = (z ^ (z >> _U_30)) * _U_MIX_1
        z = (z ^ (z >> _U_27)) * _U_MIX_2
        state = z ^ (z >> _U_31)
    return ((state >> _U_11).astype(np.float64) + 0.5) * _TO_UNIT


def hashed_integer(key: int, *numbers: int) -> int:
    """Give the 64-bit integer that belongs to a tuple of integers: `hashed_uniform` before it is scaled."""
    state = key
    for number in numbers:
        z = state ^ ((number * _GOLDEN + _GOLDEN) & _LAST_64_BITS)
        z = ((z ^ (z >> 30)) * _MIX_1) & _LAST_64_BITS
        z = ((z ^ (z >> 27)) * _MIX_2) & _LAST_64_BITS
        state = z ^ (z >> 31)
    return state
