"""Names written at the ends of lines, kept apart."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from matplotlib.axes import Axes

from galleria.experiments.figures.theme import darker

Colour = str | tuple[float, float, float]


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move positions as little as needed so that neighbours stand `gap` apart inside [low, high].

    Parameters
    ----------
    wanted
        Positions, in any order.
    gap
        Least distance of neighbours; smaller when not all of them fit.
    low, high
        Ends of the room there is.

    Notes
    -----
    Blocks of labels that would overlap are merged and centred on the mean of what they want (the
    pool-adjacent-violators algorithm on the positions less their offsets in the stack), which minimises the
    sum of squared moves.
    """
    n = len(wanted)
    if n == 0:
        return []
    gap = min(gap, (high - low) / max(n - 1, 1))
    order = np.argsort(wanted, kind="stable")
    offset = gap * np.arange(n)
    blocks: list[tuple[float, int]] = []
    for position in np.asarray(wanted, dtype=float)[order] - offset:
        mean, size = float(position), 1
        while blocks and blocks[-1][0] >= mean:
            above, count = blocks.pop()
            mean, size = (above * count + mean * size) / (count + size), count + size
        blocks.append((mean, size))
    flat = np.concatenate([np.full(size, mean) for mean, size in blocks])
    placed = np.empty(n)
    placed[order] = np.clip(flat, low, high - offset[-1]) + offset
    return [float(y) for y in placed]


def label_ends(ax: Axes, x: float, ends: Sequence[tuple[str, float, Colour]], size: float = 6.8) -> None:
    """Write each line's name right of its last point.

    Parameters
    ----------
    ax
        Axes whose limits are final.
    x
        Where the lines end, in data units.
    ends
        (name, y of the last point, colour) of each line.
    size
        Font size in points.
    """
    low, high = ax.get_ylim()
    inches = ax.get_figure(root=True).get_size_inches()[1] * 0.72  # type: ignore[union-attr]
    gap = (high - low) * (size * 1.25 / 72) / inches
    ends = _in_order_when_on_one_spot(ends, gap)
    # The top is left to the title of the lines.
    places = spread([y for _, y, _ in ends], gap, low, high - 0.6 * gap)
    for (name, y, colour), at in zip(ends, places, strict=True):
        ax.annotate(
            name,
            xy=(x, y),
            xytext=(x, at),
            textcoords="data",
            fontsize=size,
            color=darker(colour),
            va="center",
            ha="left",
            annotation_clip=False,
        ).set_position((x, at))


def legend(ax: Axes, corner: Literal["lower right", "upper left"]) -> None:
    """Name the lines in a corner that is empty, or below the axes when there are more than three."""
    if len(ax.get_legend_handles_labels()[1]) <= 3:
        ax.legend(loc=corner)
    else:
        ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=2, columnspacing=1.2)


def _in_order_when_on_one_spot(
    ends: Sequence[tuple[str, float, Colour]], gap: float
) -> Sequence[tuple[str, float, Colour]]:
    """Return lines that end within one label's height the same end, so that their names keep their order."""
    heights = [y for _, y, _ in ends]
    if len(ends) < 2 or max(heights) - min(heights) > gap:
        return ends
    return [(name, float(np.mean(heights)), colour) for name, _, colour in reversed(ends)]
