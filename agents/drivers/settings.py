"""Settings of drivers; units and sources stand in conf/drivers."""

from typing import Annotated

from pydantic import Field

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


class DriverSettings(Parameters):
    """Gig drivers in their own cars; units and sources stand in conf/drivers."""

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
