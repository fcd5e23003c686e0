"""From a script or a notebook to a market, in one line.

from galleria.experiments.scripting import market

town = market(["city=toy", "drivers.pool=60"])
outcome = town.run()
"""

from collections.abc import Sequence
from pathlib import Path

from galleria.experiments.design.one_node import one_tree
from galleria.models.city import build_city
from galleria.models.market import Market
from galleria.models.settings.tree import Settings
from galleria.models.settings.validation import validate
from galleria.models.simulate import open_market


def settings(overrides: Sequence[str] = (), *, config_dir: Path | None = None) -> Settings:
    """Return the settings of one design point.

    Parameters
    ----------
    overrides
        As on a command line: `["city=grid", "drivers.pool=300", "policy=min_pay_seattle"]`.
    config_dir
        A researcher's own folder of YAML.

    Raises
    ------
    UsageError
        With all problems: unknown keys, values out of range, overrides that name several values.
    """
    tree = one_tree(overrides, "a script", config_dir)
    return validate({name: node for name, node in tree.items() if name in Settings.model_fields})


def market(overrides: Sequence[str] = (), *, replication: int = 0, rng: int | None = None) -> Market:
    """Make a market that has not run, and that collects its series, in its city, which is built or read from the cache.

    Parameters
    ----------
    overrides
        As on a command line.
    replication, rng
        See `Market`.

    Raises
    ------
    UsageError
        With all problems.
    """
    point = settings(overrides)
    return open_market(point, build_city(point.city), replication, rng=rng, collect=True)
