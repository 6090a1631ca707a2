"""Frames and reports as files: ``to_excel`` (extra ``excel``) and ``to_html`` (its charts: extra ``plot``).

CSV and Parquet are pandas' own, ``frame.to_csv(...)`` and ``frame.to_parquet(...)``. Note:

- **CSV keeps text only.** Read back, ids made of digits lose their leading zeros, dates and missing values are
  guessed, and lists become text; give ``dtype=`` and ``parse_dates=`` when reading. Excel opens it in the reader's
  own list separator and recognizes UTF-8 only with ``encoding="utf-8-sig"``. A name that begins with ``= + - @``
  runs as a formula when Excel opens a CSV file: for Excel write ``to_excel``, which marks such text as text.
- **Parquet keeps every dtype**, also of an empty frame, lists and UTC included, and reads fastest. It also writes
  ``frame.attrs`` into the file (schedule, data date, notes): a report stays complete in the file. Categories of
  an enumeration survive.
"""

from __future__ import annotations

from bentley_nb.export.to_excel import to_excel
from bentley_nb.export.to_html import to_html

__all__ = ["to_excel", "to_html"]
