"""Refactorings leave every decision, time and amount of thirteen small worlds as it was."""

import pytest

from tests.golden.worlds import WORLDS, fingerprint, stored


def test_every_world_has_a_fingerprint() -> None:
    assert set(stored()) == set(WORLDS)


@pytest.mark.parametrize("world", WORLDS)
def test_the_world_is_as_it_was(world: str) -> None:
    assert fingerprint(*WORLDS[world]) == stored()[world]
