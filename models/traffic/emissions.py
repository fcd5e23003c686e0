"""Emissions by speed: what a kilometre emits at a mean speed, against what it emits on average (model 7.8)."""

from typing import Annotated

import numpy as np
from pydantic import Field

from galleria.agents.kernel.arrays import Floats
from galleria.agents.kernel.parameters import NonNegative, Parameters, Positive

KM_PER_MILE = 1.609344


class EmissionSettings(Parameters):
    """How CO2 follows mean speed, and nitrogen oxides; units and sources stand in conf/traffic/by_speed.yaml.

    Parameters
    ----------
    log_co2_of_mph
        Coefficients of the speed and its second, third and fourth powers in the logarithm of CO2 a mile.
    slowest_km_per_h, fastest_km_per_h
        Speeds for which they were estimated; beyond them the end counts.
    average_km_per_h
        Mean speed at which a kilometre emits what `traffic.car_co2_kg_per_km` and `van_co2_kg_per_km` say.
    car_nox_g_per_km, van_nox_g_per_km
        Nitrogen oxides, at any speed.
    """

    log_co2_of_mph: Annotated[tuple[float, ...], Field(min_length=4, max_length=4)]
    slowest_km_per_h: Positive
    fastest_km_per_h: Positive
    average_km_per_h: Positive
    car_nox_g_per_km: NonNegative
    van_nox_g_per_km: NonNegative


def co2_factor(settings: EmissionSettings, km_per_h: Floats) -> Floats:
    """Return what a kilometre emits at mean speeds, as a multiple of what it emits at the average speed."""
    powers = np.arange(1, 5)

    def log_co2(speed: Floats) -> Floats:
        mph = np.clip(speed, settings.slowest_km_per_h, settings.fastest_km_per_h) / KM_PER_MILE
        return np.asarray(mph[..., None] ** powers @ np.array(settings.log_co2_of_mph))

    return np.exp(log_co2(km_per_h) - log_co2(np.array([settings.average_km_per_h])))
