"""A market in a notebook: the map of its present state, as a page to play with and as a figure."""

import html
from dataclasses import dataclass
from pathlib import Path

from matplotlib.axes import Axes

from galleria.experiments.results.folder import write_text
from galleria.experiments.view.day import day_of
from galleria.experiments.view.ground import ground_of
from galleria.experiments.view.moment import Moments, clock
from galleria.experiments.view.page import page_of
from galleria.experiments.view.paths import Paths
from galleria.experiments.view.recording import Recording
from galleria.models.market import Market


@dataclass(frozen=True)
class MarketView:
    """What a market looks like; a notebook shows it as the page of the live city.

    Attributes
    ----------
    recording
        What has happened, and of orders under way what is bound to happen.
    at_s
        The present moment, s.
    """

    recording: Recording
    at_s: float

    def page(self) -> str:
        """Return the page as HTML that needs nothing else."""
        days = [day_of(self.recording, Paths(self.recording.city))]
        data = {"title": self.recording.title, "ground": ground_of(self.recording.city), "days": days, "live": None}
        return page_of({**data, "at": round(self.at_s)})

    def save(self, path: str | Path) -> None:
        """Write the page into a file."""
        write_text(Path(path), self.page())

    def plot(self, hour: float | None = None, ax: Axes | None = None) -> Axes:
        """Draw the map at an hour since the first midnight, None for the present."""
        return Moments(self.recording).plot(self.at_s if hour is None else hour * 3600, ax)

    def _repr_html_(self) -> str:
        """Show the page in a frame of its own."""
        inner = html.escape(self.page(), quote=True)
        return f'<iframe title="Galleria" style="width:100%;height:640px;border:0" srcdoc="{inner}"></iframe>'


def view(market: Market) -> MarketView:
    """Look at a market that keeps an event log (run.record=true), as far as it has come.

    Raises
    ------
    UsageError
        It keeps none.

    Examples
    --------
    >>> import galleria
    >>> town = galleria.market(["city=toy", "drivers.pool=60", "run.record=true"])
    >>> town.run_until(13 * 3600)
    >>> ax = galleria.view(town).plot()
    """
    now_s = float(market.time)
    recording = Recording.at_present(f"{market.world.city.name}, {clock(now_s)}", market)
    seen = recording.tables["events"]["time_s"]
    last_s = float(seen.max()) if len(seen) else 0.0
    return MarketView(recording, min(now_s, last_s) if not market.running else now_s)
