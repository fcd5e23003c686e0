"""The slow model refuses by name what it does not know."""

from typing import Any

import pytest

from tests.market_worlds import BUSY_TOY, settings_of
from tests.reference.refused import ONLY, ONLY_OF_COURIERS, at, refuse_unknown
from tests.reference.rules import Rules

PATHS = [
    *ONLY,
    "dispatch.rule",
    *(f"couriers.rival_a.{path}" for path in ONLY_OF_COURIERS["gig"]),
    *(f"couriers.warehouse.{path}" for path in ONLY_OF_COURIERS["van"]),
    "couriers.rival_b.fulfilment",
]


def settings() -> dict[str, Any]:
    return settings_of(*BUSY_TOY, "dispatch=lap").model_dump()


def test_the_usual_world_is_known() -> None:
    refuse_unknown(settings())


@pytest.mark.parametrize("path", PATHS)
def test_any_other_value_is_refused_by_name(path: str) -> None:
    changed = settings()
    branch, name = path.rsplit(".", 1)
    at(changed, branch)[name] = "another"
    with pytest.raises(ValueError, match=f"does not know {path} as"):
        refuse_unknown(changed)


@pytest.mark.parametrize("policy", ["speed_promise", "congestion_charge"])
def test_unknown_policies_are_refused_by_name(policy: str) -> None:
    given = settings_of(*BUSY_TOY, f"policy={policy}").model_dump()["policy"]
    with pytest.raises(ValueError, match=policy):
        Rules(given)
