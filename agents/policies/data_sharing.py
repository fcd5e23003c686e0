"""Data sharing: couriers must tell drivers what trips will pay and take, and what all drivers earn."""

from agents.parameters import Share
from agents.policy import PhasedSettings, Policy, policy


class DataSharingSettings(PhasedSettings):
    """Share of the noise in drivers' answers that stays, and how far they learn what the whole pool earned."""

    noise_left: Share
    shared_earnings: Share


@policy("data_sharing")
class DataSharing(Policy[DataSharingSettings]):
    """Makes drivers' answers to offers surer, and their beliefs those of the pool."""

    Settings = DataSharingSettings

    def acceptance(self, scale_usd: float) -> float:
        """Lower the scale of the noise of answers."""
        return scale_usd * self.settings.noise_left

    def shared_earnings(self, share: float) -> float:
        """Let drivers learn from the pool's earnings at least so far."""
        return max(share, self.settings.shared_earnings)
