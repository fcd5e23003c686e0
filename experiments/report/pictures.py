"""Charts become files: SVG for the page, PNG and PDF for papers and slides, CSV with the numbers."""

import base64
import io
from dataclasses import dataclass
from pathlib import Path

from matplotlib.patheffects import Normal
from matplotlib.text import Text

from galleria.experiments.figures.theme import style
from galleria.experiments.report.charts import Chart

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
    """

    name: str
    caption: str
    alt: str
    group: str
    source: str
    width: int
    height: int


def save(chart: Chart, folder: Path) -> Picture:
    """Draw a chart and write NAME.svg, NAME.png, NAME.pdf and NAME.csv."""
    figure = chart.draw().get_figure(root=True)
    if figure is None:
        raise RuntimeError(f"the chart {chart.name} has no figure")
    buffer = io.BytesIO()
    with style():
        figure.savefig(folder / f"{chart.name}.png", dpi=_PNG_DPI)
        # The layout is worked out once and kept for the three formats.
        figure.set_layout_engine("none")
        figure.savefig(buffer, format="svg", metadata={"Date": None})
        # Glyphs as outlines here too: journals refuse the one kind of embedded font, the other is slow to make.
        for text in figure.findobj(Text):
            text.set_path_effects([Normal()])
        figure.savefig(folder / f"{chart.name}.pdf", metadata={"CreationDate": None})
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
    )
