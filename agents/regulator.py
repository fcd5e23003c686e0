"""The regulator: policies as pure transformations of offers, fees, access and the ledger (model 8).

A policy is one class in `agents/policies` with the hooks it needs, registered under the name of its kind, and YAML
files `conf/policy/NAME.yaml` with parameters. The hooks are identities here, so a run without policies is the run of a
regulator without any.
"""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, ClassVar, Self

import mesa
import numpy as np
from numpy.typing import NDArray
from pydantic import Field, ValidationError, model_validator

from agents.arrays import Floats
from agents.parameters import Parameters


class PolicySettings(Parameters):
    """Parameters of a policy; a policy's own class adds its fields."""

    kind: str

    def in_force(self, day: int) -> bool:
        """Tell whether the policy holds on a day."""
        del day
        return True


class ScheduledSettings(PolicySettings):
    """Parameters of a policy that holds from a day on, and perhaps until before another."""

    from_day: Annotated[int, Field(ge=0)]
    to_day: Annotated[int, Field(ge=0)] | None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.to_day is not None and self.to_day <= self.from_day:
            raise ValueError(f"to_day ({self.to_day}) must be later than from_day ({self.from_day})")
        return self

    def in_force(self, day: int) -> bool:
        """Tell whether the policy holds on a day."""
        return self.from_day <= day and (self.to_day is None or day < self.to_day)


class Policy[S: PolicySettings]:
    """A policy that changes nothing: the base of all others."""

    Settings: ClassVar[type[PolicySettings]] = PolicySettings

    def __init__(self, settings: S) -> None:
        self.settings = settings

    def offer(self, pay_usd: Floats, km: Floats, minutes: Floats) -> Floats:
        """Change the pay of offers; km and minutes are those of the trip from acceptance to the door."""
        del km, minutes
        return pay_usd

    def commission(self, rate: float) -> float:
        """Change the commission a gig courier takes, as a share of the basket."""
        return rate

    def fee(self, fee_usd: float, *, gig: bool) -> float:
        """Change the delivery fee of a courier, $: how couriers answer where fees are fixed."""
        del gig
        return fee_usd

    def tax(self, basket_usd: Floats, *, gig: bool) -> Floats:
        """Give the tax on one delivery of each basket, $."""
        del gig
        return np.zeros_like(basket_usd)

    def homing(self, apps: NDArray[np.int64]) -> NDArray[np.int64]:
        """Change the sets of couriers drivers work for, bit masks."""
        return apps


_POLICIES: dict[str, type[Policy[Any]]] = {"neutral": Policy}


def policy[P: type[Policy[Any]]](kind: str) -> Callable[[P], P]:
    """Register a policy class under the name its YAML gives as `kind`."""

    def register(cls: P) -> P:
        _POLICIES[kind] = cls
        return cls

    return register


def policy_class(kind: str) -> type[Policy[Any]]:
    """Look a policy up.

    Raises
    ------
    ValueError
        If no policy has the name; the message lists those there are.
    """
    if kind not in _POLICIES:
        raise ValueError(f"there is no policy {kind!r}; there are {', '.join(sorted(_POLICIES))}")
    return _POLICIES[kind]


class Regulator(mesa.Agent):  # type: ignore[misc]  # Mesa is untyped
    """Applies the policies that are in force, in the order in which the config names them."""

    def __init__(self, model: mesa.Model, settings: Mapping[str, PolicySettings]) -> None:
        super().__init__(model)
        self.policies = [policy_class(parameters.kind)(parameters) for parameters in settings.values()]
        self.in_force = self.policies
        self.open_day(0)

    def open_day(self, day: int) -> None:
        """Put the policies of the day in force."""
        self.in_force = [each for each in self.policies if each.settings.in_force(day)]

    def offer(self, pay_usd: Floats, km: Floats, minutes: Floats) -> Floats:
        """Give the pay of offers after all policies, $."""
        for each in self.in_force:
            pay_usd = each.offer(pay_usd, km, minutes)
        return pay_usd

    def commission(self, rate: float) -> float:
        """Give a gig courier's commission after all policies, as a share of the basket."""
        for each in self.in_force:
            rate = each.commission(rate)
        return rate

    def fee(self, fee_usd: float, *, gig: bool) -> float:
        """Give a courier's delivery fee after all policies, $."""
        for each in self.in_force:
            fee_usd = each.fee(fee_usd, gig=gig)
        return fee_usd

    def tax(self, basket_usd: Floats, *, gig: bool) -> Floats:
        """Add up the taxes on one delivery of each basket, $."""
        total = np.zeros_like(basket_usd)
        for each in self.in_force:
            total += each.tax(basket_usd, gig=gig)
        return total

    def homing(self, apps: NDArray[np.int64]) -> NDArray[np.int64]:
        """Give the sets of couriers drivers may work for, bit masks."""
        for each in self.in_force:
            apps = each.homing(apps)
        return apps


def parse_policies(named: Mapping[str, Mapping[str, Any]]) -> dict[str, PolicySettings]:
    """Validate the parameters of each policy by the settings class of its kind.

    Raises
    ------
    ValueError
        With all that is wrong, each with its key.
    """
    parsed, problems = {}, []
    for name, given in named.items():
        try:
            parsed[name] = policy_class(str(given.get("kind", name))).Settings(**given)
        except ValidationError as error:
            for each in error.errors(include_url=False):
                key = ".".join(str(part) for part in (name, *each["loc"]))
                problems.append(f"{key}: {each['msg'].removeprefix('Value error, ')}")
    if problems:
        raise ValueError("; ".join(problems))
    return parsed
