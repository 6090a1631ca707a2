"""Docstrings of the methods that read a collection, made from the catalog."""

from __future__ import annotations

from bentley_nb.service.catalog import COLLECTIONS
from bentley_nb.service.declare import Collection


def describe(collection: Collection) -> str:
    """Return the docstring of the method that reads a collection, from its declaration."""
    lines = [collection.meaning, "", "Parameters", "----------"]
    nested = COLLECTIONS[collection.by_parent] if collection.by_parent else collection
    if nested.parent and not nested.parent.collection:
        lines += [nested.parent.column, f"    Id of the {nested.name.replace('_', ' ')}; no table lists them."]
    elif nested.parent:
        lines += [
            nested.parent.column,
            f"    Id of one of the {nested.parent.collection}."
            + ("" if collection.single else " Without it, all of them."),
        ]
    options = COLLECTIONS.wide_options(collection)
    for option in options:
        what = option.replace("_", " ")
        kind = "one typed column per user field" if option == "user_fields" else "one column per code"
        lines += [option, f"    True for {kind} of a row, or the names of {what}."]
        if option == "codes":
            lines.append('    ``"Trade [description]"`` shows the descriptions of the values of that code.')
    lines += [
        "refresh",
        "    Whether to read the table again.",
        "include_deleted",
        "    Whether to keep rows marked as deleted.",
    ]
    lines += ["", "Returns", "-------", "pandas.DataFrame"]
    for column in collection.frame_columns:
        unit = f" [{column.unit}]" if column.unit else ""
        note = "" if column.evidence != "inferred" else " (inferred)"
        lines.append(
            f"    ``{column.name}`` ({column.kind}){unit}{': ' + column.meaning if column.meaning else ''}{note}"
        )
    if not collection.columns:
        lines.append("    The members are undocumented; what the service sends is kept.")
    if collection.name == "tasks":
        lines.append("    Then ``wbs_path``, ``wbs_level`` and ``is_leaf``, computed from the tree of the tasks.")
    if options:
        lines.append(f"    Then the {' and '.join(options).replace('_', ' ')} asked for.")
        names = " or ".join(option.rstrip("s").replace("_", " ") for option in options)
        lines += [
            "",
            "Raises",
            "------",
            "InvalidRequest",
            f"    There is no such {names}; the message names the nearest.",
        ]
    where = [
        title
        for title, path in (("Platform", collection.platform), ("Enterprise", collection.enterprise))
        if path is not None
    ]
    lines += [
        "",
        "Notes",
        "-----",
        f"Served by: {' and '.join(where)} surface; schedules of type {' and '.join(collection.schedule_types)}.",
        f"Evidence: {collection.evidence}.",
    ]
    if (
        collection.platform is not None
        and collection.columns
        and not nested.parent
        and "v10" in collection.schedule_types
    ):
        first = list(collection.column_names[:2])
        wide = ", ".join(f"{option}=True" for option in options)
        lines += ["", "Examples", "--------", f">>> s.{collection.name}({wide}).columns[:2].tolist()", str(first)]
    return "\n".join(lines) + "\n"
