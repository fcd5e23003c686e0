"""Counter-based noise: the same number to the same question, whenever it is asked.

Decisions whose number and order depend on the course of a run (does driver i accept order o when it is offered for the
k-th time?) take their noise from here. The keys come from the market's named streams.
"""

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from galleria.agents.kernel.arrays import Floats, Ints

GOLDEN, MIX_1, MIX_2 = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
LAST_64_BITS = 2**64 - 1
TO_UNIT = 2.0**-53
_GOLDEN, _MIX_1, _MIX_2 = np.uint64(GOLDEN), np.uint64(MIX_1), np.uint64(MIX_2)
_30, _27, _31, _11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)


def hashed_integer(key: int, *numbers: int) -> int:
    """Return the 64-bit integer that belongs to a tuple of non-negative integers.

    Parameters
    ----------
    key
        Says what the noise is for.
    numbers
        Whose noise it is.

    Notes
    -----
    One round of the SplitMix64 finaliser for each number (Steele, Lea and Flood 2014, Fast splittable pseudorandom
    number generators).
    """
    state = key
    for number in numbers:
        z = state ^ ((number * GOLDEN + GOLDEN) & LAST_64_BITS)
        z = ((z ^ (z >> 30)) * MIX_1) & LAST_64_BITS
        z = ((z ^ (z >> 27)) * MIX_2) & LAST_64_BITS
        state = z ^ (z >> 31)
    return state


def to_uniform(integer: int) -> float:
    """Scale a 64-bit integer to the open unit interval."""
    return ((integer >> 11) + 0.5) * TO_UNIT


def hashed_uniform(key: int, *numbers: ArrayLike) -> Floats:
    """Return the uniform numbers in (0, 1) that belong to tuples of non-negative integers.

    Parameters
    ----------
    key
        As for `hashed_integer`.
    numbers
        Integers or arrays of them that broadcast together.

    Returns
    -------
    float64 of the broadcast shape, at least one-dimensional; `to_uniform` of `hashed_integer` of each tuple.
    """
    return np.asarray(((hashed_integers(key, *numbers) >> _11).astype(np.float64) + 0.5) * TO_UNIT)


def hashed_integers(key: int, *numbers: ArrayLike) -> NDArray[np.uint64]:
    """Return `hashed_integer` of each tuple of some arrays, which broadcast; uint64, at least one-dimensional."""
    state = np.array([key], dtype=np.uint64)
    for number in numbers:
        z = state ^ (np.array(number, dtype=np.uint64, ndmin=1) * _GOLDEN + _GOLDEN)
        z = (z ^ (z >> _30)) * _MIX_1
        z = (z ^ (z >> _27)) * _MIX_2
        state = z ^ (z >> _31)
    return state


@njit(cache=True)
def uniform_triples(key: np.uint64, first: Ints, second: Ints, third: Ints) -> Floats:
    """Return `hashed_uniform` of three arrays of equal length, float64 [m]; quick where there are few."""
    uniform = np.empty(len(first))
    for k in range(len(first)):
        uniform[k] = paired_uniform(_mixed(_mixed(key, first[k]), second[k]), third[k])
    return uniform


@njit(cache=True)
def paired_uniform(seed: np.uint64, number: int) -> float:
    """Return the uniform number in (0, 1) of a seed, from `hashed_integer`, and one more number."""
    return (float(_mixed(seed, number) >> _11) + 0.5) * TO_UNIT


@njit(cache=True)
def _mixed(state: np.uint64, number: int) -> np.uint64:
    """Do the round of `hashed_integer` for one number."""
    z = state ^ (np.uint64(number) * _GOLDEN + _GOLDEN)
    z = (z ^ (z >> _30)) * _MIX_1
    z = (z ^ (z >> _27)) * _MIX_2
    return z ^ (z >> _31)
