"""Plugins: modules of other packages that register policies, dispatch rules and whatever else is found by name.

A package names them as entry points of the group "galleria", and they are imported before settings are read:

    [project.entry-points.galleria]
    my_policies = "my_package.policies"
"""

from importlib.metadata import entry_points

GROUP = "galleria"


def load_plugins() -> tuple[str, ...]:
    """Import the plugins of all installed packages; give their names."""
    found = tuple(sorted(entry_points(group=GROUP), key=lambda each: each.name))
    for each in found:
        each.load()
    return tuple(each.name for each in found)
