"""Counter-based noise: the published SplitMix64, the same number however it is asked."""

import numpy as np

from agents.noise import GOLDEN, hashed_integer, hashed_uniform, to_uniform, uniform_pairs
from tests.reference.noise import mixed, uniform


def test_it_is_the_published_generator() -> None:
    """From seed 0, SplitMix64 starts with E220A8397B1DCDAF; our first round of key 0 and number 0 is that step."""
    assert hashed_integer(0, 0) == 0xE220A8397B1DCDAF
    assert GOLDEN == 0x9E3779B97F4A7C15


def test_every_way_of_asking_gives_the_same_number() -> None:
    key, numbers = 2**64 - 5, (12, 3456, 7)
    assert hashed_integer(key, *numbers) == mixed(key, *numbers)
    assert hashed_uniform(key, *numbers)[0] == to_uniform(hashed_integer(key, *numbers)) == uniform(key, *numbers)
    seeds = np.array([hashed_integer(key, 3), hashed_integer(key, 4)], np.uint64)
    pairs = uniform_pairs(seeds, np.array([8, 9, 10]))
    np.testing.assert_array_equal(pairs, hashed_uniform(key, np.array([[3], [4]]), np.array([8, 9, 10])))


def test_numbers_of_different_questions_differ() -> None:
    many = hashed_uniform(99, np.arange(1000)[:, None], np.arange(50))
    assert len(np.unique(many)) == many.size
    assert 0 < many.min() < many.max() < 1
