"""A moment of a run as a figure."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.lines import Line2D

from galleria.agents.kernel.clock import DAY_S
from galleria.experiments.figures.city_map import ZoneTimes, plot_city_map
from galleria.experiments.figures.theme import QUIET, colours, own_axes, style
from galleria.experiments.report.words import channel_label
from galleria.experiments.view.day import Log, log_of
from galleria.experiments.view.paths import Paths
from galleria.experiments.view.recording import Recording
from galleria.experiments.view.spans import AT_STORE, MOVING, TO_STORE, WAITING, Span, spans_of, ways_of

_EDGE = "white"
_SIZE = {"waiting": 9.0, "driver": 26.0, "order": 12.0}


class Moments:
    """The moments of a run, ready to be drawn.

    Parameters
    ----------
    recording
        The run.
    """

    def __init__(self, recording: Recording) -> None:
        self.recording, self.log = recording, log_of(recording)
        spans = spans_of(self.log.events, recording.door_s)
        self._spans = pd.DataFrame(spans, columns=list(Span._fields))
        self._ways = Paths(recording.city).between(ways_of(spans))
        self._orders = _orders(self.log)
        names = [str(name) for name in self.log.events["courier"].cat.categories]
        driven = sorted({number for number in self._spans["courier"].tolist() if number >= 0})
        self.couriers = {number: names[number] for number in driven}
        shades = colours(names)
        self._shade = np.array([*(to_rgba(shades[name]) for name in names), to_rgba(QUIET)])

    @property
    def ends(self) -> tuple[float, float]:
        """When the first driver logs on and the last logs off, s."""
        return float(self._spans["from_s"].min()), float(self._spans["to_s"].max())

    def drivers(self, at_s: float) -> pd.DataFrame:
        """Return who is on line: driver, state, courier, x_km, y_km."""
        now = self._spans[(self._spans["from_s"] <= at_s) & (at_s < self._spans["to_s"])]
        where = [self._where(Span(*row), at_s) for row in now.itertuples(index=False, name=None)]
        x_km, y_km = np.array(where, float).reshape(-1, 2).T
        return now[["driver", "state", "courier"]].assign(x_km=x_km, y_km=y_km).reset_index(drop=True)

    def _where(self, span: Span, at_s: float) -> tuple[float, float]:
        if span.origin == span.place:
            places = self.recording.city.places
            return float(places.x_km[span.place]), float(places.y_km[span.place])
        points = self._ways[span.origin, span.place]
        share = (at_s - span.from_s) / (span.to_s - span.from_s)
        east, north = (float(np.interp(share, points[:, 2], points[:, axis])) / 1000 for axis in (0, 1))
        return east, north

    def orders(self, at_s: float) -> pd.DataFrame:
        """Return what drivers are to bring: courier, place of the home, whether it has left the store."""
        open_ = (self._orders["placed"] <= at_s) & ~(self._orders["ended"] <= at_s)
        now = self._orders[open_]
        return now[["courier", "home"]].assign(carried=now["picked_up"] <= at_s).reset_index(drop=True)

    def plot(self, at_s: float, ax: Axes | None = None) -> Axes:
        """Draw the city with its drivers and orders at a moment, s since the first midnight."""
        with style():
            ax = own_axes(6.4, 6.9) if ax is None else ax
            self.draw_ground(ax)
            self.draw_moving(ax, at_s)
        return ax

    def draw_ground(self, ax: Axes) -> None:
        """Draw what stays."""
        nothing = pd.DataFrame({"zone": [], "minutes": []})
        plot_city_map(ZoneTimes(self.recording.city, nothing, self.recording.title), ax)
        marks = [
            Line2D([], [], color=self._shade[number], marker="o", linestyle="", label=channel_label(name))
            for number, name in self.couriers.items()
        ]
        shapes = (("to or at the store", "o", "none"), ("with a parcel", "o", QUIET), ("order", "s", QUIET))
        marks += [
            Line2D([], [], color=QUIET, marker=marker, markerfacecolor=face, linestyle="", label=label)
            for label, marker, face in shapes
        ]
        sites = ax.get_legend()
        title = {"title": self.recording.title, "alignment": "left", "ncols": 3}
        legend = ax.legend(handles=marks, loc="lower left", bbox_to_anchor=(0.0, 1.0), borderaxespad=0.2, **title)
        ax.set_title("")
        if sites is not None:
            ax.add_artist(sites)
            legend.set_zorder(6)

    def draw_moving(self, ax: Axes, at_s: float) -> None:
        """Draw what moves, and the time."""
        drivers, orders, places = self.drivers(at_s), self.orders(at_s), self.recording.city.places
        home, shade = orders["home"].to_numpy(int), self._shade[orders["courier"].to_numpy(int)]
        carried = orders["carried"].to_numpy(bool)
        for which in (~carried, carried):
            hollow = not carried[which].any()
            ax.scatter(
                places.x_km[home[which]],
                places.y_km[home[which]],
                s=_SIZE["order"],
                marker="s",
                facecolor="none" if hollow else shade[which],
                edgecolor=shade[which],
                linewidth=0.8,
                zorder=6,
            )
        state = drivers["state"].to_numpy(int)
        idle, empty = np.isin(state, (WAITING, MOVING)), np.isin(state, (TO_STORE, AT_STORE))
        shade = self._shade[np.where(idle, -1, drivers["courier"].to_numpy(int))]
        for which, face, edge, size in (
            (idle, shade[idle], _EDGE, _SIZE["waiting"]),
            (empty, _EDGE, shade[empty], _SIZE["driver"]),
            (~idle & ~empty, shade[~idle & ~empty], _EDGE, _SIZE["driver"]),
        ):
            x_km, y_km = drivers.loc[which, ["x_km", "y_km"]].to_numpy(float).T
            width = 1.4 if edge is not _EDGE else 0.6
            ax.scatter(x_km, y_km, s=size, facecolor=face, edgecolor=edge, linewidth=width, zorder=7)
        ax.set_title(clock(at_s), loc="right")


def clock(at_s: float) -> str:
    """Write a time of day, with the day after the first."""
    day, rest = divmod(int(at_s), int(DAY_S))
    time = f"{rest // 3600:02d}:{rest % 3600 // 60:02d}"
    return time if day == 0 else f"day {day + 1}, {time}"


def _orders(log: Log) -> pd.DataFrame:
    """Return when each order that drivers are asked to bring was placed, picked up and ended, and where it goes."""
    events = log.events[log.events["order"] >= 0]
    asked = events.loc[events["event"].isin(["offered", "accepted"]), "order"].unique()
    mine = events[events["order"].isin(asked)]
    placed = mine[mine["event"] == "placed"].drop_duplicates("order").set_index("order")
    frame = pd.DataFrame({"placed": placed["time_s"], "home": placed["place"], "courier": placed["courier"].cat.codes})
    for name, kinds in (("picked_up", ["picked_up"]), ("ended", ["delivered", "cancelled"])):
        frame[name] = mine[mine["event"].isin(kinds)].drop_duplicates("order").set_index("order")["time_s"]
    return frame.reset_index()
