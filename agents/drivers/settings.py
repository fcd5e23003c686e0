"""Settings of drivers; units and sources stand in conf/drivers."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from galleria.agents.kernel.parameters import EVERY_HOUR, NonNegative, Parameters, Positive, SdLog, Share


class ReservationSettings(Parameters):
    """Lognormal reservation wages."""

    median_usd_per_h: Annotated[float, Field(gt=0, le=500)]
    sd_log: SdLog
    hourly_sd_log: SdLog


class RelocationSettings(Parameters):
    """When and how idle drivers go elsewhere; a null sensitivity switches it off."""

    theta_per_usd: Annotated[float, Field(gt=0, le=10)] | None
    after_min: NonNegative
    rate: Share


class AtRestSettings(Parameters):
    """How beliefs are found before the first day."""

    days: Annotated[int, Field(ge=0, le=60)]
    days_of_luck: Annotated[int, Field(ge=0, le=400)]


SLACK = 1e-9
"""Rounding by which shares may miss their sum."""
CAR = "car"
"""The vehicle of all drivers who have no other."""


class VehicleSettings(Parameters):
    """A vehicle that some drivers have in the place of the usual car; units and sources stand in conf/vehicle."""

    share: Share
    time_factor: Annotated[float, Field(ge=0.3, le=5)]
    fastest_km_per_h: Annotated[float, Field(gt=0, le=200)] | None
    range_km: Annotated[float, Field(gt=0, le=2000)] | None
    parcels: Annotated[int, Field(ge=1, le=100)] | None
    cost_usd_per_km: Annotated[float, Field(ge=0, le=10)]
    co2_kg_per_km: Annotated[float, Field(ge=0, le=2)]
    kwh_per_km: Annotated[float, Field(ge=0, le=2)]
    road_space: Annotated[float, Field(ge=0, le=2)]


class DriverSettings(Parameters):
    """Gig drivers in vehicles of their own; units and sources stand in conf/drivers."""

    pool: Annotated[int, Field(ge=1, le=200_000)]
    reservation: ReservationSettings
    hour_taste: Annotated[tuple[Positive, ...], EVERY_HOUR]
    cost_usd_per_km: Annotated[float, Field(ge=0, le=10)]
    acceptance_scale_usd: Annotated[float, Field(ge=0, le=100)]
    belief_rate: Share
    hearsay: Share
    at_rest: AtRestSettings
    minimum_wage_usd_per_h: Annotated[float, Field(ge=0, le=100)]
    log_on_cost_usd: Annotated[float, Field(ge=0, le=100)]
    longest_day_h: Annotated[float, Field(ge=0, le=24)]
    app_cost_usd_per_h: Annotated[float, Field(ge=0, le=20)]
    turnover_per_month: Annotated[float, Field(ge=0, lt=1)]
    leave_after_weeks: Annotated[int, Field(ge=1, le=52)]
    leave_below_share: Annotated[float, Field(ge=0, le=2)]
    multi_homing_share: Share
    door_min: Annotated[float, Field(ge=0, le=120)]
    relocation: RelocationSettings
    vehicles: dict[str, VehicleSettings]

    @model_validator(mode="after")
    def _shares_add_up(self) -> Self:
        shared = sum(each.share for each in self.vehicles.values())
        if shared > 1 + SLACK:
            raise ValueError(f"the shares of vehicles add up to {shared:g}, which is more than all drivers")
        if CAR in self.vehicles:
            raise ValueError(f"vehicles.{CAR}: the name is that of those who have none of the vehicles")
        return self

    @property
    def cars(self) -> float:
        """Share of the drivers who have the usual car."""
        return max(0.0, 1.0 - sum(each.share for each in self.vehicles.values())) if self.vehicles else 1.0

    @property
    def costs_usd_per_km(self) -> tuple[float, ...]:
        """Cost of driving, $/km, of the usual car and of each vehicle."""
        return (self.cost_usd_per_km, *(each.cost_usd_per_km for each in self.vehicles.values()))

    @property
    def mean_cost_usd_per_km(self) -> float:
        """Cost of driving, $/km, mean of the drivers."""
        others = sum(each.share * each.cost_usd_per_km for each in self.vehicles.values())
        return self.cars * self.cost_usd_per_km + others
