"""The tree of settings of one design point, each node declared beside the code that uses it."""

from collections.abc import Mapping
from operator import index
from typing import Annotated, Any, Literal, Self

from pydantic import Field, SerializeAsAny, ValidationError, field_validator, model_validator

import agents.regulator.policies  # noqa: F401  # the policies register themselves
from agents.couriers.settings import CourierSettings
from agents.customers.channels import NONE, STORE_BIG_BOX, STORE_MALL
from agents.customers.settings import CustomerSettings
from agents.dispatch.settings import DispatchSettings
from agents.drivers.settings import DriverSettings
from agents.kernel.parameters import Parameters
from agents.kernel.plugins import load_plugins
from agents.regulator.policy import POLICIES, PolicySettings, kind_of, parse_policy
from agents.retailers.settings import RetailerSettings
from models.city import CitySettings
from models.errors import UsageError
from models.settings.checks.contradictions import contradictions
from models.settings.checks.economics import wrong_economics
from models.settings.errors import problems_of
from models.strategy.settings import StrategySettings
from models.traffic.hourly import TrafficSettings

load_plugins()


class RunSettings(Parameters):
    """How long, how often, from which seed, and what to keep."""

    days: Annotated[int, Field(ge=1, le=3660)]
    warmup_days: Annotated[int, Field(ge=0)]
    seed: Annotated[int, Field(ge=0)]
    replications: Annotated[int, Field(ge=1)]
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
    run: RunSettings

    def opens_with(self, courier: str) -> bool:
        """Return whether a courier is in the market from the first day."""
        return self.couriers[courier].active and courier not in self.strategy.entry

    @property
    def firms(self) -> tuple[str, ...]:
        """Names of the firms that own couriers, each once."""
        return tuple(dict.fromkeys(courier.firm for courier in self.couriers.values()))

    @field_validator("policy", mode="before")
    @classmethod
    def _parse_policies(cls, named: Mapping[str, Any] | None) -> dict[str, PolicySettings]:
        made, problems = {}, []
        for name, given in (named or {}).items():
            key, values = f"policy.{name}", dict(given or {})
            try:
                made[name] = parse_policy(name, values)
            except ValidationError as error:
                problems += problems_of(error, POLICIES[kind_of(name, values)].Settings, key)
            except ValueError as error:
                problems.append(f"{key}: {error}")
        if problems:
            raise UsageError(problems)
        return made

    @model_validator(mode="after")
    def _channels_have_constants(self) -> Self:
        observed = set(self.customers.observed_share)
        borrowed = {name: each.constant_of for name, each in self.couriers.items() if each.constant_of is not None}
        channels = {*self.couriers, STORE_MALL, STORE_BIG_BOX, NONE}
        problems = [
            f"{name} has neither a share in customers.observed_share nor a constant_of"
            for name in sorted(channels - observed - set(borrowed))
        ]
        problems += [
            f"{name} has both an observed share and a constant_of" for name in sorted(observed & set(borrowed))
        ]
        problems += [
            f"couriers.{name}.constant_of = {of} is no channel with an observed share"
            for name, of in borrowed.items()
            if of not in observed
        ]
        problems += [
            f"customers.observed_share.{name}: there is no such channel" for name in sorted(observed - channels)
        ]
        problems += wrong_economics(self)
        problems += contradictions(self)
        if problems:
            raise UsageError(problems)
        return self


def validate(tree: Mapping[str, Any]) -> Settings:
    """Check a tree of settings.

    Raises
    ------
    UsageError
        With every problem: full key, value, allowed range, nearest right key.
    """
    try:
        return Settings.model_validate(tree)
    except ValidationError as error:
        raise UsageError(problems_of(error, Settings)) from error


def with_seed(settings: Settings, seed: int) -> Settings:
    """Return settings with another root of all random streams.

    Raises
    ------
    TypeError
        If the seed is no whole number.
    """
    run = RunSettings.model_validate({**settings.run.model_dump(), "seed": index(seed)})
    return settings.model_copy(update={"run": run})
