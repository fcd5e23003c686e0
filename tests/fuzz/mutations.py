"""What the fuzzer does to a configuration: one fault in a leaf, in the structure, on the command line or in a file.

A case is drawn from its number and the seed alone, so that any can be done again by itself.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from galleria.experiments.design.trees import JsonTree

type Way = Literal["leaf", "structure", "override", "file"]

NUMBERS: tuple[Any, ...] = (
    *(float("inf"), float("-inf"), float("nan"), -1, -0.5, 0, 0.0, -0.0, 1, 2, 0.5, 1.5, 24, 100),
    *(1e-300, 1e-12, 1e-6, 1e6, 1e9, 1e12, 1e18, 1e308, 2**31, 2**63, 2**64, 10**400),
)
"""Numbers at which ranges, integers and logarithms end."""

OTHERS: tuple[Any, ...] = (
    *(None, True, False, "", " ", "none", "all", "x", "1", "1e3", "nan", "null", "doordash", "mall_direct"),
    *("no/such.file", "../../etc", "/dev/zero", "é", "\u202eabc", "店", "a\x00b", "a\nb", "${drivers.pool}x", "%s{0}"),
    *([], {}, [None], [0], [""], {"": 1}, {"x": 1}, [[1]], [1] * 24, [-1] * 24, [0] * 24, b"\xff\xfe", "2024-01-01"),
    "a" * 10_000,
)
"""Values of other types, and names that are none."""

OVERRIDES = """
KEY | KEY= | =VALUE | KEY==VALUE | +KEY=VALUE | ++KEY=VALUE | ~KEY | ~KEY=VALUE | KEY.x=VALUE | KEY=[VALUE
KEY={a: VALUE} | KEY=${KEY} | KEY=${no.such} | KEY='VALUE | KEY=VALUE,VALUE | KEY=range(0,VALUE) | KEY=range(1,9,0)
KEY=interval(1,VALUE) | KEY=glob(*) | KEY=choice(VALUE) | KEY=int(VALUE) | KEY=sort(VALUE,1) | @KEY=VALUE
KEY@x=VALUE | KEY=${oc.env:HOME} | KEY=${oc.decode:VALUE} | éKEY=VALUE | KEY=VALUE VALUE | --KEY=VALUE
"""
"""Forms of overrides, right and wrong."""

_FORMS = OVERRIDES.strip().replace("\n", " | ").split(" | ")
_WORDS = ("0", "-1", "1e400", "nan", "null", "true", "abc", "[]", "{}", "''", "'é'", "1e9", "0.5", "a/b", "../x", "$")


@dataclass(frozen=True)
class Case:
    """One mutated configuration.

    Attributes
    ----------
    number
        From which it was drawn.
    way
        What is mutated.
    key
        The dotted key that a refusal has to name; empty where any word will do.
    told
        The fault in words.
    tree
        The mutated tree, of ways `leaf` and `structure`.
    override
        The mutated override.
    file
        The YAML of a policy, market or experiment, in bytes.
    """

    number: int
    way: Way
    key: str
    told: str
    tree: JsonTree | None = None
    override: str = ""
    file: bytes = b""


def leaves(tree: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """List the paths of a tree's leaves; elements of lists are not told apart from their list."""
    if isinstance(tree, dict) and tree:
        for name, node in tree.items():
            yield from leaves(node, (*path, str(name)))
    else:
        yield path


def node_at(tree: JsonTree, path: tuple[str, ...]) -> Any:
    """Return what stands at a path; names may have dots in them."""
    node: Any = tree
    for name in path:
        node = node[name]
    return node


def number_near(value: Any, chance: random.Random) -> Any:
    """Return a number like the one that is there, or a value from the lists."""
    if isinstance(value, bool) or not isinstance(value, int | float) or chance.random() < 0.5:
        return chance.choice(NUMBERS if chance.random() < 0.6 else OTHERS)
    factor = chance.choice((-1, 0.001, 0.1, 0.5, 0.999999, 1.000001, 2, 10, 100, 1000, 1e5))
    return type(value)(value * factor) if chance.random() < 0.7 else str(value * factor)


def of_list(values: list[Any], chance: random.Random) -> Any:
    """Return a list with a fault."""
    faulty = list(values)
    what = chance.choice(("element", "short", "long", "twice", "shuffled", "none", "value"))
    if not faulty or what == "value":
        return chance.choice((*NUMBERS, *OTHERS))
    if what == "element":
        faulty[chance.randrange(len(faulty))] = number_near(faulty[0], chance)
    elif what == "short":
        faulty.pop()
    elif what in {"long", "twice"}:
        faulty.append(faulty[0] if what == "twice" else number_near(faulty[0], chance))
    elif what == "shuffled":
        chance.shuffle(faulty)
    else:
        faulty = []
    return faulty


def put(tree: JsonTree, path: tuple[str, ...], value: Any) -> JsonTree:
    """Return a tree with one node in the place of another; nothing is merged."""
    head, *rest = path
    return {**tree, head: put(tree[head], tuple(rest), value) if rest else value}


def in_leaf(number: int, tree: JsonTree, path: tuple[str, ...], chance: random.Random) -> Case:
    """Mutate a leaf."""
    old = node_at(tree, path)
    new = of_list(old, chance) if isinstance(old, list) else number_near(old, chance)
    shown = repr(new) if len(repr(new)) < 60 else repr(new)[:57] + "..."
    return Case(number, "leaf", ".".join(path), f"{'.'.join(path)} = {shown}", tree=put(tree, path, new))


def in_structure(number: int, tree: JsonTree, path: tuple[str, ...], chance: random.Random) -> Case:
    """Mutate a branch: a key left out, added, misspelt or doubled, values swapped, a branch in the place of a leaf."""
    inner, last = path[:-1], path[-1]
    branch = node_at(tree, inner)
    what = chance.choice(("left out", "unknown", "misspelt", "doubled", "swapped", "deep", "emptied", "listed"))
    others = [name for name in branch if name != last] or [last]
    new: Any = dict(branch)
    if what == "left out":
        del new[last]
    elif what == "unknown":
        new[chance.choice(("x", "", "é", "kind", "seed", "_target_", "__class__", "a.b"))] = chance.choice(OTHERS)
    elif what == "misspelt":
        new[last[::-1]] = new.pop(last)
    elif what == "doubled":
        new[f"{last}2"] = new[last]
    elif what == "swapped":
        other = chance.choice(others)
        new[last], new[other] = new[other], new[last]
    elif what == "deep":
        for _ in range(200):
            new = {last: new}
    else:
        new = {} if what == "emptied" else list(branch.values())
    key = ".".join(inner)
    return Case(number, "structure", key, f"{'.'.join(path)} {what}", tree=put(tree, inner, new) if inner else new)


def in_override(number: int, path: tuple[str, ...], chance: random.Random) -> Case:
    """Write an override in a form right or wrong."""
    form = chance.choice(_FORMS)
    text = form.replace("KEY", ".".join(path)).replace("VALUE", chance.choice(_WORDS))
    return Case(number, "override", "", text, override=text)
