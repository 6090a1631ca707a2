"""The examples of every docstring run against the sandbox."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import warnings

import pytest

import bentley_nb as bn

MODULES = sorted(module.name for module in pkgutil.walk_packages(bn.__path__, "bentley_nb."))


@pytest.mark.parametrize("name", ["bentley_nb", *MODULES])
def test_examples(name: str, demo_client: bn.Client, demo: bn.Schedule) -> None:
    module = importlib.import_module(name)
    flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    runner = doctest.DocTestRunner(optionflags=flags)
    failed = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # the demo's data hold values that do not parse, on purpose
        for test in doctest.DocTestFinder(exclude_empty=True).find(module, name):
            test.globs = {**test.globs, "bn": bn, "client": demo_client, "s": demo}
            report: list[str] = []
            if runner.run(test, out=report.append).failed:
                failed.append("".join(report))
    assert not failed, "\n".join(failed)


def test_there_are_examples() -> None:
    count = sum(
        len(test.examples)
        for name in MODULES
        for test in doctest.DocTestFinder().find(importlib.import_module(name), name)
    )
    assert count > 100


def test_no_module_hides_a_public_name() -> None:
    """Importing ``bentley_nb.x`` sets the attribute ``x``: a function of that name would be gone."""
    modules = {name.removeprefix("bentley_nb.") for name in MODULES if name.count(".") == 1}
    public = set(bn.__all__) - {"charts", "errors", "export", "reports"}
    assert not modules & public
