"""All rows, one part after the other."""

from collections.abc import Iterator

from galleria.experiments.benchmarks.growth import growth
from galleria.experiments.benchmarks.many import replications, starts
from galleria.experiments.benchmarks.parts import parts
from galleria.experiments.benchmarks.rows import Row


def measured(*, quick: bool) -> Iterator[Row]:
    """Measure one part after the other."""
    yield from replications(quick=quick)  # first: what a fresh process has yet to solve is part of it
    yield from parts()
    yield from growth(quick=quick)
    yield from starts()
