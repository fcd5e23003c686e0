"""`galleria run` and `galleria sweep`: one design point, and a design of many."""

from collections.abc import Callable
from typing import Any

import click

from galleria.experiments.commands.options import command, config_dir, overrides, plugins

KINDS = click.Choice(["job", "hydra", "all"])
"""What of a configuration can be shown."""

INFO = click.Choice(["all", "config", "defaults", "defaults-tree", "plugins", "searchpath"])
"""What Hydra can say of itself."""


def _mean_sweep(context: click.Context, _: click.Parameter, value: bool) -> None:  # noqa: FBT001 (Click's interface)
    if value and context.info_name == "run":
        raise click.UsageError("galleria sweep does what Hydra's --multirun does")


def _shared[F: Callable[..., Any]](command: F) -> F:
    """Add what both commands take."""
    for option in (
        click.option("--package", "-p", metavar="KEY", help="With --cfg: only this part of the configuration."),
        click.option("--resolve", is_flag=True, help="With --cfg: references replaced by their values."),
        click.option(
            "--info",
            "-i",
            is_flag=False,
            flag_value="all",
            type=INFO,
            metavar="WHAT",
            help="Show Hydra's view: defaults, plugins ...",
        ),
        click.option("--cfg", "-c", type=KINDS, help="Show the configuration; run nothing."),
        click.option("--quiet", is_flag=True, help="No progress, no findings."),
        click.option("--config-name", "-cn", metavar="NAME", help="Compose from NAME.yaml instead of config.yaml."),
        click.option("--multirun", "-m", is_flag=True, hidden=True, expose_value=False, callback=_mean_sweep),
        config_dir,
        plugins,
        overrides,
    ):
        command = option(command)
    return command


class PartType(click.ParamType[tuple[int, int]]):
    """A part of a sweep: I/N with 1 <= I <= N."""

    name = "part"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        """Return which part, of how many."""
        if isinstance(value, tuple):
            return value
        number, _, parts = str(value).partition("/")
        if not (number.isdigit() and parts.isdigit() and 1 <= int(number) <= int(parts)):
            self.fail(f"{value} is not of the form I/N with 1 <= I <= N, such as 2/3", param, ctx)
        return int(number), int(parts)


@command(
    "  galleria run\n"
    "  galleria run drivers.pool=300 run.replications=10 run.tables=all\n"
    "  galleria run city=file city.path=graph.graphml.gz city.malls=malls.csv\n"
    "  galleria run market=rivals --cfg job --package couriers"
)
@_shared
def run(**given: Any) -> int:
    """Run one design point, all its replications.

    KEY=VALUE is what differs from conf/, as Hydra takes it; options may stand between.
    """
    return _execute(given, multirun=False)


@command(
    "  galleria sweep experiment=driver_supply_x_opt_in\n"
    "  galleria sweep drivers.pool=100,200 retailers.opt_in.share=0.2,0.8\n"
    "  galleria sweep experiment=driver_supply_x_opt_in hydra.launcher.n_jobs=8\n"
    "  galleria sweep experiment=driver_supply_x_opt_in --dry-run"
)
@_shared
@click.option("--dry-run", is_flag=True, help="Print the plan and run nothing.")
@click.option("--retry-failed", is_flag=True, help="Do failed runs again.")
@click.option(
    "--part",
    type=PartType(),
    default=(1, 1),
    metavar="I/N",
    help="Do the I-th of N parts here (others elsewhere; then merge).",
)
def sweep(**given: Any) -> int:
    """Run a designed sweep; run again, it continues.

    After any interruption the same command does what is missing. KEY=VALUE is what differs from conf/, as Hydra
    takes it; options may stand between.
    """
    return _execute(given, multirun=True)


def _execute(given: dict[str, Any], *, multirun: bool) -> int:
    from galleria.experiments.design.compose import CONF, Source
    from galleria.experiments.design.show import show_if_asked
    from galleria.experiments.galleria import Galleria
    from galleria.experiments.sweep.command import Command
    from galleria.experiments.sweep.execute import execute
    from galleria.experiments.sweep.worker import Part

    source = Source(CONF, name=given["config_name"] or "config", extra=given["config_dir"])
    if show_if_asked(
        source, given["overrides"], **{name: given[name] for name in ("info", "cfg", "package", "resolve")}
    ):
        return 0
    command = Command(
        overrides=given["overrides"],
        multirun=multirun,
        source=source,
        quiet=given["quiet"],
        dry_run=given.get("dry_run", False),
        retry_failed=given.get("retry_failed", False),
        part=Part(*given.get("part", (1, 1))),
        debug=click.get_current_context().meta["debug"],
    )
    return execute(command, Galleria())
