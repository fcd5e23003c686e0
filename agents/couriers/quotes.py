"""Quotes: how long from the order to the departure of the parcel, by moving averages of what was seen (model 7.5)."""

from collections.abc import Callable, Mapping
from typing import Annotated, Literal, Protocol

import numpy as np
from pydantic import Field

from galleria.agents.kernel.arrays import Floats
from galleria.agents.kernel.parameters import NonNegative, Parameters, Positive, Share

HOURS = 24

type Cell = tuple[int, int]
"""Zone of homes and hour of placement."""


class QuoteSettings(Parameters):
    """Moving averages behind the quoted time; units and sources stand in conf/courier."""

    by: Literal["courier", "zone_hour"]
    rule: Literal["mean_and_sd", "quantile"]
    rate: Share
    safety: NonNegative
    quantile: Annotated[float, Field(gt=0, lt=1)]
    initial_sd_min: NonNegative


class PromiseSettings(Parameters):
    """A fixed promise in the place of the quote, and what late customers get back."""

    hours: Positive | None
    credit_usd: NonNegative


class Estimate(Protocol):
    """What a courier knows of the time that orders take, cell by cell."""

    def learn(self, cell: Cell, took_s: float) -> None:
        """Move a cell towards what one order took."""

    def quotes_s(self, hour: int) -> Floats:
        """Return what is quoted in an hour to each zone, float64 [Z], s."""


class MeanAndSd:
    """Moving mean and variance; quotes lie some standard deviations above the mean.

    Parameters
    ----------
    settings
        Weight of the last order, and the number of standard deviations.
    shape
        Numbers of zones and hours told apart.
    first_s, sd_s
        First quote, and standard deviation before anything was seen.
    """

    def __init__(self, settings: QuoteSettings, shape: Cell, first_s: float, sd_s: float) -> None:
        self.settings = settings
        self.mean_s = np.full(shape, first_s - settings.safety * sd_s)
        self.variance_s2 = np.full(shape, sd_s**2)

    def learn(self, cell: Cell, took_s: float) -> None:
        """Move a cell's averages by the weight of one order."""
        rate, deviation = self.settings.rate, took_s - float(self.mean_s[cell])
        self.mean_s[cell] += rate * deviation
        self.variance_s2[cell] = (1 - rate) * (float(self.variance_s2[cell]) + rate * deviation**2)

    def quotes_s(self, hour: int) -> Floats:
        """Return the quotes of the zones in an hour, float64 [Z], s."""
        return np.asarray(self.mean_s[:, hour] + self.settings.safety * np.sqrt(self.variance_s2[:, hour]))


class Quantile:
    """A moving quantile, which is quoted (Robbins and Monro 1951).

    It moves up by rate x step x q where it was passed and down by rate x step x (1 - q) where it was not, so that it
    comes to rest where a share q stays below. Parameters are those of `MeanAndSd`; the step is its `sd_s`.
    """

    def __init__(self, settings: QuoteSettings, shape: Cell, first_s: float, sd_s: float) -> None:
        self.settings = settings
        self.step_s = sd_s
        self.level_s = np.full(shape, first_s)

    def learn(self, cell: Cell, took_s: float) -> None:
        """Move a cell's quantile by one step up or down."""
        stayed_below = took_s <= self.level_s[cell]
        self.level_s[cell] += self.settings.rate * self.step_s * (self.settings.quantile - stayed_below)

    def quotes_s(self, hour: int) -> Floats:
        """Return the quotes of the zones in an hour, float64 [Z], s."""
        return np.asarray(self.level_s[:, hour])


RULES: Mapping[str, Callable[[QuoteSettings, Cell, float, float], Estimate]] = {
    "mean_and_sd": MeanAndSd,
    "quantile": Quantile,
}


class Quotes:
    """Learns from departures, one cell for the courier or one for each zone of homes and hour of placement.

    Parameters
    ----------
    settings
        What is averaged, and how fast.
    preparation_min
        Quote before anything was seen.
    zones
        Number of zones.
    """

    def __init__(self, settings: QuoteSettings, preparation_min: float, zones: int) -> None:
        self.shape = {"courier": (1, 1), "zone_hour": (zones, HOURS)}[settings.by]
        self.estimate = RULES[settings.rule](settings, self.shape, preparation_min * 60, settings.initial_sd_min * 60)

    def learn(self, took_s: float, zone: int, hour: int) -> None:
        """Take in what one order took from placement to the door beside the straight drive."""
        self.estimate.learn((min(zone, self.shape[0] - 1), self._hour(hour)), took_s)

    def mean_quote_h(self, hour: int) -> float:
        """Return one quote for the courier, h; the mean over zones where they differ."""
        quotes_h = self.zones_h(hour)
        return float(quotes_h.sum()) / len(quotes_h)

    def zones_h(self, hour: int) -> Floats:
        """Return the quotes of the zones in an hour of day, float64 [Z], h; one entry where they do not differ."""
        return np.asarray(self.estimate.quotes_s(self._hour(hour)) / 3600)

    def _hour(self, hour: int) -> int:
        return min(hour, self.shape[1] - 1)
