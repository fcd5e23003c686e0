"""Mesa's page in the browser plays, steps and resets a market, where the extra `view` is installed."""

from time import monotonic, sleep
from typing import Any

import pytest

from galleria.models.market import Market
from tests.market_worlds import BUSY_TOY, city_of, settings_of

solara = pytest.importorskip("solara", reason="needs the extra view: make view")


def test_a_page_steps_resets_and_plays_the_market() -> None:
    """As a Mesa user writes it, and presses its buttons."""
    import ipyvuetify  # noqa: PLC0415 (comes with solara)
    from mesa.visualization import SolaraViz, make_plot_component  # noqa: PLC0415 (imports solara)

    settings = settings_of(*BUSY_TOY)
    parameters: dict[str, Any] = {"settings": settings, "city": city_of(settings.city), "collect": True}
    shown: Any = solara.reactive(Market(**parameters))
    first = shown.value
    plot = make_plot_component({"drivers_online": "tab:blue"})
    page = SolaraViz(shown, components=[plot], model_params=parameters, name="Galleria")
    _, rendered = solara.render(solara.AppLayout(children=[page]), handle_error=False)

    def press(label: str) -> None:
        rendered.find(ipyvuetify.Btn, children=[label]).widget.click()

    press("Step")
    press("Step")
    assert first.steps == 2
    assert first.time > 0
    press("Reset")
    assert shown.value is not first
    assert shown.value.steps == 0
    press("Step")
    assert shown.value.steps == 1
    press("▶")
    until = monotonic() + 60
    while shown.value.steps < 10 and monotonic() < until:
        sleep(0.05)  # it plays in a thread of its own
    press("❚❚")
    assert shown.value.steps >= 10
    rendered.close()
