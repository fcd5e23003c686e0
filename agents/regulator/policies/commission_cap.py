"""Commission caps: the most a gig courier may take of a store's sale (New York, San Francisco)."""

from agents.kernel.parameters import Share
from agents.regulator.fee_answer import AnsweredByFee, FeeAnswerSettings
from agents.regulator.policy import PhasedSettings, Policy, policy


class CommissionCapSettings(FeeAnswerSettings, PhasedSettings):
    """Highest commission as a share of the basket; the fee with which couriers answer."""

    cap: Share


@policy("commission_cap")
class CommissionCap(AnsweredByFee[CommissionCapSettings], Policy[CommissionCapSettings]):
    """Lowers commissions to the cap."""

    Settings = CommissionCapSettings

    def commission(self, rate: float) -> float:
        """Take at most the cap."""
        return min(rate, self.settings.cap)
