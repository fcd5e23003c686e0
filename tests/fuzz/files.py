"""YAML that a stranger might hand over: policies and experiments that are lists, numbers, binary, or bombs."""

import random
from pathlib import Path

_BREAK = "\n====\n"
_HERE = Path(__file__).parent

_LISTS = "a0: &a0 [x, x]\n" + "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12))
_MAPPINGS = "b0: &b0 {k: x}\n" + "\n".join(
    f"b{n}: &b{n} {{{', '.join(f'k{i}: *b{n - 1}' for i in range(9))}}}" for n in range(1, 12)
)

POLICIES: tuple[bytes, ...] = (
    *(text.encode() for text in (_HERE / "policies.txt").read_text(encoding="utf-8").split(_BREAK)),
    *(b"", b"\n", b"\tmine: 1", b"mine: {kind: neutral}\r\n", "\ufeffmine: {kind: neutral}".encode()),
    *(b"\xff\xfe\x00\x01binary\x00", b"\x00" * 100, b"mine: \x80", b"\x1f\x8b\x08\x00", b"%PDF-1.4"),
    *("mine: {kind: \u202eneutral}".encode(), b"mine: {kind: " + b"n" * 5000 + b"}", b"k: 1\n" * 5_000, b"x" * 200_000),
    *(_LISTS.encode(), _MAPPINGS.encode(), b"mine: " + b"[" * 500 + b"]" * 500, b"mine: " + b"{a: " * 300 + b"}" * 300),
)
"""Contents of conf/policy/mine.yaml."""

EXPERIMENTS: tuple[bytes, ...] = tuple(
    f"# @package _global_\n{text}".encode()
    for text in (_HERE / "experiments.txt").read_text(encoding="utf-8").split(_BREAK)
)
"""Contents of conf/experiment/mine.yaml."""


def file_of(chance: random.Random) -> tuple[str, bytes]:
    """Draw a config group and what its file `mine.yaml` holds, sometimes with a few bytes changed."""
    group = chance.choice(("policy", "policy", "experiment"))
    content = bytearray(chance.choice(POLICIES if group == "policy" else EXPERIMENTS))
    if content and chance.random() < 0.3:
        for _ in range(chance.randint(1, 3)):
            content[chance.randrange(len(content))] = chance.randrange(256)
    return group, bytes(content)
