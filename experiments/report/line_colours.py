"""Which colours the levels of a factor have in a picture."""

from collections.abc import Sequence

from galleria.experiments.figures.end_labels import Colour
from galleria.experiments.figures.theme import categories, sequence
from galleria.experiments.report.study import Factor


def line_colours(factor: Factor | None, names: Sequence[str]) -> dict[str, Colour]:
    """Return each name of a level a colour: from light to dark for numbers, distinct ones for choices."""
    chosen: Sequence[Colour] = sequence(len(names)) if factor is not None and factor.numeric else categories(len(names))
    return dict(zip(names, chosen, strict=True))
