"""The tree of settings of one design point, each node declared beside the code that uses it."""

from collections.abc import Mapping
from operator import index
from typing import Annotated, Any, Literal, Self

from pydantic import Field, SerializeAsAny, ValidationError, field_validator, model_validator

import galleria.agents.regulator.policies  # noqa: F401  # the policies register themselves
from galleria.agents.couriers.meals import MealSettings
from galleria.agents.couriers.settings import CourierSettings
from galleria.agents.customers.channels import MALL_DIRECT
from galleria.agents.customers.settings import CustomerSettings
from galleria.agents.dispatch.settings import DispatchSettings
from galleria.agents.drivers.settings import DriverSettings
from galleria.agents.kernel.parameters import Parameters
from galleria.agents.regulator.policy import POLICIES, PolicySettings, kind_of, parse_policy
from galleria.agents.retailers.settings import RetailerSettings
from galleria.models.city import CitySettings
from galleria.models.errors import UsageError
from galleria.models.settings.errors import problems_of
from galleria.models.settings.strategy import StrategySettings
from galleria.models.traffic.hourly import TrafficSettings


class RunSettings(Parameters):
    """How long, how often, from which seed, and what to keep."""

    days: Annotated[int, Field(ge=1, le=3660)]
    warmup_days: Annotated[int, Field(ge=0)]
    seed: Annotated[int, Field(ge=0, le=2**63 - 1)]
    replications: Annotated[int, Field(ge=1, le=100_000)]
    runout_h: Annotated[float, Field(ge=0, le=48)]
    output: str | None
    tables: Literal["metrics", "orders", "all"]
    record: bool

    @model_validator(mode="after")
    def _measures_a_day(self) -> Self:
        if self.warmup_days >= self.days:
            raise ValueError(f"warmup_days ({self.warmup_days}) must be fewer than days ({self.days})")
        return self


class Settings(Parameters):
    """One design point."""

    city: CitySettings
    customers: CustomerSettings
    retailers: RetailerSettings
    drivers: DriverSettings
    couriers: Annotated[dict[str, CourierSettings], Field(min_length=1)]
    strategy: StrategySettings
    policy: Mapping[str, SerializeAsAny[PolicySettings]]
    traffic: TrafficSettings
    dispatch: DispatchSettings
    meals: MealSettings | None
    run: RunSettings

    def opens_with(self, courier: str) -> bool:
        """Return whether a courier is in the market from the first day."""
        return self.couriers[courier].active and courier not in self.strategy.entry

    def share_listed(self, courier: str) -> float:
        """Return the share of each mall's stores on a courier's app: for mall-direct, as the stores opt in."""
        each, opt_in = self.couriers[courier], self.retailers.opt_in
        posted = opt_in.share if courier == MALL_DIRECT else each.share_posted
        return each.share_when_observed if posted is None else posted

    @property
    def firms(self) -> tuple[str, ...]:
        """Names of the firms that own couriers, each once."""
        return tuple(dict.fromkeys(courier.firm for courier in self.couriers.values()))

    @property
    def shipped(self) -> tuple[bool, ...]:
        """Whether vans bring a courier's parcels on a later day, by courier."""
        return tuple(courier.fulfilment == "van" for courier in self.couriers.values())

    @field_validator("policy", mode="before")
    @classmethod
    def _parse_policies(cls, named: object) -> dict[str, PolicySettings]:
        if not isinstance(named, Mapping | None):
            raise ValueError("must be a mapping of policies' names to their values")  # noqa: TRY004 (pydantic's)
        made, problems = {}, []
        for name, given in (named or {}).items():
            key = f"policy.{str(name)[:60]}"
            if not isinstance(given, Mapping | None):
                problems.append(f"{key} = {str(given)[:60]}: must be a mapping of keys to values")
                continue
            values: dict[str, Any] = dict(given or {})
            try:
                made[name] = parse_policy(name, values)
            except ValidationError as error:
                problems += problems_of(error, POLICIES[kind_of(name, values)].Settings, key)
            except ValueError as error:
                problems.append(f"{key}: {error}")
        if problems:
            raise UsageError(problems)
        return made


def with_seed(settings: Settings, seed: int) -> Settings:
    """Return settings with another root of all random streams.

    Raises
    ------
    TypeError
        If the seed is no whole number.
    """
    run = RunSettings.model_validate({**settings.run.model_dump(), "seed": index(seed)})
    return settings.model_copy(update={"run": run})
