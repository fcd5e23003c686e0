"""A registry: what a config finds by name, in this package or in others (`galleria.agents.kernel.plugins`)."""

from collections.abc import Iterator
from difflib import get_close_matches

from galleria.agents.kernel.plugins import load_plugins


class Registry[T]:
    """Entries by name, in the order in which they were added.

    Whoever looks into it meets the entries of plugins too: they are imported before all is listed, and when a name
    is not there.

    Parameters
    ----------
    kind
        What an entry is called in messages: "policy", "dispatch rule".
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._entries: dict[str, T] = {}

    def add(self, name: str, entry: T) -> T:
        """Add an entry and return it.

        Raises
        ------
        ValueError
            If another entry has the name; the same one, loaded again, takes its place.
        """
        there = self._entries.get(name, entry)
        if _origin(there) != _origin(entry):
            raise ValueError(f"there is a {self.kind} {name!r} already, {_origin(there)}; give yours another name")
        self._entries[name] = entry
        return entry

    def __getitem__(self, name: str) -> T:
        """Look an entry up.

        Raises
        ------
        ValueError
            If there is none of that name; the message names the nearest, and all there are.
        """
        if name not in self:
            near = get_close_matches(name, self._entries, n=1)
            guess = f"did you mean {near[0]}? " if near else ""
            raise ValueError(
                f"there is no {self.kind} {str(name)[:60]!r}; {guess}there are {', '.join(sorted(self._entries))}; "
                "your own come by --plugins FOLDER, an installed package's by an entry point of the group 'galleria'"
            )
        return self._entries[name]

    def __contains__(self, name: object) -> bool:
        """Return whether there is an entry of that name."""
        if name not in self._entries:
            load_plugins()
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names."""
        load_plugins()
        return iter(tuple(self._entries))

    def values(self) -> tuple[T, ...]:
        """Return all entries."""
        load_plugins()
        return tuple(self._entries.values())


def _origin(entry: object) -> str:
    """Return where an entry was defined; entries that do not know it count as different."""
    module, name = getattr(entry, "__module__", None), getattr(entry, "__qualname__", None)
    return f"{module}.{name}" if module and name else repr(entry)
