"""Items of which only the ids are made at first: a page of a large schedule reads few of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import overload

from bentley_nb.sandbox.programme.guids import Item


class DeferredItems(Sequence[Item]):
    """Items by number, each made whenever it is read."""

    def __init__(self, ids: Sequence[str], make: Callable[[int], Item], order: Sequence[int] | None = None) -> None:
        self._ids = ids
        self._make = make
        self._order = range(len(ids)) if order is None else order

    def by_id(self) -> DeferredItems:
        """Return the items in the order of their ids."""
        return DeferredItems(self._ids, self._make, sorted(self._order, key=self._ids.__getitem__))

    def __len__(self) -> int:
        return len(self._order)

    @overload
    def __getitem__(self, index: int) -> Item: ...
    @overload
    def __getitem__(self, index: slice) -> list[Item]: ...
    def __getitem__(self, index: int | slice) -> Item | list[Item]:
        if isinstance(index, slice):
            return list(map(self._make, self._order[index]))
        return self._make(self._order[index])
