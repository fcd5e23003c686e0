"""Draw the diagrams of docs/flows.md, by `python docs/pictures/flows.py`: boxes on a grid and arrows, plain SVG."""

from html import escape
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
WIDE, HIGH = 190, 62
"""A box, px."""
STEP_X, STEP_Y = 258, 116
"""From box to box of the grid, px."""
COLOURS = {"customer": "#dbe9f6", "store": "#fdebd0", "courier": "#e3f2df", "driver": "#f3e1f1", "public": "#ececec"}


class Box(NamedTuple):
    """A box: its column and row, who acts in it, and its lines of text; the first is bold."""

    column: float
    row: float
    who: str
    lines: tuple[str, ...]


class Arrow(NamedTuple):
    """An arrow from box to box, and what goes along it."""

    start: str
    end: str
    text: str = ""


ORDER = (
    {
        "occasion": Box(0, 0, "customer", ("Occasion", "basket, tastes, hour")),
        "choice": Box(1, 0, "customer", ("Choice", "fee, quote, price, trip")),
        "none": Box(2, 0, "customer", ("Own trip, parcel,", "or nothing")),
        "order": Box(1, 1, "store", ("Order placed", "queues for a picker")),
        "ready": Box(2, 1, "store", ("Packed", "or not in stock")),
        "match": Box(1, 2, "courier", ("Matching", "bundles, cost matrix")),
        "offer": Box(2, 2, "driver", ("Offer", "pay, way, minutes")),
        "trip": Box(2, 3, "driver", ("Trip", "store, then doors")),
        "door": Box(1, 3, "customer", ("Delivered", "late or in time")),
        "quote": Box(0, 2, "courier", ("Quotes renewed", "every five minutes")),
    },
    (
        Arrow("occasion", "choice"),
        Arrow("choice", "none"),
        Arrow("choice", "order", "a courier is chosen"),
        Arrow("order", "ready", "picking"),
        Arrow("order", "match", "waits"),
        Arrow("match", "offer"),
        Arrow("offer", "trip", "accepted"),
        Arrow("ready", "offer", "ready at"),
        Arrow("trip", "door"),
        Arrow("match", "quote", "times seen"),
        Arrow("quote", "choice"),
    ),
)
DAY = (
    {
        "open": Box(0, 0, "courier", ("Day opens", "fees, pay, lists, policies")),
        "draw": Box(1, 0, "customer", ("Occasions drawn", "tastes stay in store")),
        "shift": Box(2, 0, "driver", ("Hours chosen", "pay against reservation")),
        "step": Box(1, 1, "courier", ("Step", "while something can happen")),
        "ends": Box(0, 1, "driver", ("1. Trips end,", "shifts change")),
        "shop": Box(0, 2, "customer", ("2. Shoppers choose", "stores queue orders")),
        "match": Box(1, 2, "courier", ("3. Couriers match", "drivers answer")),
        "check": Box(2, 2, "public", ("4. Quotes, checks", "ledger sums to zero")),
        "vans": Box(0, 3, "courier", ("Day closes", "vans planned, all settled")),
        "learn": Box(1, 3, "driver", ("Beliefs updated", "hours, lateness")),
        "week": Box(2, 3, "store", ("Week closes", "stores and fees reviewed")),
    },
    (
        Arrow("open", "draw"),
        Arrow("draw", "shift"),
        Arrow("shift", "step"),
        Arrow("step", "ends"),
        Arrow("ends", "shop"),
        Arrow("shop", "match"),
        Arrow("match", "check"),
        Arrow("check", "step", "until midnight"),
        Arrow("shop", "vans", "midnight"),
        Arrow("vans", "learn"),
        Arrow("learn", "week", "seventh day"),
    ),
)
MONEY = (
    {
        "customer": Box(0, 0, "customer", ("Customer", "basket, fees, tax, tip")),
        "courier": Box(1, 0, "courier", ("Courier's firm", "keeps fees, commission")),
        "store": Box(2, 0, "store", ("Store", "keeps price less commission")),
        "driver": Box(0, 1, "driver", ("Driver", "keeps pay and tip less driving")),
        "public": Box(1, 1, "public", ("Public", "taxes, charges, subsidies")),
        "landlord": Box(2, 1, "store", ("Supplier, landlord", "cost of goods, rent")),
        "road": Box(0, 2, "public", ("Used up", "driving, shifts, support")),
    },
    (
        Arrow("customer", "courier", "bill"),
        Arrow("courier", "store", "sales"),
        Arrow("courier", "driver", "pay, tip"),
        Arrow("courier", "public", "taxes"),
        Arrow("driver", "public", "charges"),
        Arrow("store", "landlord"),
        Arrow("driver", "road", "kilometres"),
    ),
)
DIAGRAMS = {"order": ORDER, "day": DAY, "money": MONEY}


def svg(boxes: dict[str, Box], arrows: tuple[Arrow, ...]) -> str:
    """Return a diagram as SVG."""
    width = int(max(box.column for box in boxes.values()) * STEP_X + WIDE + 32)
    height = int(max(box.row for box in boxes.values()) * STEP_Y + HIGH + 32)
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    letters = 'font-family="Helvetica, Arial, sans-serif" font-size="13"'
    marker = 'id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} {letters}>',
        f'<defs><marker {marker}><path d="M0 0 L8 4 L0 8 z" fill="#444"/></marker></defs>',
        f'<rect width="{width}" height="{height}" rx="8" fill="#ffffff"/>',
    ]
    parts += [_arrow(boxes[each.start], boxes[each.end], each.text) for each in arrows]
    parts += [_box(each) for each in boxes.values()]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _corner(box: Box) -> tuple[float, float]:
    return 16 + box.column * STEP_X, 16 + box.row * STEP_Y


def _box(box: Box) -> str:
    x, y = _corner(box)
    text = "".join(
        f'<text x="{x + WIDE / 2:g}" y="{y + 27 + 19 * line:g}" text-anchor="middle"'
        f"{' font-weight=' + chr(34) + 'bold' + chr(34) if line == 0 else ''}>{escape(words)}</text>"
        for line, words in enumerate(box.lines)
    )
    shape = f'<rect x="{x:g}" y="{y:g}" width="{WIDE}" height="{HIGH}" rx="6" fill="{COLOURS[box.who]}" stroke="#777"/>'
    return shape + text


def _arrow(start: Box, end: Box, text: str) -> str:
    """Draw from border to border, along the longer way between the middles."""
    (x0, y0), (x1, y1) = _corner(start), _corner(end)
    a, b = (x0 + WIDE / 2, y0 + HIGH / 2), (x1 + WIDE / 2, y1 + HIGH / 2)
    dx, dy = b[0] - a[0], b[1] - a[1]
    share = min(WIDE / 2 / abs(dx) if dx else 9, HIGH / 2 / abs(dy) if dy else 9)
    p = (a[0] + dx * share, a[1] + dy * share)
    q = (b[0] - dx * share, b[1] - dy * share)
    line = (
        f'<path d="M{p[0]:.0f} {p[1]:.0f} L{q[0]:.0f} {q[1]:.0f}" stroke="#444" fill="none" marker-end="url(#head)"/>'
    )
    middle, at = ((p[0] + q[0]) / 2, (p[1] + q[1]) / 2), "start" if dy else "middle"
    shift = (6, 4) if dy else (0, -6)
    label = (
        f'<text x="{middle[0] + shift[0]:.0f}" y="{middle[1] + shift[1]:.0f}" text-anchor="{at}" fill="#333" '
        f'font-size="11">{escape(text)}</text>'
    )
    return line + (label if text else "")


def main() -> None:
    """Write the diagrams beside this file."""
    for name, (boxes, arrows) in DIAGRAMS.items():
        (HERE / f"{name}.svg").write_text(svg(boxes, arrows), encoding="utf-8")


if __name__ == "__main__":
    main()
