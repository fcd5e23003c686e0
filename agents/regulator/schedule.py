"""When, where and how far a policy holds: its dates, its zones, its strength (model 8)."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from galleria.agents.kernel.parameters import Parameters


class PolicySettings(Parameters):
    """Parameters of a policy; a policy's own class adds its fields."""

    kind: str

    def strength(self, day: int) -> float:
        """Return how far the policy holds on a day, from 0 to 1."""
        del day
        return 1.0


class ScheduledSettings(PolicySettings):
    """Parameters of a policy that holds from a day on, and perhaps until before another."""

    from_day: Annotated[int, Field(ge=0)]
    to_day: Annotated[int, Field(ge=0)] | None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.to_day is not None and self.to_day <= self.from_day:
            raise ValueError(f"to_day ({self.to_day}) must be later than from_day ({self.from_day})")
        return self

    def strength(self, day: int) -> float:
        """Return 1 on its days, 0 on others."""
        return float(self.from_day <= day and (self.to_day is None or day < self.to_day))

    def overlaps(self, other: "ScheduledSettings") -> bool:
        """Return whether there are days on which both hold."""
        return (self.to_day is None or other.from_day < self.to_day) and (
            other.to_day is None or self.from_day < other.to_day
        )


class PhasedSettings(ScheduledSettings):
    """Parameters of a policy whose strength may grow in even steps, from nothing on its first day."""

    phase_in_days: Annotated[int, Field(ge=0, le=3660)]

    @model_validator(mode="after")
    def _arrives_before_it_ends(self) -> Self:
        if self.to_day is not None and self.phase_in_days >= self.to_day - self.from_day:
            raise ValueError(
                f"phase_in_days ({self.phase_in_days}) must be fewer than the {self.to_day - self.from_day} days from "
                f"from_day ({self.from_day}) and to_day ({self.to_day}): it would end before it holds in full"
            )
        return self

    def strength(self, day: int) -> float:
        """Return how far it has been phased in."""
        if self.phase_in_days == 0:
            return super().strength(day)
        return super().strength(day) * min(1.0, (day - self.from_day) / self.phase_in_days)


class PlacedSettings(PhasedSettings):
    """Parameters of a policy that may hold in some zones only: by number, those where malls stand, or everywhere."""

    zones: Annotated[tuple[Annotated[int, Field(ge=0)], ...], Field(min_length=1)] | Literal["malls"] | None


def absent_zones(policies: Mapping[str, PolicySettings], zones: int) -> list[str]:
    """List the zones that policies name and a city with that many does not have, one sentence a policy."""
    problems = []
    for name, each in policies.items():
        if isinstance(each, PlacedSettings) and isinstance(each.zones, tuple):
            absent = ", ".join(str(zone) for zone in each.zones if zone >= zones)
            if absent:
                problems.append(f"policy.{name}.zones: there is no zone {absent}; the city has zones 0 to {zones - 1}")
    return problems
