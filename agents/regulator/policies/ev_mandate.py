"""Mandates of electric vehicles: the share of gig drivers' and vans' kilometres that must be electric."""

from galleria.agents.kernel.parameters import NonNegative, Share
from galleria.agents.regulator.policy import PhasedSettings, Policy, Vehicle, policy


class EvMandateSettings(PhasedSettings):
    """Electric shares of gig and van km, and what an electric km emits at the power plant, kg."""

    gig_share: Share
    van_share: Share
    gig_kg_per_km: NonNegative
    van_kg_per_km: NonNegative


@policy("ev_mandate")
class EvMandate(Policy[EvMandateSettings]):
    """Changes what a kilometre emits, and nothing else: who pays for the vehicles is left out."""

    Settings = EvMandateSettings

    def emission(self, kg_per_km: float, vehicle: Vehicle) -> float:
        """Mix electric and other kilometres; a vehicle that emits less already is left as it is."""
        gig = vehicle == "gig"
        share = self.settings.gig_share if gig else self.settings.van_share
        electric = self.settings.gig_kg_per_km if gig else self.settings.van_kg_per_km
        return kg_per_km + share * (min(electric, kg_per_km) - kg_per_km)
