"""Populations: the state of many agents in columns, and Mesa agents as light handles on its rows."""

from collections.abc import Iterator, Mapping
from typing import Any, Self, overload

import mesa
import numpy as np
from numpy.typing import NDArray


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
    """

    def __init__(self, dtype: type[S], unit: str, meaning: str, per: str | None = None) -> None:
        self.dtype = dtype
        self.unit = unit
        self.meaning = meaning
        self.per = per
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

    Parameters
    ----------
    size
        Number of rows.
    dimensions
        Sizes of the second dimensions that columns name by `per`.
    """

    def __init__(self, size: int, **dimensions: int) -> None:
        self.size = size
        self._dimensions = dimensions
        for name, column in self.columns().items():
            shape = (size,) if column.per is None else (size, dimensions[column.per])
            self.__dict__[name] = np.zeros(shape, dtype=column.dtype)

    def __len__(self) -> int:
        """Count the rows."""
        return self.size

    @classmethod
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
        self.size = size


class Handle(mesa.Agent):  # type: ignore[misc]  # Mesa is untyped
    """A Mesa agent that is one row of a population; reading an attribute reads the row's column."""

    def __init__(self, model: mesa.Model, population: Population, row: int) -> None:
        super().__init__(model)
        self.population = population
        self.row = row

    def __getattr__(self, name: str) -> Any:
        """Read the column of that name at the handle's row."""
        if name.startswith("_") or name not in type(self.__dict__["population"]).columns():
            raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")
        return getattr(self.population, name)[self.row]

    def __dir__(self) -> Iterator[str]:
        """Name the columns too."""
        yield from super().__dir__()
        yield from type(self.population).columns()
