"""Pass-through: couriers add to their fees a share of what policies cost them by the order.

An answer to policies and no policy itself: it stands beside those that it answers, where fees are fixed.
"""

from typing import Annotated

from pydantic import Field

from galleria.agents.kernel.parameters import NonNegative, Share
from galleria.agents.regulator.policy import PhasedSettings, Policy, policy


class PassThroughSettings(PhasedSettings):
    """Share that is passed on, the most of it on a fee, and the days over which costs are averaged."""

    share: Share
    most_usd: NonNegative
    cost_days: Annotated[float, Field(ge=1, le=365)]


@policy("pass_through")
class PassThrough(Policy[PassThroughSettings]):
    """Raises fees by what policies cost at the orders it leads to; see `galleria.models.strategy.passing_on`."""

    Settings = PassThroughSettings

    def passed_on(self, share: float) -> float:
        """Pass on at least this share."""
        return max(share, self.settings.share)

    def most_passed_on_usd(self) -> float:
        """Pass on no more than this."""
        return self.settings.most_usd

    def cost_days(self) -> float:
        """Average over so many days."""
        return self.settings.cost_days
