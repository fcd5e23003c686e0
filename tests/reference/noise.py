"""Numbers that belong to a tuple of integers, by SplitMix64 in plain integers (docs/odd.md, randomness)."""

MASK = 2**64 - 1


def mixed(key: int, *numbers: int) -> int:
    """Return the 64-bit integer of a tuple."""
    state = key
    for number in numbers:
        z = state ^ ((number + 1) * 0x9E3779B97F4A7C15 & MASK)
        z = ((z ^ z >> 30) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ z >> 27) * 0x94D049BB133111EB) & MASK
        state = z ^ z >> 31
    return state


def uniform(key: int, *numbers: int) -> float:
    """Return the number in (0, 1) of a tuple: its highest 53 bits, at the middle of their cell."""
    return ((mixed(key, *numbers) >> 11) + 0.5) / 2**53
