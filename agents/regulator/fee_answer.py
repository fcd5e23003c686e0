"""The fee with which couriers answer a rule that costs them: given, where what they did is on record."""

from galleria.agents.couriers.kinds.base import Fulfilment
from galleria.agents.kernel.arrays import Floats
from galleria.agents.kernel.parameters import NonNegative
from galleria.agents.regulator.schedule import PolicySettings


class FeeAnswerSettings(PolicySettings):
    """What gig couriers add to the fee of an order while the rule holds, $."""

    added_fee_usd: NonNegative


class AnsweredByFee[S: FeeAnswerSettings]:
    """A rule that gig couriers answer by a fee."""

    settings: S

    def fee(self, fee_usd: Floats, fulfilment: Fulfilment) -> Floats:
        """Let gig couriers add the fee with which they answer."""
        return fee_usd + self.settings.added_fee_usd if fulfilment == "gig" else fee_usd
