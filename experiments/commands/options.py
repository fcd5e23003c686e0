"""What the subcommands share: their help, their options, and how every program ends."""

import os
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from galleria.models.errors import UsageError

DIR = click.Path(path_type=Path)

config_dir = click.option("--config-dir", "-cd", type=DIR, metavar="DIR", help="A folder of your own YAML files.")


def _keep_plugins(_: click.Context, __: click.Parameter, folders: tuple[Path, ...]) -> None:
    """Name own modules in the environment, which the processes that do the runs read too."""
    if folders:
        from galleria.agents.kernel.plugins import FOLDERS

        os.environ[FOLDERS] = os.pathsep.join(str(folder.resolve()) for folder in folders)


plugins = click.option(
    "--plugins",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="DIR",
    multiple=True,
    expose_value=False,
    callback=_keep_plugins,
    help="A folder whose Python files are imported: your own policies, rules, measures, figures (repeatable).",
)
as_csv = click.option("--csv", is_flag=True, help="Print comma-separated values instead of a table.")
as_json = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
folder = click.argument("folder", type=DIR, metavar="DIR")

HELP: dict[str, Any] = {"help_option_names": ["-h", "--help"]}
"""Settings of every command's context."""


def command(examples: str, name: str | None = None) -> Callable[[Callable[..., Any]], click.Command]:
    """Return a decorator that makes a function a command, with `--debug`, and examples under its options."""
    debug = click.option(
        "--debug", is_flag=True, expose_value=False, callback=_keep_debug, help="Show the traceback of an error."
    )
    make = click.command(name, context_settings=HELP, epilog=f"\b\nexamples:\n{examples}")
    return lambda function: make(debug(function))


def _keep_debug(context: click.Context, _: click.Parameter, value: bool) -> None:  # noqa: FBT001 (Click's interface)
    context.meta["debug"] = value


def complete_override(context: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Complete KEY=VALUE: keys of the configuration, and the choices of a config group."""
    from galleria.experiments.design.compose import CONF, Source, composer
    from galleria.experiments.design.trees import key_paths

    before = [*(context.params.get("overrides") or ()), incomplete]
    if before[-1] == "=":
        before.append("")
    key, equals, value = incomplete.partition("=")
    if len(before) > 2 and before[-2] == "=":  # a shell that takes "=" for the end of a word
        key, equals, value = before[-3], "", before[-1]
        with composer(Source(CONF, extra=context.params.get("config_dir"))) as composing:
            return [name for name in composing.options(key) if name.startswith(value)]
    with composer(Source(CONF, extra=context.params.get("config_dir"))) as composing:
        if equals:
            return [f"{key}={name}" for name in composing.options(key) if name.startswith(value)]
        return [f"{name}=" for name in key_paths(composing.compose(())) if name.startswith(key)]


overrides = click.argument("overrides", nargs=-1, metavar="[KEY=VALUE]...", shell_complete=complete_override)


def run_program(program: click.Command, arguments: Sequence[str], name: str, carried: object = None) -> int:
    """Run a program and say in one paragraph what went wrong.

    Parameters
    ----------
    program
        What is run.
    arguments
        Its command line.
    name
        As it is called.
    carried
        What the program finds as its context's object.

    Returns
    -------
    Exit code: 0, or 1 when it ran and failed, or 2 for wrong usage or configuration.
    """
    try:
        return program.main(list(arguments), name, standalone_mode=False, obj=carried) or 0
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return 2
    except click.ClickException as error:
        context = getattr(error, "ctx", None)
        path = name if context is None else context.command_path
        click.echo(f"galleria: {error.format_message()} ({path} --help tells more)", err=True)
        return 2
    except click.Abort:
        click.echo("galleria: interrupted", err=True)
        return 1
    except Exception as error:  # noqa: BLE001 (the last resort: one paragraph instead of a traceback)
        if "--debug" in arguments:
            traceback.print_exc(file=sys.stderr)
        wrong = isinstance(error, UsageError)
        what = str(error) if wrong else f"{type(error).__name__}: {error} (--debug shows where)"
        click.echo(f"galleria: {what}", err=True)
        return 2 if wrong else 1
