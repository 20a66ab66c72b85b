"""Repeatable chance.

Only `random.Random.random` is promised to give the same numbers in every Python version, so every
distribution here is built on it. Each matter has its own stream, named by words: turning one dial does
not reshuffle the rest of the company.
"""

import math
import random
from collections.abc import Sequence

SEED = "takt demo company 1"


class Chance:
    """A stream of chance named by words."""

    def __init__(self, *words: object) -> None:
        self._random = random.Random("/".join([SEED, *map(str, words)]))

    def between(self, low: float, high: float) -> float:
        """Evenly between two numbers."""
        return low + (high - low) * self._random.random()

    def whole(self, low: int, high: int) -> int:
        """A whole number from low to high, both possible."""
        return low + int(self._random.random() * (high - low + 1))

    def happens(self, probability: float) -> bool:
        """Whether something of this probability happens."""
        return self._random.random() < probability

    def pick[T](self, things: Sequence[T]) -> T:
        """One of the things, all equally likely."""
        return things[self.whole(0, len(things) - 1)]

    def weighted(self, weights: Sequence[float]) -> int:
        """A position, as likely as its weight."""
        mark = self._random.random() * math.fsum(weights)
        for position, weight in enumerate(weights):
            mark -= weight
            if mark < 0:
                return position
        return len(weights) - 1

    def poisson(self, mean: float) -> int:
        """A count of this mean (Knuth's product of uniforms, in steps that cannot underflow)."""
        count = 0
        while mean > 0:
            step = min(mean, 50.0)
            limit, product = math.exp(-step), self._random.random()
            while product > limit:
                count += 1
                product *= self._random.random()
            mean -= step
        return count

    def demand(self, mean: float, spread: float) -> int:
        """A week's demand: a count whose mean itself varies by `spread` (a share of the mean)."""
        bell = math.fsum(self._random.random() for _ in range(12)) - 6.0
        return self.poisson(mean * max(0.2, 1.0 + spread * bell))
