"""Charts become files: SVG within the page, PNG, SVG and PDF for papers and slides, CSV with the numbers."""

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from matplotlib.patheffects import Normal
from matplotlib.text import Text

from galleria.experiments.figures.theme import style
from galleria.experiments.report.charts import Chart

FORMATS = ("png", "svg", "pdf")
"""What pictures can be saved as; a report saves PNG unless asked for more."""
_PNG_DPI = 250


@dataclass(frozen=True)
class Picture:
    """A drawn chart.

    Attributes
    ----------
    name, caption, alt, group
        As the chart's.
    source
        The picture as a data URI, so that the page needs no other file.
    width, height
        In CSS pixels (96 an inch).
    formats
        Endings of the files beside the page.
    """

    name: str
    caption: str
    alt: str
    group: str
    source: str
    width: int
    height: int
    formats: tuple[str, ...]


def save(chart: Chart, folder: Path, formats: Sequence[str] = FORMATS[:1]) -> Picture:
    """Draw a chart and write NAME.csv and NAME in each of the formats."""
    figure = chart.draw().get_figure(root=True)
    if figure is None:
        raise RuntimeError(f"the chart {chart.name} has no figure")
    buffer = io.BytesIO()
    with style():
        figure.savefig(buffer, format="svg", metadata={"Date": None})
        # The layout is worked out once and kept for the other formats.
        figure.set_layout_engine("none")
        if "png" in formats:
            figure.savefig(folder / f"{chart.name}.png", dpi=_PNG_DPI)
        if "pdf" in formats:
            # Glyphs as outlines here too: journals refuse the one kind of embedded font, the other is slow to make.
            for text in figure.findobj(Text):
                text.set_path_effects([Normal()])
            figure.savefig(folder / f"{chart.name}.pdf", metadata={"CreationDate": None})
    if "svg" in formats:
        (folder / f"{chart.name}.svg").write_bytes(buffer.getvalue())
    chart.frame.to_csv(folder / f"{chart.name}.csv", index=False)
    width, height = figure.get_size_inches() * 96
    return Picture(
        name=chart.name,
        caption=chart.caption,
        alt=chart.alt,
        group=chart.group,
        source=f"data:image/svg+xml;base64,{base64.b64encode(buffer.getvalue()).decode()}",
        width=round(width),
        height=round(height),
        formats=tuple(name for name in FORMATS if name in formats),
    )
