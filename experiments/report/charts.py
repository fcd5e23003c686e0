"""Charts of the report: what each shows, its caption and its words for those who cannot see it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pandas as pd
from matplotlib.axes import Axes

from galleria.experiments.report.tables import Table


@dataclass(frozen=True)
class Chart:
    """One picture of the report before it is drawn.

    Attributes
    ----------
    name
        File name without ending.
    draw
        Draws it on axes of its own.
    frame
        The data behind it, saved beside the picture.
    caption
        What it shows, the interval and the number of replications.
    alt
        Words for those who cannot see it.
    group
        Heading over the first of the charts that share it; empty for none.
    """

    name: str
    draw: Callable[[], Axes]
    frame: pd.DataFrame
    caption: str
    alt: str
    group: str = ""


@dataclass(frozen=True)
class Section:
    """A part of the report.

    Attributes
    ----------
    key
        Anchor.
    title
        Heading.
    paragraphs
        What stands before the pictures.
    charts
        The pictures.
    tables
        (caption, table) after the pictures.
    note
        What all captions share.
    """

    key: str
    title: str
    paragraphs: tuple[str, ...]
    charts: tuple[Chart, ...]
    note: str = ""
    tables: tuple[tuple[str, Table], ...] = ()


KEY = "answer"
"""Anchor of the top of the page, whose only chart is the key figure."""


def key_first(sections: list[Section]) -> list[Section]:
    """Move the key figure to the top: who gains and loses by the first comparison, else the first chart of all."""
    home = next((s for s in sections if s.key == "gains"), None) or next((s for s in sections if s.charts), None)
    if home is None:
        return sections
    key, *rest = home.charts
    top = Section(key=KEY, title="The answer", paragraphs=(), charts=(replace(key, group=""),), note=home.note)
    left = [replace(s, charts=tuple(rest)) if s is home else s for s in sections]
    return [top, *(s for s in left if s.key != home.key or s.charts or s.tables)]


def slug(text: str) -> str:
    """Make a file name of a key."""
    return "".join(letter if letter.isalnum() else "-" for letter in text).strip("-")


def span(frame: pd.DataFrame, scale: float = 1.0) -> str:
    """Write the range of the means of a chart for its alternative text."""
    mean = frame["mean"].dropna() * scale
    return f"from {mean.min():.4g} to {mean.max():.4g}" if len(mean) else "without data"


def numbered(sections: list[Section]) -> Iterator[tuple[Section, list[tuple[int, Chart]]]]:
    """Return every chart its number, counted through the report."""
    count = 0
    for section in sections:
        charts = []
        for chart in section.charts:
            count += 1
            charts.append((count, chart))
        yield section, charts
