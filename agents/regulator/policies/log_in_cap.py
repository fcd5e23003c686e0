"""Log-in caps: couriers let no more drivers on line than keep them engaged for a share of their time.

How couriers in New York answered the floor on hourly pay: waiting is paid, so they let fewer wait.
"""

from typing import Annotated, Literal

from pydantic import Field

from galleria.agents.kernel.parameters import Share
from galleria.agents.regulator.policy import PhasedSettings, Policy, policy


class LogInCapSettings(PhasedSettings):
    """Least share of the time on line that drivers are to be engaged, u*, or what costs least; who is let in first."""

    utilisation: Share | None
    peak_sd: Annotated[float, Field(ge=0, le=6)]
    access: Literal["record", "lot"]
    tiers: Annotated[int, Field(ge=1, le=20)]


@policy("log_in_cap")
class LogInCap(Policy[LogInCapSettings]):
    """Limits the drivers on line by hour; see `galleria.agents.drivers.log_in`."""

    Settings = LogInCapSettings

    def utilisation(self, share: float) -> float:
        """Want drivers engaged at least so much."""
        return max(share, 1.0 if self.settings.utilisation is None else self.settings.utilisation)

    def staffs_at_least_cost(self) -> bool:
        """Weigh drivers' hours against customers' wait, if no share is set."""
        return self.settings.utilisation is None

    def peak_sd(self) -> float:
        """Leave room for the peaks of an hour."""
        return self.settings.peak_sd

    def tiers(self) -> int:
        """Let drivers in by their record, if that is the rule of access."""
        return self.settings.tiers if self.settings.access == "record" else 1
