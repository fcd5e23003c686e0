"""The regulator: policies as pure transformations of offers, fees, access and the ledger (model 8).

A policy is one class with the hooks it needs, registered by name, and one YAML `conf/policy/NAME.yaml` with its
parameters. The hooks are identities here, so a run without policies is the run of a regulator without any.
"""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import mesa
import numpy as np
from numpy.typing import NDArray

from agents.arrays import Floats
from agents.parameters import Parameters


class PolicySettings(Parameters):
    """Parameters of a policy; a policy's own class adds its fields."""


class Policy:
    """A policy that changes nothing: the base of all others."""

    Settings: ClassVar[type[PolicySettings]] = PolicySettings

    def __init__(self, settings: PolicySettings) -> None:
        self.settings = settings

    def offer(self, pay_usd: Floats, km: Floats, minutes: Floats) -> Floats:
        """Change the pay of offers; km and minutes are those of the trip from acceptance to the door."""
        del km, minutes
        return pay_usd

    def commission(self, rate: float) -> float:
        """Change the commission a gig courier takes, as a share of the basket."""
        return rate

    def tax(self, basket_usd: Floats, *, gig: bool) -> Floats:
        """Give the tax on one delivery of each basket, $."""
        del gig
        return np.zeros_like(basket_usd)

    def homing(self, apps: NDArray[np.int64]) -> NDArray[np.int64]:
        """Change the sets of couriers drivers work for, bit masks."""
        return apps


_POLICIES: dict[str, type[Policy]] = {"neutral": Policy}


def policy[P: type[Policy]](name: str) -> Callable[[P], P]:
    """Register a policy class under the name its YAML and its config key have."""

    def register(cls: P) -> P:
        _POLICIES[name] = cls
        return cls

    return register


def policy_class(name: str) -> type[Policy]:
    """Look a policy up.

    Raises
    ------
    ValueError
        If no policy has the name; the message lists those there are.
    """
    if name not in _POLICIES:
        raise ValueError(f"there is no policy {name!r}; there are {', '.join(sorted(_POLICIES))}")
    return _POLICIES[name]


class Regulator(mesa.Agent):  # type: ignore[misc]  # Mesa is untyped
    """Applies the policies in the order in which the config names them."""

    def __init__(self, model: mesa.Model, settings: Mapping[str, PolicySettings]) -> None:
        super().__init__(model)
        self.policies = [policy_class(name)(parameters) for name, parameters in settings.items()]

    def offer(self, pay_usd: Floats, km: Floats, minutes: Floats) -> Floats:
        """Give the pay of offers after all policies, $."""
        for each in self.policies:
            pay_usd = each.offer(pay_usd, km, minutes)
        return pay_usd

    def commission(self, rate: float) -> float:
        """Give a gig courier's commission after all policies, as a share of the basket."""
        for each in self.policies:
            rate = each.commission(rate)
        return rate

    def tax(self, basket_usd: Floats, *, gig: bool) -> Floats:
        """Add up the taxes on one delivery of each basket, $."""
        total = np.zeros_like(basket_usd)
        for each in self.policies:
            total += each.tax(basket_usd, gig=gig)
        return total

    def homing(self, apps: NDArray[np.int64]) -> NDArray[np.int64]:
        """Give the sets of couriers drivers may work for, bit masks."""
        for each in self.policies:
            apps = each.homing(apps)
        return apps


def parse_policies(named: Mapping[str, Mapping[str, Any] | None]) -> dict[str, PolicySettings]:
    """Validate the parameters of each named policy by its own settings class."""
    return {name: policy_class(name).Settings(**(given or {})) for name, given in named.items()}
