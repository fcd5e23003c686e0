"""Markets for tests: those of the verification's rows, a busy town, and policies as their files state them."""

from functools import lru_cache
from typing import Any

from omegaconf import OmegaConf

from galleria.experiments.design.compose import CONF
from galleria.experiments.verification.worlds import city_of, market_of, run_of, settings_of

__all__ = ["BUSY_TOY", "city_of", "market_of", "policy_in_file", "run_of", "settings_of"]

BUSY_TOY = ("city=toy", "city.households=400", "customers.occasions_per_household_day=1.0", "drivers.pool=60")
"""Four hundred orders' worth of shopping on nine corners: small enough to recompute, busy enough to queue."""


@lru_cache
def policy_in_file(policy: str) -> dict[str, Any]:
    """Read a policy's file, without Hydra, which takes longer than a run."""
    read = OmegaConf.to_container(OmegaConf.load(CONF / "policy" / f"{policy}.yaml"))
    assert isinstance(read, dict)
    return {str(key): value for key, value in read.items()}
