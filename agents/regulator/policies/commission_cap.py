"""Commission caps: the most a gig courier may take of a store's sale (New York, San Francisco).

Couriers may answer by the fee, and by what they show: `demote_capped` is an answer and no policy itself.
"""

from typing import Literal

from galleria.agents.kernel.parameters import Share
from galleria.agents.regulator.fee_answer import AnsweredByFee, FeeAnswerSettings
from galleria.agents.regulator.policy import PhasedSettings, Policy, policy


class CommissionCapSettings(FeeAnswerSettings, PhasedSettings):
    """Highest commission as a share of the basket, of which stores; the fee with which couriers answer."""

    cap: Share
    stores: Literal["all", "independent"]


@policy("commission_cap")
class CommissionCap(AnsweredByFee[CommissionCapSettings], Policy[CommissionCapSettings]):
    """Lowers commissions to the cap."""

    Settings = CommissionCapSettings

    def commission(self, rate: float) -> float:
        """Take at most the cap, of chains if they are capped too."""
        return min(rate, self.settings.cap) if self.settings.stores == "all" else rate

    def commission_of_independents(self, rate: float) -> float:
        """Take at most the cap."""
        return min(rate, self.settings.cap)


class DemoteCappedSettings(PhasedSettings):
    """Weight of a store whose commission is capped beside others in what a courier shows."""

    weight: Share


@policy("demote_capped")
class DemoteCapped(Policy[DemoteCappedSettings]):
    """Lets gig couriers show stores less that pay them less by law (Li and Wang 2024), where others pay in full."""

    Settings = DemoteCappedSettings

    def weight_of_capped(self, weight: float) -> float:
        """Show a capped store so much less."""
        return weight * self.settings.weight
