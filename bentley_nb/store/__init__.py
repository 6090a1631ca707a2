"""Copies of schedules on disk, and pages that are revalidated instead of fetched again."""

from bentley_nb.store.copies import copies
from bentley_nb.store.dataset import read_dataset
from bentley_nb.store.keep import keep

__all__ = ["copies", "keep", "read_dataset"]
