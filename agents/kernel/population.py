"""Populations: the state of many agents in columns, and Mesa agents as light handles on its rows."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Self, overload

import mesa
import numpy as np
from numpy.typing import NDArray

from galleria.agents.kernel.arrays import Bools, Ints

type Rows = int | slice | list[int] | Bools | Ints
"""Rows of a population: one, a slice, a mask or their numbers."""


class Column[S: np.generic]:
    """Declare one column of a population.

    Parameters
    ----------
    dtype
        NumPy scalar type of an entry.
    unit
        Unit of an entry, "-" for none.
    meaning
        One line for the reader and for the documentation.
    per
        Name of a second dimension ("hour", "channel"), whose size is given when the population is made.
    kept
        Whether the run itself keeps the column, so that nobody else may write it.
    """

    def __init__(self, dtype: type[S], unit: str, meaning: str, per: str | None = None, *, kept: bool = False) -> None:
        self.dtype = dtype
        self.unit = unit
        self.meaning = meaning
        self.per = per
        self.kept = kept
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        """Learn the attribute's name."""
        self.name = name

    @overload
    def __get__(self, population: None, owner: type) -> Self: ...
    @overload
    def __get__(self, population: object, owner: type) -> NDArray[S]: ...
    def __get__(self, population: object | None, owner: type) -> Self | NDArray[S]:
        """Return the declaration on the class; on an instance its own array of the same name is found first."""
        if population is None:
            return self
        raise AttributeError(self.name)


class Population:
    """Rows of equal kind, one array a column, all zero at first.

    The model's rules read and write the arrays themselves, `drivers.home[rows]`. Whoever steps in from outside writes
    `drivers[rows, "home"] = 3`, which refuses what the run keeps, and does what has to go with the change.

    Parameters
    ----------
    size
        Number of rows.
    dimensions
        Sizes of the second dimensions that columns name by `per`.

    Attributes
    ----------
    removed
        bool [size], rows whose agents have left the run for good.
    gone
        Number of these.
    """

    def __init__(self, size: int, **dimensions: int) -> None:
        self.size = size
        self._dimensions = dimensions
        self.removed = np.zeros(size, np.bool_)
        self.gone = 0
        for name, column in self.columns().items():
            shape = (size,) if column.per is None else (size, dimensions[column.per])
            self.__dict__[name] = np.zeros(shape, dtype=column.dtype)

    def __len__(self) -> int:
        """Count the rows."""
        return self.size

    @classmethod
    @cache
    def columns(cls) -> Mapping[str, Column[Any]]:
        """List the declared columns by name, base classes first."""
        return {
            name: value
            for base in reversed(cls.__mro__)
            for name, value in vars(base).items()
            if isinstance(value, Column)
        }

    def grow(self, size: int) -> None:
        """Make room for `size` rows in all; rows that are there keep their state."""
        for name in self.columns():
            old = self.__dict__[name]
            new = np.zeros((size, *old.shape[1:]), dtype=old.dtype)
            new[: len(old)] = old
            self.__dict__[name] = new
        self.removed = np.concatenate([self.removed, np.zeros(size - self.size, np.bool_)])
        self.size = size

    def only(self, rows: Rows) -> Self:
        """Return a population of some of the rows."""
        numbers = self._numbers(rows)
        part = type(self)(len(numbers), **self._dimensions)
        for name in self.columns():
            getattr(part, name)[:] = getattr(self, name)[numbers]
        return part

    def __getitem__(self, key: tuple[Rows, str]) -> NDArray[Any]:
        """Return a column at some rows.

        Raises
        ------
        KeyError
            If there is no such column.
        """
        rows, name = key
        self._declared(name)
        return np.asarray(getattr(self, name)[rows])

    def __setitem__(self, key: tuple[Rows, str], value: Any) -> None:
        """Write a column at some rows, and let what has to go with it happen.

        Raises
        ------
        KeyError
            If there is no such column.
        AttributeError
            If the run keeps the column itself.
        TypeError
            If the column cannot hold such a value without loss.
        """
        rows, name = key
        column, values = self._declared(name), np.asarray(value)
        if column.kept:
            raise AttributeError(
                f"{type(self).__name__}.{name} ({column.meaning}) is kept by the run and cannot be written"
            )
        if not np.can_cast(values.dtype, column.dtype, "same_kind"):
            raise TypeError(
                f"{type(self).__name__}.{name} holds {np.dtype(column.dtype)} ({column.unit}), not {values.dtype}"
            )
        self.write(self._numbers(rows), name, values)

    def write(self, rows: Ints, name: str, values: NDArray[Any]) -> None:
        """Write a column at some rows; a kind of agent for whom more has to happen says so here."""
        getattr(self, name)[rows] = values

    def remove(self, rows: Rows) -> None:
        """Take rows out of the run for good; what they did stays in the columns."""
        numbers = self._numbers(rows)
        self.retire(numbers[~self.removed[numbers]])
        self.removed[numbers] = True
        self.gone = int(np.count_nonzero(self.removed))

    def retire(self, rows: Ints) -> None:
        """Do what removal means to a kind of agent."""

    def _numbers(self, rows: Rows) -> Ints:
        """Return the numbers of rows, int64."""
        return np.atleast_1d(np.arange(self.size)[rows])

    def _declared(self, name: str) -> Column[Any]:
        column = self.columns().get(name)
        if column is None:
            raise KeyError(f"{type(self).__name__} has no column {name!r}")
        return column


_OWN = frozenset({"model", "population", "row", "unique_id", "pos"})


class Handle(mesa.Agent):  # type: ignore[misc]  # Mesa is untyped
    """A Mesa agent that is one row of a population; its attributes are the row's columns, to read and to write."""

    def __init__(self, model: mesa.Model, population: Population, row: int, unique_id: int) -> None:
        """Make the handle; the population as a whole is registered with the model, so this one is not."""
        self.model = model
        self.population = population
        self.row = row
        self.unique_id = unique_id
        self.pos = None

    def __getattr__(self, name: str) -> Any:
        """Read the column of that name at the handle's row."""
        if name.startswith("_") or name not in self.__dict__["population"].columns():
            raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")
        return getattr(self.population, name)[self.row]

    def __setattr__(self, name: str, value: Any) -> None:
        """Write the column of that name at the handle's row; any other name is an attribute of the handle."""
        if name not in _OWN and name in self.population.columns():
            self.population[self.row, name] = value
        else:
            super().__setattr__(name, value)

    def __dir__(self) -> Iterator[str]:
        """Name the columns too."""
        yield from super().__dir__()
        yield from type(self.population).columns()

    def remove(self) -> None:
        """Take the agent out of the run for good; its row stays, with what it did."""
        if not self.population.removed[self.row]:
            self.population.remove(self.row)
            super().remove()
