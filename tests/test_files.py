import stat
import sys

import pandas as pd
import pytest

import bentley_nb as bn
from bentley_nb import _files
from bentley_nb._files import check_target, replaced, safe_name
from bentley_nb.errors import InvalidRequest


def test_the_file_appears_when_the_block_ends_well(tmp_path):
    with replaced(tmp_path / "report.html", suffix=".html") as temporary:
        temporary.write_text("new")
        assert not (tmp_path / "report.html").exists()
    assert (tmp_path / "report.html").read_text() == "new"


def test_a_failure_keeps_the_old_file_and_leaves_nothing_behind(tmp_path):
    old = tmp_path / "report.html"
    old.write_text("old")
    with pytest.raises(ZeroDivisionError), replaced(old) as temporary:
        temporary.write_text(f"half {1 / 0}")
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]
    assert old.read_text() == "old"


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
def test_permissions_are_those_of_an_ordinary_file_and_of_the_one_replaced(tmp_path):
    target = tmp_path / "report.html"
    with replaced(target) as temporary:
        temporary.write_text("one")
    ordinary = tmp_path / "ordinary"
    ordinary.write_text("")
    assert stat.S_IMODE(target.stat().st_mode) == stat.S_IMODE(ordinary.stat().st_mode)
    target.chmod(0o640)
    with replaced(target) as temporary:
        temporary.write_text("two")
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_a_file_that_cannot_be_replaced_says_so(tmp_path, monkeypatch):
    target = tmp_path / "report.xlsx"
    target.write_text("old")

    def locked(_self, _target):
        raise PermissionError(13, "The process cannot access the file because it is being used by another process")

    monkeypatch.setattr(type(tmp_path), "replace", locked)  # what Windows answers while Excel has the file open
    with (
        pytest.raises(InvalidRequest, match=r"is open in another program(.|\n)*Excel keeps its files locked"),
        replaced(target) as temporary,
    ):
        temporary.write_text("new")
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX limits of names")
@pytest.mark.parametrize("path", ["/proc/report.html", "x" * 300 + ".html"])
def test_a_place_that_takes_no_file_is_told_in_words(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InvalidRequest, match=r"cannot be written in the folder /.+: \w"), replaced(path):
        raise AssertionError("nothing is begun")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("missing/report.html", "does not exist"),
        ("folder.html", "is a folder"),
        ("report.htm", "'report.htm' is not a .html file.\nName it 'report.html'."),
    ],
)
def test_a_path_that_cannot_be_written_is_refused_before_anything_is_made(tmp_path, name, message):
    (tmp_path / "folder.html").mkdir()
    with pytest.raises(InvalidRequest) as raised, replaced(tmp_path / name, suffix=".html"):
        pytest.fail("the block must not be entered")
    assert message in str(raised.value)


@pytest.mark.parametrize("path", [None, 5, b"report.html"])
def test_what_is_no_path_is_refused_in_words(path):
    with pytest.raises(InvalidRequest, match="A file must be given as a path, not "), replaced(path):
        pytest.fail("the block must not be entered")
    with pytest.raises(InvalidRequest, match="A dataset must be given as a path, not "):
        bn.read_dataset(path)


@pytest.mark.skipif(sys.platform == "win32", reason="there, any name becomes a folder beside the home folder")
@pytest.mark.parametrize("path", ["~no-such-user/x", "a\0b", "a\ud800b"], ids=["home", "NUL", "half"])
def test_an_unusable_path_is_refused_by_all_that_take_a_folder(demo_client, path):
    s = demo_client.schedule("Quayside Residences", project="Quayside Residences")
    portfolio = demo_client.portfolio(["Quayside Residences"])
    for use in (
        lambda: s.keep(path, tables=["schedule"]),
        lambda: bn.open(path),
        lambda: bn.copies(path),
        lambda: bn.connect("id", "secret", store=path),
        lambda: bn.connect(env_file=path),
        lambda: bn.read_dataset(path),
        lambda: portfolio.to_parquet(path),
    ):
        with pytest.raises(
            InvalidRequest, match=r"is not a usable path: (there is no such home|it contains a NUL|.* half a)"
        ):
            use()


def test_every_writer_takes_a_path_in_the_home_folder_and_returns_where_the_file_is(tmp_path, monkeypatch, demo_client):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    s = demo_client.schedule("Quayside Residences", project="Quayside Residences")
    written = {
        bn.export.to_excel("~/frame.xlsx", s.resources()),
        bn.export.to_html("~/report.html", s),
        s.keep("~/kept", tables=["tasks"]),
    }
    s.to_parquet("tasks", "~/tasks.parquet")
    assert all(path.exists() for path in written)
    assert {path.relative_to(tmp_path).parts[0] for path in written} == {"frame.xlsx", "report.html", "kept"}
    assert len(pd.read_parquet(tmp_path / "tasks.parquet")) == len(bn.open("~/kept").tasks())


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("A/B: c?", "A_B_ c_"),
        ("..", "_"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("dot. ", "dot"),
        ("Überbau – Süd", "Überbau – Süd"),
        ("x" * 300, "x" * 80),
        ("\ud800", "_"),
        ("", "_"),
    ],
    ids=repr,
)
def test_names_are_safe_on_every_file_system(text, name):
    assert safe_name(text) == name


@pytest.mark.parametrize(
    ("name", "other"), [("con.png", "_con.png"), ("a:b.png", "a_b.png"), ("week.png. ", "week.png")]
)
def test_what_windows_takes_for_something_else_is_refused_there(tmp_path, monkeypatch, name, other):
    assert check_target(tmp_path / name).name == name
    monkeypatch.setattr(_files, "_POSIX", False)
    assert check_target(tmp_path / ".env").name == ".env"
    with pytest.raises(InvalidRequest, match=f"Windows cannot make a file named '{name}'.\nName it '{other}'."):
        check_target(tmp_path / name)
