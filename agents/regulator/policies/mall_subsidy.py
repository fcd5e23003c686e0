"""Mall subsidies: public money for stores that sell through mall-direct, by the order or by the week."""

from galleria.agents.kernel.parameters import NonNegative
from galleria.agents.regulator.policy import PhasedSettings, Policy, Subsidy, policy


class MallSubsidySettings(PhasedSettings):
    """Amount per delivered order, per week on mall-direct, and what may be spent in all."""

    usd_per_order: NonNegative
    usd_per_week: NonNegative
    budget_usd: NonNegative | None


@policy("mall_subsidy")
class MallSubsidy(Policy[MallSubsidySettings]):
    """Pays the stores until the budget is spent; the last day may go beyond it."""

    Settings = MallSubsidySettings

    def subsidy(self, subsidy: Subsidy, spent_usd: float) -> Subsidy:
        """Add this policy's amounts while there is money."""
        if self.settings.budget_usd is not None and spent_usd >= self.settings.budget_usd:
            return subsidy
        return Subsidy(
            subsidy.usd_per_order + self.settings.usd_per_order, subsidy.usd_per_week + self.settings.usd_per_week
        )
