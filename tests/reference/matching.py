"""Assignment the slow way: cheapest augmenting paths by Bellman and Ford, one more pair each time."""

from math import inf

type Costs = dict[tuple[int, int], float]


def most_pairs_at_least_cost(costs: Costs) -> dict[int, int]:
    """Match as many rows as can be matched to columns, and among all such matchings take the cheapest.

    A matching of k pairs that is cheapest among all of k pairs stays so when it is improved along the cheapest
    augmenting path; when there is none, no matching is larger.

    Parameters
    ----------
    costs
        Cost of each pair that may be; pairs that are not there must not be.

    Returns
    -------
    Column of each matched row.
    """
    matched: dict[int, int] = {}
    while path := _cheapest_path(costs, matched):
        matched.update(path)
    return matched


def _cheapest_path(costs: Costs, matched: dict[int, int]) -> list[tuple[int, int]]:
    rows = sorted({row for row, _ in costs})
    holder = {column: row for row, column in matched.items()}
    to_row = {row: (inf if row in matched else 0.0) for row in rows}
    to_column: dict[int, float] = {column: inf for _, column in costs}
    came_from: dict[int, int] = {}
    changed = True
    while changed:
        changed = False
        for (row, column), cost in costs.items():
            if matched.get(row) != column and to_row[row] + cost < to_column[column] - 1e-12:
                to_column[column], came_from[column] = to_row[row] + cost, row
                changed = True
                if column in holder:
                    to_row[holder[column]] = to_column[column] - costs[holder[column], column]
    free = [column for column in sorted(to_column) if column not in holder and to_column[column] < inf]
    if not free:
        return []
    column = min(free, key=lambda each: to_column[each])
    path = []
    while True:
        row = came_from[column]
        path.append((row, column))
        if row not in matched:
            return path
        column = matched[row]


def first_come_nearest(costs: Costs) -> dict[int, int]:
    """Serve rows in order, each by the cheapest column that is left."""
    matched: dict[int, int] = {}
    for row in sorted({row for row, _ in costs}):
        left = [(cost, column) for (of, column), cost in costs.items() if of == row and column not in matched.values()]
        if left:
            matched[row] = min(left)[1]
    return matched


def strictly_in_turn(costs: Costs, rows: int) -> dict[int, int]:
    """Serve rows in order, each by the cheapest column left, and stop at the first that cannot be served."""
    matched = first_come_nearest(costs)
    served: dict[int, int] = {}
    for row in range(rows):
        if row not in matched:
            break
        served[row] = matched[row]
    return served


def drivers_choice(costs: Costs) -> dict[int, int]:
    """Let columns choose in order, each the cheapest row that is left."""
    chosen = first_come_nearest({(column, row): cost for (row, column), cost in costs.items()})
    return {row: column for column, row in chosen.items()}


def cheapest_pair_first(costs: Costs) -> dict[int, int]:
    """Make the cheapest pair of all, then the cheapest of those left, and so on."""
    matched: dict[int, int] = {}
    for (row, column), _ in sorted(costs.items(), key=lambda pair: pair[1]):
        if row not in matched and column not in matched.values():
            matched[row] = column
    return matched
