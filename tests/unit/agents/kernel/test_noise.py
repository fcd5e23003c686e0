"""Counter-based noise: the published SplitMix64, the same number however it is asked."""

import numpy as np

from galleria.agents.kernel.noise import (
    GOLDEN,
    hashed_integer,
    hashed_integers,
    hashed_uniform,
    paired_uniform,
    to_uniform,
    uniform_triples,
)
from tests.reference.noise import mixed, uniform


def test_it_is_the_published_generator() -> None:
    """From seed 0, SplitMix64 starts with E220A8397B1DCDAF; our first round of key 0 and number 0 is that step."""
    assert hashed_integer(0, 0) == 0xE220A8397B1DCDAF
    assert GOLDEN == 0x9E3779B97F4A7C15


def test_every_way_of_asking_gives_the_same_number() -> None:
    key, numbers = 2**64 - 5, (12, 3456, 7)
    assert hashed_integer(key, *numbers) == mixed(key, *numbers)
    assert hashed_uniform(key, *numbers)[0] == to_uniform(hashed_integer(key, *numbers)) == uniform(key, *numbers)
    assert hashed_integers(key, *numbers).tolist() == [hashed_integer(key, *numbers)]
    seeds = hashed_integers(key, np.array([3, 4]))
    pairs = [[paired_uniform(seed, number) for number in (8, 9, 10)] for seed in seeds]
    np.testing.assert_array_equal(pairs, hashed_uniform(key, np.array([[3], [4]]), np.array([8, 9, 10])))
    columns = [np.array([3, 4]), np.array([8, 0]), np.array([10, 11], np.int16)]
    np.testing.assert_array_equal(uniform_triples(np.uint64(key), *columns), hashed_uniform(key, *columns))


def test_numbers_of_different_questions_differ() -> None:
    many = hashed_uniform(99, np.arange(1000)[:, None], np.arange(50))
    assert len(np.unique(many)) == many.size
    assert 0 < many.min() < many.max() < 1
