"""Prompts for tips: couriers move them behind checkout when pay is dear; a law forbids it (New York, January 2026)."""

from galleria.agents.kernel.parameters import Share
from galleria.agents.regulator.policy import PhasedSettings, Policy, policy


class TipPromptAfterSettings(PhasedSettings):
    """Share of the orders whose prompt is moved."""

    share: Share


@policy("tip_prompt_after")
class TipPromptAfter(Policy[TipPromptAfterSettings]):
    """Lets gig couriers ask for tips after customers have paid: an answer to policies on pay, and no policy itself."""

    Settings = TipPromptAfterSettings

    def asks_before(self, share: float) -> float:
        """Ask fewer customers before they pay."""
        return share * (1 - self.settings.share)


@policy("tip_prompt_before")
class TipPromptBefore(Policy[PhasedSettings]):
    """Has gig couriers ask for tips before customers pay, whatever they would rather do."""

    Settings = PhasedSettings

    def must_ask_before(self, share: float) -> float:
        """Ask all."""
        del share
        return 1.0
