"""Columns are arrays, handles are rows of them, growing keeps what is there."""

import mesa
import numpy as np
import pytest

from agents.kernel.population import Column, Handle, Population


class Cats(Population):
    """A population for this test."""

    lives = Column(np.int8, "-", "lives left")
    naps_h = Column(np.float64, "h", "naps", per="day")


def test_columns_are_zero_arrays_of_the_declared_kind() -> None:
    cats = Cats(3, day=7)
    assert len(cats) == 3
    assert cats.lives.dtype == np.dtype(np.int8)
    assert cats.lives.shape == (3,)
    assert cats.naps_h.dtype == np.dtype(np.float64)
    assert cats.naps_h.shape == (3, 7)
    assert list(Cats.columns()) == ["lives", "naps_h"]
    assert Cats.columns()["naps_h"].unit == "h"


def test_growing_keeps_the_rows() -> None:
    cats = Cats(2, day=1)
    cats.lives[:] = [9, 4]
    cats.grow(5)
    assert cats.lives.tolist() == [9, 4, 0, 0, 0]
    assert len(cats) == 5


def test_a_handle_reads_its_row_and_sees_changes() -> None:
    model = mesa.Model(rng=1)
    cats = Cats(2, day=1)
    tom = Handle(model, cats, 1)
    cats.lives[1] = 7
    assert tom.lives == 7
    assert "naps_h" in dir(tom)
    with pytest.raises(AttributeError, match="has no attribute 'dogs'"):
        _ = tom.dogs
