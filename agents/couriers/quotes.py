"""Quotes: how long from the order to the departure of the parcel, by moving averages of what was seen (model 7.5)."""

from math import sqrt
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from agents.kernel.arrays import Floats, Ints
from agents.kernel.parameters import NonNegative, Parameters, Positive, Share

HOURS = 24


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


class SurgeSettings(Parameters):
    """Factor m_z = clip(1 + gain (waiting_z / max(1, idle_z) - target), 1, most) in each zone, who pays and gets it."""

    gain: NonNegative
    target: NonNegative
    most: Annotated[float, Field(ge=1, le=10)]
    driver_share: Share
    customer_share: Share

    def factors(self, waiting: Ints, idle: Ints) -> Floats:
        """Compute the factors, float64 [Z], for orders that wait in stores of the zones and drivers idle there."""
        return np.asarray(np.clip(1 + self.gain * (waiting / np.maximum(1, idle) - self.target), 1.0, self.most))


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
        self.settings = settings
        cells = (zones, HOURS) if settings.by == "zone_hour" else (1, 1)
        self._step_s = settings.initial_sd_min * 60
        start_s = preparation_min * 60
        if settings.rule == "mean_and_sd":
            start_s -= settings.safety * self._step_s
        self._mean_s = np.full(cells, start_s)
        self._variance_s2 = np.full(cells, self._step_s**2)

    def learn(self, took_s: float, zone: int, hour: int) -> None:
        """Move the cell's averages towards what one order took from placement to the door beside the straight drive.

        A quantile moves up by rate x step x q where it was passed and down by rate x step x (1 - q) where it was not,
        so that it comes to rest where a share q stays below (Robbins and Monro 1951).
        """
        cell = (zone, hour) if self.settings.by == "zone_hour" else (0, 0)
        rate = self.settings.rate
        deviation = took_s - float(self._mean_s[cell])
        if self.settings.rule == "quantile":
            self._mean_s[cell] += rate * self._step_s * (self.settings.quantile - (deviation <= 0))
            return
        self._mean_s[cell] += rate * deviation
        self._variance_s2[cell] = (1 - rate) * (float(self._variance_s2[cell]) + rate * deviation**2)

    def mean_quote_h(self, hour: int) -> float:
        """Return one quote for the courier, h; the mean over zones where they differ."""
        if self.settings.by == "zone_hour":
            return float(self.zones_h(hour).mean())
        if self.settings.rule == "quantile":
            return float(self._mean_s[0, 0]) / 3600
        return (float(self._mean_s[0, 0]) + self.settings.safety * sqrt(float(self._variance_s2[0, 0]))) / 3600

    def zones_h(self, hour: int) -> Floats:
        """Return the quotes of the zones in an hour of day, float64 [Z], h."""
        column = hour if self.settings.by == "zone_hour" else 0
        if self.settings.rule == "quantile":
            return np.asarray(self._mean_s[:, column] / 3600)
        return np.asarray(
            (self._mean_s[:, column] + self.settings.safety * np.sqrt(self._variance_s2[:, column])) / 3600
        )
