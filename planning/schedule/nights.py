"""Which work runs unattended: each routing's unattended hours shared out over its robot models."""

from collections import defaultdict
from collections.abc import Hashable, Mapping


def share_out[R: Hashable, C: Hashable](
    rows: Mapping[R, int], columns: Mapping[C, int], caps: Mapping[tuple[R, C], int]
) -> dict[tuple[R, C], int]:
    """As much of every row's amount as fits, cell by cell, within column totals and cell limits.

    A largest transport found by shortest augmenting paths (Edmonds and Karp): when all rows can be
    placed in full they are. Whole amounts in, whole amounts out; the order of the mappings decides
    among equally good answers.

    Parameters
    ----------
    rows : amount to place, by row.
    columns : most that a column takes; one that is not named takes nothing.
    caps : most that a cell takes; one that is not named takes nothing.
    """
    transport = _Transport(rows, columns, caps)
    while path := transport.path():
        transport.push(path)
    return transport.placed


class _Transport[R: Hashable, C: Hashable]:
    """What is placed so far, and what is still open."""

    def __init__(
        self, rows: Mapping[R, int], columns: Mapping[C, int], caps: Mapping[tuple[R, C], int]
    ) -> None:
        self._rows, self._columns, self._caps = dict(rows), dict(columns), caps
        self.placed = dict.fromkeys(caps, 0)
        self._of_row: dict[R, list[tuple[R, C]]] = defaultdict(list)
        self._of_column: dict[C, list[tuple[R, C]]] = defaultdict(list)
        for cell in caps:
            self._of_row[cell[0]].append(cell)
            self._of_column[cell[1]].append(cell)

    def path(self) -> list[tuple[R, C]]:
        """Cells from a row with something left to a column with room, adding and giving up in turn."""
        seen_rows = {row for row, amount in self._rows.items() if amount > 0}
        seen_columns: set[C] = set()
        front = [
            path for row in self._rows if row in seen_rows for path in self._reach(row, [], seen_columns)
        ]
        while front:
            ended = next((path for path in front if self._columns.get(path[-1][1], 0) > 0), None)
            if ended is not None:
                return ended
            front = [
                longer
                for path in front
                for cell in self._of_column[path[-1][1]]
                if cell[0] not in seen_rows and self.placed[cell] > 0
                for longer in self._reach(cell[0], [*path, cell], seen_columns, seen_rows)
            ]
        return []

    def _reach(
        self, row: R, path: list[tuple[R, C]], seen_columns: set[C], seen_rows: set[R] | None = None
    ) -> list[list[tuple[R, C]]]:
        """`path` made longer by every cell of `row` that can take more in a column not seen yet."""
        if seen_rows is not None:
            seen_rows.add(row)
        cells = [
            cell
            for cell in self._of_row[row]
            if cell[1] not in seen_columns and self.placed[cell] < self._caps[cell]
        ]
        seen_columns.update(cell[1] for cell in cells)
        return [[*path, cell] for cell in cells]

    def push(self, path: list[tuple[R, C]]) -> None:
        """Send along the path as much as its narrowest cell lets through."""
        adds, gives = path[0::2], path[1::2]
        row, column = path[0][0], path[-1][1]
        room = [self._rows[row], self._columns[column]]
        room += [self._caps[cell] - self.placed[cell] for cell in adds]
        room += [self.placed[cell] for cell in gives]
        amount = min(room)
        for cell in adds:
            self.placed[cell] += amount
        for cell in gives:
            self.placed[cell] -= amount
        self._rows[row] -= amount
        self._columns[column] -= amount
