"""What is distributed: the same files from the same source, and the licences of what comes with it."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LICENCES = re.search(r"### Licences\n(.*?)\n## ", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)

BROUGHT = {"certifi", "fqdn", "orjson", "pathspec", "tqdm"}  # by dependencies; named because they are not permissive


@pytest.mark.skipif(
    not (importlib.util.find_spec("build") and importlib.util.find_spec("hatchling")),
    reason='build or hatchling is not installed: pip install -e ".[lint]"',
)
@pytest.mark.skipif(not (ROOT / "bentley_nb").is_dir(), reason="the source is not here")
def test_two_builds_of_one_source_are_equal(tmp_path: Path) -> None:
    built = []
    for number, mode in enumerate((0o022, 0o077)):
        source = tmp_path / f"source {number}"
        wanted = [*PYPROJECT["tool"]["hatch"]["build"]["targets"]["sdist"]["include"], "pyproject.toml", ".gitignore"]
        for name in wanted:
            target = source / name
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, target, ignore=shutil.ignore_patterns("__pycache__", ".*"))
            else:
                shutil.copyfile(ROOT / name, target)
        for path in source.rglob("*.py"):
            os.utime(path, (10**9 * (number + 1),) * 2)
        subprocess.run(
            [sys.executable, "-m", "build", "--no-isolation", "--outdir", tmp_path / f"dist {number}", source],
            check=True,
            capture_output=True,
            umask=mode,
            env={**os.environ, "SOURCE_DATE_EPOCH": "1700000000"},
        )
        files = (tmp_path / f"dist {number}").iterdir()
        built.append({path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files})
    assert sorted(name.rpartition(".")[2] for name in built[0]) == ["gz", "whl"]
    assert built[0] == built[1]


def _direct() -> set[str]:
    project = PYPROJECT["project"]
    given = [*project["dependencies"], *(one for extra in project["optional-dependencies"].values() for one in extra)]
    return {canonicalize_name(Requirement(one).name) for one in given} - {"bentley-nb"}


def _named() -> dict[str, str]:
    """The licence that the README names for each dependency."""
    assert LICENCES, "README.md has no section 'Licences'"
    text = " ".join(LICENCES[1].split())
    groups = re.findall(r"\*\*([^*]+)\*\*: ([^.;]+)[.;]", text)
    return {canonicalize_name(name): licence for licence, names in groups for name in names.split(", ")}


def _licence(name: str) -> str:
    told = metadata.metadata(name)
    classifiers = [one for one in told.get_all("Classifier", []) if one.startswith("License")]
    return " ".join([told.get("License-Expression") or "", (told.get("License") or "")[:60], *classifiers])


def test_the_readme_names_the_licence_of_each_dependency() -> None:
    assert set(_named()) - BROUGHT == _direct()


@pytest.mark.parametrize("name", sorted(_direct() | BROUGHT))
def test_the_licence_is_the_one_the_package_names(name: str) -> None:
    try:
        said = _licence(name)
    except metadata.PackageNotFoundError:
        pytest.skip(f"{name} is not installed")
    if not said.strip():
        pytest.skip(f"{name} says nothing in its metadata")
    family = _named()[name].split("-")[0]
    names = {"MPL": "MPL|Mozilla", "PSF": "PSF|Python Software", "LGPL": "LGPL|Lesser"}
    assert re.search(names.get(family, family), said), said


def test_what_they_bring_is_permissive_but_for_those_that_are_named() -> None:
    """Of what any extra installs, as far as it is here."""
    names, seen = [f"bentley-nb[{','.join(PYPROJECT['project']['optional-dependencies'])}]"], set[str]()
    copyleft = set()
    while names:
        wanted = Requirement(names.pop())
        if str(wanted) in seen:
            continue
        seen.add(str(wanted))
        try:
            told = metadata.requires(wanted.name) or []
        except metadata.PackageNotFoundError:
            continue
        names += [
            f"{one.name}[{','.join(sorted(one.extras))}]"
            for one in map(Requirement, told)
            if one.marker is None or any(one.marker.evaluate({"extra": extra}) for extra in ("", *wanted.extras))
        ]
        if re.search(r"GPL|MPL|Mozilla|EUPL|Eclipse", _licence(wanted.name)):
            copyleft.add(canonicalize_name(wanted.name))
    assert copyleft <= set(_named())
