"""Mesa's page in the browser can be built on a market and stepped, where the extra `view` is installed."""

import pytest

from tests.market_worlds import BUSY_TOY, city_of, settings_of

solara = pytest.importorskip("solara", reason="needs the extra view")


def test_a_page_is_rendered() -> None:
    from mesa.visualization import SolaraViz, make_plot_component  # noqa: PLC0415 (imports solara)

    from models.market import Market  # noqa: PLC0415

    settings = settings_of(*BUSY_TOY)
    market = Market(settings, city_of(settings.city), collect=True)
    market.run_until(36_000)
    page = SolaraViz(market, components=[make_plot_component({"drivers_online": "tab:blue"})], name="Galleria")
    box, rendered = solara.render(page, handle_error=False)
    assert box.children
    rendered.close()
