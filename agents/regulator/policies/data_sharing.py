"""Data sharing: couriers must tell drivers what trips pay and take, what all drivers earn, and where waiting pays."""

from typing import Annotated

from pydantic import Field

from galleria.agents.kernel.parameters import Share
from galleria.agents.regulator.policy import PhasedSettings, Policy, policy


class DataSharingSettings(PhasedSettings):
    """Noise left in drivers' answers, how far they learn what all earned, and how strongly they heed the map."""

    noise_left: Share
    shared_earnings: Share
    map_theta_per_usd: Annotated[float, Field(ge=0, le=10)]


@policy("data_sharing")
class DataSharing(Policy[DataSharingSettings]):
    """Makes drivers' answers surer, their beliefs those of the pool, and sends them where waiting is worth most."""

    Settings = DataSharingSettings

    def acceptance(self, scale_usd: float) -> float:
        """Lower the scale of the noise of answers."""
        return scale_usd * self.settings.noise_left

    def relocation(self, theta_per_usd: float) -> float:
        """Let idle drivers go by the map at least so strongly."""
        return max(theta_per_usd, self.settings.map_theta_per_usd)

    def shared_earnings(self, share: float) -> float:
        """Let drivers learn from the pool's earnings at least so far."""
        return max(share, self.settings.shared_earnings)
