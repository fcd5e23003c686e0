"""Names under an axis that do not run into each other."""

from collections.abc import Sequence

from matplotlib.axes import Axes

_MOST_LETTERS = 38
"""Letters that fit under a figure as wide as a column, each name having as many as the longest."""


def set_apart(ax: Axes, names: Sequence[str], degrees: float = 25) -> None:
    """Slant the labels of the horizontal axis where the longest would run into its neighbours."""
    if len(names) * max(map(len, names), default=0) > _MOST_LETTERS:
        for label in ax.get_xticklabels():
            label.set(rotation=degrees, ha="right", rotation_mode="anchor")
