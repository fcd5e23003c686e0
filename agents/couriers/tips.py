"""Tips: what customers give where a courier asks for a tip before, or only after, they have paid (model 7.2)."""

from typing import Literal

type TipPrompt = Literal["before", "after"]


def asked_before(prompt: TipPrompt) -> float:
    """Return the share of a courier's orders whose customers are asked before they pay: all or none."""
    return float(prompt == "before")


def tip_in_force(tip_usd: float, observed_before: float, before: float, left_after: float) -> float:
    """Return the mean tip, the observed one where customers are asked as they were then, $.

    Parameters
    ----------
    tip_usd
        As observed.
    observed_before, before
        Shares of orders whose customers are asked before they pay, then and now.
    left_after
        What is left of a tip for which customers are asked only afterwards, in (0, 1].
    """
    if before == observed_before:
        return tip_usd
    now, then = (share + (1 - share) * left_after for share in (before, observed_before))
    return tip_usd * now / then
