"""Where areas stand on a map of hexagons: one for each area, all of one size, near its place.

A map of boundaries shows land, so the few large districts of the country outshine the many small ones of the cities,
where most children are born. Here each area has the same room. Two steps: points are spread until neighbours stand one
hexagon apart, each in the direction in which it lies (the least squares of a net of springs); then each point is
given a hexagon of its own so that the sum of squared distances is least (an assignment, by shortest augmenting paths).
Places of one group, such as a region, that the second step parts are exchanged until the group is whole.

Everything is exact and in a fixed order: the same points give the same map.
"""

import math
from collections import defaultdict
from collections.abc import Mapping

ROW_HEIGHT = math.sqrt(3) / 2
# How many other areas are looked at as possible neighbours, and how often springs are relaxed.
_NEAREST = 14
_ROUNDS = 400
# How many hexagons away an area may change its place in one exchange.
_REACH = 3
# Hexagons stand a little closer than the points, so that none within the country is left empty.
_CLOSER = 0.94


def hexagon_positions(
    points: Mapping[str, tuple[float, float]], groups: Mapping[str, str | None]
) -> dict[str, tuple[int, int]]:
    """Give each area a hexagon.

    Args:
        points: longitude and latitude of each area, in degrees.
        groups: the group that each area belongs to; None, or no entry, for none.

    Returns:
        Column and row of each area, from 0; rows run from north to south, odd rows stand half a hexagon to the right.
    """
    codes = sorted(points)
    if not codes:
        return {}
    spread = _spread(_on_a_plane([points[code] for code in codes]))
    spread = [(x * _CLOSER, y * _CLOSER) for x, y in spread]
    cells = _cells_around(spread)
    costs = [[(x - cell_x) ** 2 + (y - cell_y) ** 2 for cell_x, cell_y in map(centre, cells)] for x, y in spread]
    taken = _join_groups([cells[place] for place in _assign(costs)], [groups.get(code) for code in codes], spread)
    left, top = min(column for column, _ in taken), min(row for _, row in taken)
    # Odd rows stay odd, whatever is cut off at the top.
    top -= top % 2
    return {code: (column - left, row - top) for code, (column, row) in zip(codes, taken, strict=True)}


def _on_a_plane(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Degrees to a plane that keeps directions about the middle of the points; north is up, y runs down."""
    middle = sum(latitude for _, latitude in points) / len(points)
    shrink = math.cos(math.radians(middle))
    plane = [(longitude * shrink, -latitude) for longitude, latitude in points]
    # Points of one place are drawn apart a little, in their order, so that each has a direction from the other.
    seen: dict[tuple[float, float], int] = defaultdict(int)
    apart = []
    for x, y in plane:
        times = seen[x, y]
        seen[x, y] += 1
        apart.append((x + 1e-5 * times, y + 1e-5 * times**2))
    return apart


def _neighbours(points: list[tuple[float, float]]) -> list[list[int]]:
    """To each point those that no third point stands between (Gabriel's graph): its neighbours, both ways."""
    near = [
        sorted(
            (other for other in range(len(points)) if other != place),
            key=lambda other, place=place: (math.dist(points[place], points[other]), other),
        )[:_NEAREST]
        for place in range(len(points))
    ]
    found: list[set[int]] = [set() for _ in points]
    for place, others in enumerate(near):
        for other in others:
            middle = tuple((one + two) / 2 for one, two in zip(points[place], points[other], strict=True))
            radius = math.dist(points[place], points[other]) / 2
            if all(math.dist(middle, points[third]) >= radius - 1e-12 for third in others if third != other):
                found[place].add(other)
                found[other].add(place)
    return [sorted(others) for others in found]


def _spread(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Points moved so that neighbours stand one apart, each in its direction, and none closer than that."""
    beside = _neighbours(points)
    wanted = [
        [
            tuple(
                (one - two) / math.dist(points[place], points[other])
                for one, two in zip(points[place], points[other], strict=True)
            )
            for other in others
        ]
        for place, others in enumerate(beside)
    ]
    lengths = sorted(math.dist(points[place], points[other]) for place, others in enumerate(beside) for other in others)
    scale = 1 / lengths[len(lengths) // 2] if lengths else 1
    moved = [(x * scale, y * scale) for x, y in points]
    for _ in range(_ROUNDS):
        for place, others in enumerate(beside):
            if others:
                moved[place] = tuple(
                    sum(moved[other][axis] + unit[axis] for other, unit in zip(others, wanted[place], strict=True))
                    / len(others)
                    for axis in (0, 1)
                )
        moved = _pushed_apart(moved)
    return moved


def _pushed_apart(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Points that stand closer than one are moved half of what is missing, each a half of it."""
    by_square = defaultdict(list)
    for place, (x, y) in enumerate(points):
        by_square[math.floor(x), math.floor(y)].append(place)
    pushed = [list(point) for point in points]
    for place, (x, y) in enumerate(points):
        for column in (-1, 0, 1):
            for row in (-1, 0, 1):
                for other in by_square.get((math.floor(x) + column, math.floor(y) + row), ()):
                    distance = math.dist(points[place], points[other])
                    if other > place and 1e-9 < distance < 1:
                        for axis in (0, 1):
                            push = (points[place][axis] - points[other][axis]) / distance * (1 - distance) / 4
                            pushed[place][axis] += push
                            pushed[other][axis] -= push
    return [tuple(point) for point in pushed]


def centre(cell: tuple[int, int]) -> tuple[float, float]:
    """The middle of a hexagon, of which the distance to the next is one."""
    column, row = cell
    return (column + (row % 2) / 2, row * ROW_HEIGHT)


def _cells_around(points: list[tuple[float, float]]) -> list[tuple[int, int]]:
    """Every hexagon within two of a point; for a single crowd of points so many that each finds one."""
    reach, cells = 2.0, set()
    while len(cells) < len(points) or reach == 2.0:
        for x, y in points:
            for row in range(math.floor((y - reach) / ROW_HEIGHT), math.ceil((y + reach) / ROW_HEIGHT) + 1):
                for column in range(math.floor(x - reach) - 1, math.ceil(x + reach) + 1):
                    if math.dist(centre((column, row)), (x, y)) <= reach:
                        cells.add((column, row))
        reach += 1
    return sorted(cells)


def _assign(costs: list[list[float]]) -> list[int]:
    """To each row a column of its own so that the sum of the costs is least: shortest augmenting paths with potentials.

    Args:
        costs: one row for each area, at least as many columns.

    Returns:
        The column of each row.
    """
    columns = len(costs[0])
    of_column, of_row = [-1] * columns, [-1] * len(costs)
    row_potential, column_potential = [0.0] * len(costs), [0.0] * columns
    for first in range(len(costs)):
        shortest, before = [math.inf] * columns, [-1] * columns
        left, visited = set(range(columns)), []
        row, length = first, 0.0
        while True:
            of_costs, base = costs[row], length - row_potential[row]
            best, at = math.inf, -1
            for column in left:
                reached = base + of_costs[column] - column_potential[column]
                if reached < shortest[column]:
                    shortest[column], before[column] = reached, row
                if shortest[column] < best or (shortest[column] == best and column < at):
                    best, at = shortest[column], column
            length = best
            left.discard(at)
            if of_column[at] < 0:
                break
            visited.append(at)
            row = of_column[at]
        row_potential[first] += length
        for column in visited:
            row_potential[of_column[column]] += length - shortest[column]
            column_potential[column] -= length - shortest[column]
        while at >= 0:
            row = before[at]
            of_column[at] = row
            of_row[row], at = at, of_row[row]
            if row == first:
                break
    return of_row


def _cells_beside(cell: tuple[int, int]) -> list[tuple[int, int]]:
    """The six hexagons that touch one."""
    column, row = cell
    shift = row % 2
    return [
        *((column - 1, row), (column + 1, row)),
        *((column - 1 + shift, row - 1), (column + shift, row - 1)),
        *((column - 1 + shift, row + 1), (column + shift, row + 1)),
    ]


def parts_of_groups(cells: list[tuple[int, int]], groups: list[str | None]) -> dict[str, list[list[int]]]:
    """To each group its parts, as places of the list: hexagons of the group that touch are of one part. The largest
    comes first."""
    of_cell = {cell: place for place, cell in enumerate(cells)}
    parts: dict[str, list[list[int]]] = defaultdict(list)
    seen = set()
    for first, group in enumerate(groups):
        if group is None or first in seen:
            continue
        part, waiting = [], [first]
        seen.add(first)
        while waiting:
            place = waiting.pop()
            part.append(place)
            for beside in _cells_beside(cells[place]):
                other = of_cell.get(beside)
                if other is not None and other not in seen and groups[other] == group:
                    seen.add(other)
                    waiting.append(other)
        parts[group].append(sorted(part))
    return {group: sorted(found, key=lambda part: (-len(part), part)) for group, found in parts.items()}


def _apart(cells: list[tuple[int, int]], groups: list[str | None]) -> tuple[int, float]:
    """How far from whole the groups are: the parts beyond the first of each, and the gaps between them and it."""
    further, gaps = 0, 0.0
    for first, *others in parts_of_groups(cells, groups).values():
        further += len(others)
        for part in others:
            gaps += min(math.dist(centre(cells[one]), centre(cells[two])) for one in first for two in part)
    return further, round(gaps, 9)


def _join_groups(
    cells: list[tuple[int, int]], groups: list[str | None], points: list[tuple[float, float]]
) -> list[tuple[int, int]]:
    """Exchange hexagons, or take empty ones, until each group is whole, or no exchange brings its parts nearer.

    Each time the exchange is made that leaves the fewest parts, with the least gaps, and moves areas the least. One of
    a group that is in parts changes place with any area within reach.
    """

    def squared(place: int, cell: tuple[int, int]) -> float:
        return math.dist(centre(cell), points[place]) ** 2

    now = _apart(cells, groups)
    while now[0]:
        of_cell = {cell: place for place, cell in enumerate(cells)}
        in_parts = [
            place for found in parts_of_groups(cells, groups).values() if found[1:] for part in found for place in part
        ]
        best = None
        for place in sorted(in_parts):
            nearby = {cells[place]}
            for _ in range(_REACH):
                nearby |= {beside for cell in nearby for beside in _cells_beside(cell)}
            for cell in sorted(nearby - {cells[place]}):
                other = of_cell.get(cell)
                if other is not None and groups[other] == groups[place]:
                    continue
                tried = list(cells)
                tried[place] = cell
                cost = squared(place, cell) - squared(place, cells[place])
                if other is not None:
                    tried[other] = cells[place]
                    cost += squared(other, cells[place]) - squared(other, cell)
                found = (*_apart(tried, groups), cost)
                if best is None or found < best[0]:
                    best = (found, tried)
        if best is None or best[0][:2] >= now:
            break
        now, cells = best[0][:2], best[1]
    return cells
