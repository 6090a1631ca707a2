"""Completion of lines and cells: what is offered, where, and that it stays beside everybody else's."""

from __future__ import annotations

import pytest
from IPython.core.completer import SimpleCompletion, context_matcher

from bentley_nb import _session, functions
from bentley_nb.notebook.magic import completion

TOWER = "Harbour Point Tower"


@pytest.fixture
def typing(demo_shell):
    """A session that has listed and read something, as one that is typed in has."""
    demo_shell.run(f"%bentley schedules '{TOWER}'")
    demo_shell.run("%bentley tasks --user-fields 'Hold point' --codes Trade")
    demo_shell.run("%bentley baselines")
    return demo_shell


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("%bentley ta", {"%bentley tables", "%bentley tasks", "%bentley task_links"}),
        ("df = %bentley ta", {"df = %bentley tables", "df = %bentley tasks"}),
        ("a, b = 1, 2\ndf = %bentley ta", {"a, b = 1, 2\ndf = %bentley tasks"}),
        ("  %bentley lo", {"  %bentley login", "  %bentley logout", "  %bentley look-ahead"}),
        ("%bentley look_", {"%bentley look_ahead"}),
        ("%bentley task-l", {"%bentley task-links", "%bentley task-link"}),
        ("%bentley ", {"%bentley login", "%bentley tasks", "%bentley s-curve"}),
        ("%bentley help mile", {"%bentley help milestones"}),
        ("%bentley tasks --", {"%bentley tasks --user-fields", "%bentley tasks --codes", "%bentley tasks --refresh"}),
        ("%bentley tasks -", {"%bentley tasks --user-fields", "%bentley tasks --codes"}),
        ("%bentley tasks --user_f", {"%bentley tasks --user-fields"}),
        ("%bentley tasks ", {"%bentley tasks --user-fields", "%bentley tasks --schedule"}),
        ("%bentley late --forecast ", {"%bentley late --forecast estimated", "%bentley late --forecast expected"}),
        ("%bentley late --forecast=ex", {"%bentley late --forecast=expected"}),
        ("%bentley health --profile d", {"%bentley health --profile dcma", "%bentley health --profile decm"}),
        ("%bentley late --baseline ", {'%bentley late --baseline "Contract programme, rev. A"'}),
        ("%bentley tables task_l", {"%bentley tables task_links", "%bentley tables task_link"}),
        ("%bentley excel x.xlsx --reports lo", {"%bentley excel x.xlsx --reports look-ahead"}),
        ("%bentley use har", {f'%bentley use "{TOWER}"', f'%bentley use "{TOWER} (SYNCHRO 4D Pro)"'}),
        ('%bentley use "Harbour Po', {f'%bentley use "{TOWER}"'}),
        ("%bentley use 'Harbour Po", {f"%bentley use '{TOWER}'"}),
        ("%bentley use --project ", {'%bentley use --project "Quayside Residences"'}),
        ('%bentley use --project="Q', {'%bentley use --project="Quayside Residences"'}),
        ("%bentley schedules Q", {'%bentley schedules "Quayside Residences"'}),
        ("%bentley progress --by T", {"%bentley progress --by Trade"}),
        ("%bentley progress --by w", {"%bentley progress --by wbs"}),
        ("%bentley tasks --user-fields Ho", {'%bentley tasks --user-fields "Hold point"'}),
        ("%bentley tasks --user-fields 'Hold point' 'Cre", {"%bentley tasks --user-fields 'Hold point' 'Crew size'"}),
        ("%bentley slippage ", {f'%bentley slippage "{TOWER}"'}),
        ("%%bentley late --sch", {"%%bentley late --schedule"}),
        ("%%bentley late --schedule har", {f'%%bentley late --schedule "{TOWER}"'}),
        ("%%bentley\nSELECT pla", {"%%bentley\nSELECT planned_start"}),
        ("%%bentley\nSELECT * FROM task_li", {"%%bentley\nSELECT * FROM task_links"}),
        ("%%bentley\nSELECT * FROM tasks_w", {"%%bentley\nSELECT * FROM tasks_wide"}),
        (
            "%%bentley late\n\nSELECT *\nFROM tasks\nJOIN base",
            {"%%bentley late\n\nSELECT *\nFROM tasks\nJOIN baselines"},
        ),
    ],
)
def test_what_is_offered(typing, text, offered):
    assert offered <= set(typing.complete(text))


def test_nothing_of_python_is_offered_on_our_lines(typing):
    typing.ip.user_ns["tasks_of_mine"] = 1
    assert "tasks_of_mine" not in " ".join(typing.complete("%bentley ta"))
    assert typing.complete("tasks_o") == ["tasks_of_mine"]


@pytest.mark.parametrize(
    ("before", "after", "offered"),
    [
        ("%%bentley\nSELECT t.pla", " FROM tasks t", "planned_finish"),
        ("%%bentley\nSELECT t.pla", " FROM tasks AS t", "planned_finish"),
        ("%%bentley\nSELECT tasks.pla", " FROM tasks", "planned_finish"),
        ("%%bentley\nSELECT succ", " FROM task_links", "successor_id"),
        ("%%bentley\nSELECT l.", "\nFROM task_links l, tasks t", "lag_hours"),
        ("%%bentley\nSELECT t.pla", ' FROM "tasks" AS t', "planned_finish"),
        ("%%bentley\nSELECT t.pla", ' FROM main."tasks" "t"', "planned_finish"),
        ("%%bentley\nSELECT s.d", " FROM (SELECT id, count(*) AS doors FROM tasks GROUP BY id) s", "doors"),
        ("%%bentley\nSELECT s.d", " FROM tasks t JOIN (SELECT id AS door FROM tasks) AS s ON true", "door"),
    ],
)
def test_columns_of_the_tables_that_the_cell_names(typing, before, after, offered):
    texts = typing.complete(before + after, len(before))
    head = before[: len(before) - len(before.rpartition(" ")[2].rpartition(".")[2])]
    assert head + offered in texts
    if "task_links" in after:
        assert not any(text.endswith("planned_finish") for text in texts)


@pytest.mark.filterwarnings("default::UserWarning")
def test_a_column_with_blanks_is_offered_in_quotes(typing):
    pytest.importorskip("duckdb")
    typing.run('%%bentley\nSELECT "Hold point" FROM tasks_wide LIMIT 1')
    before = "%%bentley\nSELECT Hol"
    assert '%%bentley\nSELECT "Hold point"' in typing.complete(before + " FROM tasks_wide", len(before))
    before = '%%bentley\nSELECT "Hol'
    assert '%%bentley\nSELECT "Hold point"' in typing.complete(before + " FROM tasks_wide", len(before))


@pytest.mark.filterwarnings("default::UserWarning")
def test_columns_of_one_account_are_not_offered_to_the_next(typing):
    pytest.importorskip("duckdb")
    typing.run("%%bentley\nFROM tasks_wide")
    before = '%%bentley\nSELECT "Hol'
    assert typing.complete(before + " FROM tasks_wide", len(before))
    typing.run("%bentley logout")
    assert typing.complete(before + " FROM tasks_wide", len(before)) == []


def test_a_quote_closed_by_the_page_is_not_closed_again(typing):
    before = '%bentley use "Harbour Point Tower ('
    [offered] = typing.complete(before + '"', len(before))
    typing.run(offered + '"')
    assert _session.current().name == "Harbour Point Tower (SYNCHRO 4D Pro)"


def test_only_schedules_of_the_project_named(typing):
    typing.run("%bentley schedules 'Quayside Residences'")
    [offered] = typing.complete('%bentley tasks --project "Quayside Residences" --schedule ')
    assert offered.endswith('--schedule "Quayside Residences"')
    [offered] = typing.complete("%bentley tasks --project='Quayside Residences' --schedule ")
    assert offered.endswith('--schedule "Quayside Residences"')
    assert len(typing.complete("%bentley tasks --schedule ")) == 3


def test_before_a_schedule_is_chosen_declared_names_are_offered(shell):
    assert "%bentley tasks" in shell.complete("%bentley ta")
    assert "%bentley progress --by status" in shell.complete("%bentley progress --by s")


def test_what_is_offered_can_be_run(typing):
    for text in typing.complete("%bentley use "):
        typing.run(text)


@pytest.mark.parametrize("text", ["%%timeit\n%ben", "bentley", "'%bentley ta", "%bentleyx ta", "x = '%' %bentley"])
def test_elsewhere_we_are_silent(typing, text):
    own = {"completions": [], "matched_fragment": "", "suppress": False, "ordered": True}
    seen = []

    @context_matcher()
    def spy(context):
        seen.append(completion.match(context))
        return {"completions": []}

    typing.ip.Completer.custom_matchers.append(spy)
    typing.complete(text)
    assert seen == [own]


@pytest.mark.parametrize(
    "text",
    [
        "%bentley nonsense --",
        "%bentley use prin",
        "%bentley late --baseline prin",
        "%%bentley late --schedule prin",
        "%%bentley\nSELECT * FROM prin",
        "%%bentley\nSELECT * FROM tasks WHERE name = 'ta",
        "%%bentley\nSELECT * FROM tasks WHERE name = 'it''s ta",
        "%%bentley\nSELECT 1 -- ta",
    ],
)
def test_python_is_kept_away_from_our_lines_where_we_have_nothing_either(typing, text):
    assert typing.complete(text) == []


def test_after_a_text_there_is_sql_again(typing):
    assert "%%bentley\nSELECT 'it''s' -- so\n, tasks" in typing.complete("%%bentley\nSELECT 'it''s' -- so\n, task")


def test_variables_are_offered_where_one_can_stand(typing):
    typing.run("earlier_state = 1")
    assert "%bentley slippage earlier_state" in typing.complete("%bentley slippage earl")


def test_columns_of_a_cte(typing):
    head = '%%bentley\nWITH late AS (SELECT t.id, count(*) AS n, name "full name" FROM tasks t) SELECT '
    assert typing.complete(head + "late.", len(head + "late.")) == [
        f"{head}late.{name}" for name in ("id", "n", '"full name"')
    ]
    assert f"{head}x FROM late" in typing.complete(f"{head}x FROM lat")


def test_the_demo_s_schedules_are_known_at_once(demo_shell):
    assert f'%bentley use "{TOWER}"' in demo_shell.complete("%bentley use Har")
    assert f'%bentley use "{TOWER} (SYNCHRO 4D Pro)"' in demo_shell.complete("%bentley use Har")


def test_a_schedule_used_by_its_id_and_those_beside_it_are_known(demo_shell):
    chosen = _session.current().id
    demo_shell.run("from bentley_nb import _session; _session.set_default(_session.connected())")
    from bentley_nb.notebook.seen import seen

    seen(_session.connected()).schedules.clear()
    seen(_session.connected()).listed.clear()
    demo_shell.run(f"%bentley use {chosen}")
    assert len(demo_shell.complete("%bentley use Har")) == 2


def test_others_are_asked_too(typing):
    @context_matcher()
    def other(context):
        return {"completions": [SimpleCompletion("from_somebody_else")]}

    typing.ip.Completer.custom_matchers.append(other)
    assert "x = from_somebody_else" in typing.complete("x = ")
    assert "%bentley report from_somebody_else" in typing.complete("%bentley report ")


def test_nothing_is_asked_of_the_network(shell, service):
    _session.set_default(service.connect())
    _session.use(functions.schedule("11111111-2222-3333-4444-555555555555"))
    for text in (
        "%bentley ta",
        "%bentley use ",
        "%bentley tasks --user-fields ",
        "%bentley baseline-tasks ",
        "%%bentley\nSELECT na",
        "%bentley late --baseline ",
    ):
        shell.complete(text)
    assert service.requests == []


def test_an_error_while_completing_is_swallowed(typing, monkeypatch, capsys):
    monkeypatch.setattr(completion, "_matches", lambda context: 1 / 0)
    typing.complete("%bentley ta")
    assert "ZeroDivisionError" not in capsys.readouterr().err


@pytest.mark.kernel
def test_in_the_kernel_s_own_reply(kernel):
    """With everything as users have it: Jedi on, no greedy completion."""
    kernel.must("%load_ext bentley_nb\n%bentley demo")
    kernel.must(f"%bentley schedules '{TOWER}'")
    assert kernel.complete("%bentley look") == ["%bentley look-ahead"]
    assert "df = %bentley tasks" in kernel.complete("df = %bentley ta")
    assert "x = 1\n%bentley tasks --codes" in kernel.complete("x = 1\n%bentley tasks --co")
    assert f'%bentley use "{TOWER}"' in kernel.complete('%bentley use "Harb')
    cell = "%%bentley\nSELECT planned_f\nFROM tasks"
    assert kernel.complete(cell, len("%%bentley\nSELECT planned_f")) == ["%%bentley\nSELECT planned_finish"]
    assert "%%bentley\nSELECT * FROM task_links" in kernel.complete("%%bentley\nSELECT * FROM task_l")
    kernel.must("%unload_ext bentley_nb")
    assert kernel.complete("%bentley look") == []
