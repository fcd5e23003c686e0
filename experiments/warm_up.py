"""Compile the kernels, build the default city's tables and find the fonts, so that the first experiment need not wait.

    python -m galleria.experiments.warm_up

All are kept (the kernels beside the code, tables and fonts in the user's cache); a second call takes a few seconds.
"""

import matplotlib.font_manager  # noqa: F401  # lists the fonts when it is first imported

from galleria.experiments.design.compose import CONF, Source, composer
from galleria.experiments.design.interpolation import resolved
from galleria.experiments.design.trees import with_value
from galleria.models.city import build_city
from galleria.models.settings.validation import settings_in
from galleria.models.simulate import simulate


def main() -> None:
    """Run a day of a small market in the default city."""
    with composer(Source(CONF)) as opened:
        tree = opened.compose(())
    tree = with_value(with_value(tree, "customers.calibration.sample", 1000), "drivers.pool", 50)
    settings = settings_in(resolved(tree))
    simulate(settings, build_city(settings.city), 0)


if __name__ == "__main__":
    main()
