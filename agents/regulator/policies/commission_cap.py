"""Commission caps: the most a gig courier may take of a store's sale (New York, San Francisco)."""

from agents.couriers.kinds.base import Fulfilment
from agents.kernel.arrays import Floats
from agents.kernel.parameters import NonNegative, Share
from agents.regulator.policy import PhasedSettings, Policy, policy


class CommissionCapSettings(PhasedSettings):
    """Highest commission as a share of the basket; the fee with which couriers answer."""

    cap: Share
    added_fee_usd: NonNegative


@policy("commission_cap")
class CommissionCap(Policy[CommissionCapSettings]):
    """Lowers commissions to the cap."""

    Settings = CommissionCapSettings

    def commission(self, rate: float) -> float:
        """Take at most the cap."""
        return min(rate, self.settings.cap)

    def fee(self, fee_usd: Floats, fulfilment: Fulfilment) -> Floats:
        """Let gig couriers add the fee with which they answer."""
        return fee_usd + self.settings.added_fee_usd if fulfilment == "gig" else fee_usd
