"""Pass-through: couriers add to their fees a share of what policies cost them by the order.

An answer to policies and no policy itself: it stands beside those that it answers, where fees are fixed.
"""

from agents.kernel.parameters import NonNegative, Share
from agents.regulator.policy import PhasedSettings, Policy, policy


class PassThroughSettings(PhasedSettings):
    """Share that is passed on, and the most of it on a fee."""

    share: Share
    most_usd: NonNegative


@policy("pass_through")
class PassThrough(Policy[PassThroughSettings]):
    """Raises fees by what policies were seen to cost; see `models.money.burden`."""

    Settings = PassThroughSettings

    def passed_on(self, share: float) -> float:
        """Pass on at least this share."""
        return max(share, self.settings.share)

    def most_passed_on_usd(self) -> float:
        """Pass on no more than this."""
        return self.settings.most_usd
