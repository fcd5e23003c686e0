"""Columns are arrays that grow and keep what is there; what is written from outside is checked; rows leave for good."""

import numpy as np
import pytest

from galleria.agents.kernel.arrays import Ints
from galleria.agents.kernel.population import Column, Population


class Cats(Population):
    """A population for this test."""

    lives = Column(np.int8, "-", "lives left")
    asleep = Column(np.bool_, "-", "whether it sleeps")
    weight_kg = Column(np.float64, "kg", "weight")
    naps_h = Column(np.float64, "h", "naps", per="day")
    born = Column(np.int32, "day", "day of birth", kept=True)

    def retire(self, rows: Ints) -> None:
        self.lives[rows] -= 1


def test_columns_are_zero_arrays_of_the_declared_kind() -> None:
    cats = Cats(3, day=7)
    assert len(cats) == 3
    assert cats.lives.dtype == np.dtype(np.int8)
    assert cats.lives.shape == (3,)
    assert cats.naps_h.dtype == np.dtype(np.float64)
    assert cats.naps_h.shape == (3, 7)
    assert list(Cats.columns()) == ["lives", "asleep", "weight_kg", "naps_h", "born"]
    assert Cats.columns()["naps_h"].unit == "h"


def test_growing_keeps_the_rows() -> None:
    cats = Cats(2, day=1)
    cats.lives[:] = [9, 4]
    cats.remove(1)
    cats.grow(5)
    assert cats.lives.tolist() == [9, 3, 0, 0, 0]
    assert cats.removed.tolist() == [False, True, False, False, False]
    assert len(cats) == 5


def test_some_rows_make_a_population() -> None:
    cats = Cats(3, day=2)
    cats.naps_h[:] = [[1, 2], [3, 4], [5, 6]]
    some = cats.only(np.array([True, False, True]))
    assert some.naps_h.tolist() == [[1, 2], [5, 6]]
    some.naps_h[:] = 0
    assert cats.naps_h.sum() == 21


@pytest.mark.parametrize("rows", [np.array([False, True, True]), [1, 2], slice(1, None)])
def test_a_mask_numbers_or_a_slice_write_the_column(rows: Ints) -> None:
    cats = Cats(3, day=2)
    cats[rows, "lives"] = [5, 6]
    assert cats.lives.tolist() == [0, 5, 6]
    assert cats[rows, "lives"].tolist() == [5, 6]
    cats[rows, "naps_h"] = 2
    assert cats.naps_h.tolist() == [[0, 0], [2, 2], [2, 2]]


def test_what_the_run_keeps_is_read_only() -> None:
    cats = Cats(3, day=1)
    with pytest.raises(AttributeError, match=r"Cats\.born \(day of birth\) is kept by the run"):
        cats[0, "born"] = 4
    assert cats[0, "born"] == 0


def test_a_value_that_would_be_cut_is_refused() -> None:
    cats = Cats(3, day=1)
    for name, value in (("lives", 2.5), ("asleep", 1), ("weight_kg", "heavy")):
        with pytest.raises(TypeError, match=f"Cats.{name} holds"):
            cats[:, name] = value
    cats[:, "weight_kg"] = 4
    assert cats.weight_kg.tolist() == [4, 4, 4]


def test_a_column_that_is_not_there_is_a_key_error() -> None:
    cats = Cats(3, day=1)
    with pytest.raises(KeyError, match="Cats has no column 'dogs'"):
        cats[:, "dogs"] = 1
    with pytest.raises(KeyError, match="Cats has no column 'size'"):
        _ = cats[:, "size"]


def test_rows_are_retired_once() -> None:
    cats = Cats(3, day=1)
    cats.lives[:] = 9
    cats.remove([0, 2])
    cats.remove(0)
    assert cats.lives.tolist() == [8, 9, 8]
    assert cats.removed.tolist() == [True, False, True]
    assert cats.gone == 2
