"""``%bentley``: every sub-command against the sandbox, and each way to type it wrong."""

from __future__ import annotations

import inspect
import logging
import re
import sys
from pathlib import Path
from typing import get_args

import pandas as pd
import pytest

import bentley_nb as bn
from bentley_nb import _session, functions
from bentley_nb.notebook.magic.commands import CELL, commands, plain
from bentley_nb.notebook.magic.report_commands import REPORTS
from bentley_nb.notebook.messages import say_frame
from bentley_nb.notebook.sql.views import VIEWS
from bentley_nb.service.catalog import COLLECTIONS
from tests.charts import plan
from tests.scripted import Reply

# The demo's fields hold what real ones hold; the magics say so in a sentence, which is tested here.
pytestmark = pytest.mark.filterwarnings("default::UserWarning")

TOWER = "Harbour Point Tower"


def lines(text):
    return [line for line in text.splitlines() if line]


# Help -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("line", ["%bentley", "%bentley help", "%bentley --help"])
def test_alone_it_prints_help_and_returns_nothing(shell, line):
    assert shell.run(line) is None
    for word in ("login", "look-ahead", "task_links", "%%bentley", "df = %bentley tasks"):
        assert word in shell.said


@pytest.mark.parametrize(
    "line", ["%bentley look-ahead --help", "%bentley help look_ahead", "%bentley --help look-ahead"]
)
def test_a_sub_command_has_its_own_help(shell, line):
    assert shell.run(line) is None
    assert shell.said.startswith("%bentley look-ahead [options]")
    assert "--weeks N" in shell.said
    assert "(estimated, expected)" in shell.said


def test_every_sub_command_explains_itself(shell):
    for name in commands():
        shell.run(f"%bentley {name} --help")
        assert name in shell.said


def test_the_cell_magic_has_its_own_help(shell):
    assert shell.run("%%bentley --help\nSELECT 1") is None
    assert "--schedule SCHEDULE" in shell.said


def test_no_name_is_taken_twice():
    tables = [name for name, collection in COLLECTIONS.items() if collection.level == "schedule"]
    assert len(commands()) == len({name.replace("-", "_") for name in commands()})
    assert set(tables) < set(commands())


def test_reports_are_declared_as_they_are():
    """Every report is a sub-command, and every parameter that can be typed as text is an option of the same name."""
    not_reports = {"About", "about"}
    assert {report.name for report in REPORTS} == set(bn.reports.__all__) - not_reports
    for report in REPORTS:
        function = bn.reports.progress if report.name == "wbs_rollup" else getattr(bn.reports, report.name)
        parameters = inspect.signature(function).parameters
        declared = {part.name: part for part in (*report.options, *report.arguments)}
        takes = set(parameters) - {"s", "after"} - ({"by", "several"} if report.name == "wbs_rollup" else set())
        assert set(declared) == takes, report.name
        for name, part in declared.items():
            annotation = parameters[name].annotation
            try:
                hint = eval(annotation, vars(sys.modules[function.__module__]))
            except (NameError, TypeError):  # there for the type checker alone
                continue
            choices = {
                value for option in (hint, *get_args(hint)) for value in get_args(option) if isinstance(value, str)
            }
            if choices and getattr(part, "choices", ()):
                assert set(part.choices) - {"none"} == choices, (report.name, name)


def test_output_is_declared_as_it_is():
    for name, function in (("gantt", bn.charts.gantt), ("report", bn.export.to_html)):
        declared = {part.name for part in (*commands()[name].options, *commands()[name].arguments)}
        given = set(inspect.signature(function).parameters) - {"s", "source", "only"}
        assert declared - {"schedule", "project", "only"} == given, name


# A part of the schedule -------------------------------------------------------------------------------------------


def test_every_report_and_output_takes_only():
    """`%bentley late --only Trade=Concrete`."""
    names = {report.name.replace("_", "-") for report in REPORTS} | {"gantt", "report", "excel"}
    assert {name for name, command in commands().items() if any(o.name == "only" for o in command.options)} == names
    assert any(option.name == "only" for option in CELL.options)


def test_only_narrows_reports_files_and_sql(demo_shell):
    whole = _session.current()
    part = whole.only({"Phase": ["Fit-out", "Superstructure"]}, type="Work")
    late = demo_shell.run("%bentley late --only Phase=Fit-out Phase=Superstructure --only type=Work")
    assert late["id"].tolist() == part.late()["id"].tolist()
    assert late.attrs["notes"][0].startswith("Part: Phase = Fit-out or Superstructure; type = Work, ")
    typed = demo_shell.run("%bentley late --only Phase=Fit-out,type=Work")
    assert typed["id"].tolist() == whole.only(Phase="Fit-out", type="Work").late()["id"].tolist()
    dated = demo_shell.run("%bentley late --only planned_start=2020-01-01..2024-06-30")
    assert dated["id"].tolist() == whole.only(planned_start=("2020-01-01", "2024-06-30")).late()["id"].tolist()
    counted = demo_shell.run("%%bentley --only Phase=Fit-out\nSELECT count(*) AS n FROM tasks")
    assert counted["n"].item() == len(whole.only(Phase="Fit-out").tasks()) < len(whole.tasks())
    assert "Part: Phase = Fit-out" in demo_shell.run("%bentley gantt --only Phase=Fit-out").layout.title.subtitle.text
    page = demo_shell.run("%bentley report part.html --charts none --only Phase=Fit-out")
    assert "Part: Phase = Fit-out" in page.read_text(encoding="utf-8")
    book = demo_shell.run("%bentley excel part.xlsx --reports late --only Phase=Fit-out")
    assert len(pd.read_excel(book, sheet_name="Tasks")) == counted["n"].item()


def test_only_narrows_each_copy_of_a_trend(demo_shell):
    whole = _session.current()
    whole.keep("kept")
    found = demo_shell.run("%bentley trend kept --only Phase=Fit-out")
    assert found.attrs["notes"][0].startswith("Part: Phase = Fit-out, ")


def test_only_says_what_it_takes(demo_shell):
    demo_shell.fails("%bentley late --only Concrete")
    assert demo_shell.said.strip().splitlines()[-1] == (
        "InvalidRequest: %bentley late: --only must be a field and a value, such as Trade=Concrete, not 'Concrete'."
    )
    demo_shell.fails("%bentley late --only Phase=Fitout")
    assert "Did you mean 'Fit-out'?" in demo_shell.said
    demo_shell.fails("%%bentley --only Fase=Fit-out\nSELECT 1 FROM tasks")
    assert "Did you mean 'Phase'?" in demo_shell.said


@pytest.mark.parametrize(
    "magic", ["%bentley late {}", "%%bentley {}\nSELECT count(*) AS n FROM tasks"], ids=["line", "cell"]
)
def test_only_says_what_it_does_not_find(demo_shell, magic):
    level = "Harbour Point Tower > {} > Level 04"
    branches = "; ".join(level.format(name) for name in ("Envelope", "Superstructure", "Building services", "Fit-out"))
    for typed, message in {
        "Fase=Fit-out": "Tasks have no column, code or user field 'Fase'.\nDid you mean 'Phase'? Available: ",
        "Phase=Fitout": "The code 'Phase' has no value 'Fitout'.\nDid you mean 'Fit-out'? Available: ",
        "status=Plannd": "No task has status = 'Plannd'.\nDid you mean 'Planned'? Available: Finished, Planned, Started.",
        "wbs='Level 04'": f"4 elements of the WBS are named 'Level 04': {branches}.\nName one by its path",
        "wbs=Superstructur": "The WBS has no element 'Superstructur'.\nDid you mean 'Superstructure'",
        "percent_complete=half": "'half' is not a number, and 'percent_complete' holds numbers.",
        "planned_start=soon": "A limit of 'planned_start' 'soon' is not a date.\nWrite it as",
    }.items():
        demo_shell.fails(magic.format(f"--only {typed}"))
        assert f"InvalidRequest: {message}" in demo_shell.said, typed


def test_a_part_without_tasks_is_no_error(demo_shell):
    """Phase and trade are there, but no task has both; the line and the note say so."""
    found = demo_shell.run("%bentley late --only Phase=Fit-out --only Trade=01")
    assert demo_shell.said.startswith("0 rows of late")
    assert found.attrs["notes"][0] == "Part: Phase = Fit-out; Trade = 01, 0 of 400 tasks."
    counted = demo_shell.run("%%bentley --only Phase=Fit-out --only Trade=01\nSELECT count(*) AS n FROM tasks")
    assert counted["n"].item() == 0


def test_only_reads_a_number_as_it_is_typed(demo_shell):
    half = demo_shell.run("%%bentley --only percent_complete=50\nSELECT percent_complete AS p FROM tasks")
    assert set(half["p"]) == {50.0}


# Connecting -------------------------------------------------------------------------------------------------------


def test_connect_gives_the_client_and_makes_it_the_session_s(shell, addresses, monkeypatch):
    monkeypatch.setenv("BENTLEY_CLIENT_ID", addresses.client_id)
    monkeypatch.setenv("BENTLEY_CLIENT_SECRET", addresses.client_secret)
    client = shell.run("client = %bentley connect\nclient")
    assert client is _session.connected()
    assert shell.run("%bentley projects")["display_name"].tolist()
    assert callable(bn.projects)  # no module has taken the function's place
    assert shell.run("%bentley connect --surface enterprise").surface == "enterprise"


def test_connect_reads_a_named_file_on_windows_too(shell, addresses):
    Path(r"back\slash.env").write_text(
        f"BENTLEY_CLIENT_ID={addresses.client_id}\nBENTLEY_CLIENT_SECRET='{addresses.client_secret}'\n"
    )
    client = shell.run(r"%bentley connect --env-file back\slash.env")
    assert client.explain()["file"].endswith(r"back\slash.env")


def test_without_credentials_connect_says_where_it_looked(shell):
    shell.fails("%bentley connect")
    assert shell.said.startswith("CredentialsNotFound: No client id and secret of a service application were found")
    assert len(lines(shell.said)) <= 3


def test_demo_needs_no_account_and_chooses_a_schedule(shell):
    client = shell.run("%bentley demo")
    assert client is _session.connected()
    assert _session.current().name == TOWER
    assert f"current schedule '{TOWER}'" in shell.said


def test_logout_forgets(demo_shell):
    demo_shell.run("%bentley logout")
    assert _session.connected() is None
    assert _session.current() is None
    demo_shell.run("%bentley logout")
    assert "Not connected: nothing to log out from." in demo_shell.said
    demo_shell.fails("%bentley tasks")
    assert "Run %bentley connect (or login, or demo), then %bentley use" in demo_shell.said


def test_status_shows_connection_schedule_and_tables_with_their_age(demo_shell):
    demo_shell.run("%bentley task-links")
    status = demo_shell.run("%bentley status")
    text = repr(status)
    assert re.search(r"source +demo sandbox", text)
    assert re.search(r"service_identity +\S+@apps\.imsoidc\.bentley\.com", text)
    assert TOWER in text
    assert re.search(r"task_links +[\d,]+ rows +read \d\d:\d\d UTC, just now", text)
    assert re.search(r"schedule +1 row +read", text)
    assert "task_links" in status._repr_html_()
    assert ">1 row<" in status._repr_html_()


def test_ages_are_in_words():
    from datetime import UTC, datetime, timedelta

    from bentley_nb.notebook.messages import age, clock

    now = datetime.now(UTC)
    ages = {0: "just now", 5: "5 min ago", 119: "119 min ago", 150: "2 h ago", 3000: "2 days ago"}
    assert {minutes: age(now - timedelta(minutes=minutes)) for minutes in ages} == ages
    assert clock(datetime(2024, 5, 31, 14, 3, tzinfo=UTC)) == "2024-05-31 14:03 UTC"


def test_status_asks_nothing_of_the_network(shell, service):
    _session.set_default(service.connect())
    _session.use(functions.schedule("11111111-2222-3333-4444-555555555555"))
    shell.run("%bentley status")
    assert service.requests == []


def test_status_without_connection(shell):
    assert "Not connected" in repr(shell.run("%bentley status"))
    assert "%bentley connect" in shell.run("%bentley status")._repr_html_()


# Choosing ---------------------------------------------------------------------------------------------------------


def test_projects_and_schedules_are_frames(demo_shell):
    assert demo_shell.run("%bentley projects tower")["display_name"].tolist() == [TOWER]
    assert "1 row of projects · " in demo_shell.said
    assert set(demo_shell.run(f'%bentley schedules "{TOWER}"')["type"]) == {"v10", "v6.5"}


def test_use_takes_a_name_with_its_project_an_id_or_a_name_alone(demo_shell):
    by_name = demo_shell.run(f'%bentley use "{TOWER}" --project "{TOWER}"')
    assert demo_shell.run(f"%bentley use {by_name.id}") is by_name
    assert demo_shell.run(f"%bentley use '{TOWER}'") is by_name
    assert "Current schedule: Harbour Point Tower · v10 · " in demo_shell.said
    assert demo_shell.run("%bentley use 'Quayside Residences'") is _session.current() is not by_name


def test_use_keeps_the_tables_of_a_schedule_used_before(demo_shell):
    demo_shell.run("%bentley tasks")
    first = _session.current()
    demo_shell.run("%bentley use 'Quayside Residences'")
    demo_shell.run(f"%bentley use '{TOWER}'")
    assert _session.current() is first
    assert "task_links" not in repr(demo_shell.run("%bentley status"))
    assert "tasks" in repr(demo_shell.run("%bentley status"))


def test_use_connects_when_needed(shell, addresses, monkeypatch):
    monkeypatch.setenv("BENTLEY_CLIENT_ID", addresses.client_id)
    monkeypatch.setenv("BENTLEY_CLIENT_SECRET", addresses.client_secret)
    assert shell.run(f"%bentley use '{TOWER}'").name == TOWER
    assert _session.connected() is not None


def test_variables_are_expanded_by_ipython(demo_shell):
    demo_shell.ip.user_ns["chosen"] = _session.current().id
    assert demo_shell.run("%bentley use {chosen}").id == _session.current().id
    assert demo_shell.run("%bentley use $chosen").id == _session.current().id


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "%bentley use 'Harbor Point Tower'",
            "NotFound: No project seen has a schedule 'Harbor Point Tower'.\nDid you mean 'Harbour Point Tower'",
        ),
        (
            "%bentley use Gantt --project 'Harbour Point Tower'",
            "NotFound: The project has no schedule 'Gantt'. [project Harbour Point Tower]\nAvailable:",
        ),
        ("%bentley schedules 'Harbour Tower'", "NotFound: There is no project named 'Harbour Tower'.\nDid you mean"),
        ("%bentley use", "InvalidRequest: %bentley use needs SCHEDULE: exact name or id of a schedule."),
        ("%bentley tasks --project x", "InvalidRequest: --project needs --schedule"),
        ("%bentley use 00000000-0000-4000-a000-000000000000", "NotFound: "),
    ],
)
def test_what_cannot_be_found_is_answered_with_what_there_is(demo_shell, line, said):
    before = _session.current()
    demo_shell.fails(line)
    assert demo_shell.said.startswith(said)
    assert len(lines(demo_shell.said)) <= 3
    assert _session.current() is before


def test_a_name_in_two_projects_needs_its_project(shell, service):
    north, south = "11111111-0000-4000-a000-000000000000", "22222222-0000-4000-a000-000000000000"
    service.on("/itwins", {"iTwins": [{"id": north, "displayName": "North"}, {"id": south, "displayName": "South"}]})
    service.on(
        "/schedules", lambda request: Reply(body={"schedules": [{"id": request.query["iTwinId"], "name": "Plan"}]})
    )
    _session.set_default(service.connect())
    shell.fails("%bentley use Plan")
    assert "2 schedules are named 'Plan'" in shell.said
    assert "in North" in shell.said
    assert "Name one by its id." in shell.said


GUID = "{:08d}-0000-4000-a000-000000000000"


def many_projects(service, count):
    """A service of so many projects, each with a schedule of its own name; the first is closed to us."""

    def schedules(request):
        number = int(request.query["iTwinId"][:8])
        if number == 0:
            return Reply(403, {"error": {"code": "InsufficientPermissions", "message": "no"}})
        return Reply(body={"schedules": [{"id": request.query["iTwinId"], "name": f"Plan {number}"}]})

    service.on("/itwins", {"iTwins": [{"id": GUID.format(n), "displayName": f"Project {n}"} for n in range(count)]})
    service.on("/schedules", schedules)
    for number in range(1, count):
        service.on(
            f"/schedules/{GUID.format(number)}", {"schedule": {"id": GUID.format(number), "name": f"Plan {number}"}}
        )
    _session.set_default(service.connect())


def test_a_name_is_looked_for_in_the_projects_that_are_open(shell, service):
    many_projects(service, 4)
    assert shell.run("%bentley use 'Plan 3'").id == GUID.format(3)
    assert len(service.asked("/schedules")) == 4
    shell.run("%bentley use 'Plan 2'")
    assert len(service.asked("/schedules")) == 4  # what was listed once is known


def test_a_name_is_not_looked_for_in_hundreds_of_projects(shell, service):
    many_projects(service, 40)
    shell.fails("%bentley use 'Plan 30'")
    assert "'Plan 30' could be in any of 40 projects.\nName its project: --project" in shell.said
    assert service.asked("/schedules") == []
    shell.run("%bentley schedules 'Project 30'")
    assert shell.run("%bentley use 'Plan 30'").id == GUID.format(30)
    assert len(service.asked("/schedules")) == 1


def test_without_an_invitation_there_is_nothing_to_see_and_the_address_is_said(shell, addresses, monkeypatch):
    monkeypatch.setenv("BENTLEY_CLIENT_ID", addresses.uninvited_id)
    monkeypatch.setenv("BENTLEY_CLIENT_SECRET", addresses.uninvited_secret)
    assert shell.run("%bentley projects").empty
    assert "invite service-uninvited@apps.imsoidc.bentley.com into a project" in shell.said


# Tables -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["task_links", "task-links", "TASK_LINKS"])
def test_a_table_is_a_frame(demo_shell, name):
    frame = demo_shell.run(f"df = %bentley {name}\ndf")
    assert frame.columns[:3].tolist() == ["id", "predecessor_id", "successor_id"]
    assert frame.attrs["collection"] == "task_links"


def test_one_quiet_line_says_what_came(demo_shell):
    frame = demo_shell.run("%bentley tasks")
    assert re.search(r"^400 tasks · 35 columns · \d+\.\d s · read \d\d:\d\d UTC$", demo_shell.said, re.MULTILINE)
    assert frame.shape == (400, 35)
    demo_shell.run("import bentley_nb as bn; bn.options.quiet = True")
    demo_shell.run("df = %bentley tasks")
    assert demo_shell.said == ""


def test_the_line_is_in_the_zone_of_display(demo_shell):
    bn.options.display_zone = "Asia/Kolkata"
    demo_shell.run("%bentley task-links")
    assert re.search(r"read .*\d\d:\d\d IST", demo_shell.said)


def test_tasks_wide(demo_shell):
    plain = demo_shell.run("%bentley tasks")
    one = demo_shell.run("%bentley tasks --user-fields 'Hold point' --codes Trade")
    assert [*plain.columns, "Hold point", "Trade"] == one.columns.tolist()
    everything = demo_shell.run("%bentley tasks --user-fields --codes")
    assert set(one.columns) < set(everything.columns)
    # What is to be known of the data is said as a sentence, without the place in our code.
    assert "Note: User field 'Concrete volume' is declared Float" in demo_shell.said
    assert ".py" not in demo_shell.said


def test_other_wide_tables(demo_shell):
    assert "Supplier" in demo_shell.run("%bentley resources --user-fields").columns
    assert len(demo_shell.run("%bentley resource-groups --codes"))
    demo_shell.run(f"%bentley use '{TOWER} (SYNCHRO 4D Pro)'")
    assert len(demo_shell.run("%bentley entities-3d --user-fields"))
    demo_shell.fails("%bentley entities-3d --codes")
    assert "%bentley entities_3d has no option --codes." in demo_shell.said


def test_refresh_and_deleted_rows(demo_shell):
    frame = demo_shell.run("%bentley tasks")
    before = _session.current()._remembered()["tasks", None]
    demo_shell.run("%bentley tasks")
    assert _session.current()._remembered()["tasks", None] is before
    everything = demo_shell.run("%bentley tasks --refresh --include-deleted")
    assert _session.current()._remembered()["tasks", None] is not before
    assert len(everything) > len(frame)


def test_a_nested_table_takes_its_parent_s_id_or_is_read_whole(demo_shell):
    [baseline] = demo_shell.run("%bentley baselines")["id"]
    whole = demo_shell.run("%bentley baseline-tasks")
    assert len(demo_shell.run(f"%bentley baseline_tasks {baseline}")) == len(whole)
    demo_shell.fails("%bentley baseline")
    assert "%bentley baseline needs ID: id of one of the baselines." in demo_shell.said


def test_another_schedule_for_one_line(demo_shell):
    current = _session.current()
    other = demo_shell.run("%bentley tasks --schedule 'Quayside Residences'")
    assert other.attrs["schedule_id"] != current.id
    assert _session.current() is current


def test_tables_lists_what_there_is(demo_shell):
    listed = demo_shell.run("%bentley tables")
    assert set(listed["name"]) == {name for name, c in COLLECTIONS.items() if c.level == "schedule"}
    columns = demo_shell.run("%bentley tables task-links")
    assert columns["column"].tolist()[:2] == ["id", "predecessor_id"]
    demo_shell.fails("%bentley tables task_lnks")
    assert "Did you mean 'task_links'" in demo_shell.said
    assert demo_shell.run("%bentley tables TASK_LINKS").equals(columns)
    demo_shell.fails("%bentley tables late-tasks")
    assert "late_tasks is a table of SQL cells: open work" in demo_shell.said
    assert demo_shell.run("%%bentley\nDESCRIBE late_tasks")["column_name"].iloc[0] == "id"  # as it advises


# Reports and output -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "look-ahead --weeks 2 --week-start monday",
        "late --tolerance 1",
        "milestones",
        "critical --near 5",
        "total-float --float-unit hours",
        "float-distribution",
        "variance",
        "progress --by wbs:2",
        "progress --by status --weight count",
        "wbs-rollup",
        "s-curve --period M",
        "earned-value --weight count",
        "open-ends",
        "out-of-sequence",
        "resource-histogram --by type --types all",
        "resource-histogram --by type --capacity 40",
        "element-status",
        "element-counts",
        "health --profile bentley --thresholds logic=10 hard_constraints=dcma2009",
        "health-details logic",
    ],
)
def test_every_report_is_a_sub_command(demo_shell, line):
    frame = demo_shell.run(f"%bentley {line}")
    assert isinstance(frame, pd.DataFrame)
    name = line.split()[0].replace("-", " ")
    assert re.search(
        rf"rows? of {name} · \d+ columns · \d+\.\d s · data date 20\d\d-\d\d-\d\d(?: · \d+ notes?: .*)?$",
        demo_shell.said,
        re.MULTILINE,
    )


def test_a_report_is_the_function_s_own(demo_shell):
    s = _session.current()
    pd.testing.assert_frame_equal(demo_shell.run("%bentley look_ahead --weeks 5"), bn.reports.look_ahead(s, weeks=5))
    pd.testing.assert_frame_equal(demo_shell.run("%bentley progress --by Trade"), bn.reports.progress(s, by="Trade"))
    pd.testing.assert_frame_equal(
        demo_shell.run("%bentley progress --by code:Trade"), bn.reports.progress(s, by=("code", "Trade"))
    )


def test_slippage_takes_a_variable_a_file_or_a_schedule(demo_shell):
    demo_shell.run("before = %bentley tasks")
    assert len(demo_shell.run("%bentley slippage before"))
    _session.current().to_parquet("tasks", "june.parquet")
    assert len(demo_shell.run("%bentley slippage june.parquet"))
    assert len(demo_shell.run(f"%bentley slippage '{TOWER}'"))
    assert len(demo_shell.run("%bentley milestones --previous before"))
    demo_shell.fails("%bentley health --thresholds logic")
    assert "must be a name and a value, such as high_float_days=44, not 'logic'." in demo_shell.said
    demo_shell.fails("%bentley slippage may.parquet")
    assert "The file 'may.parquet' does not exist." in demo_shell.said
    Path("july.parquet").write_text("no Parquet")
    demo_shell.fails("%bentley slippage july.parquet")
    assert demo_shell.said.startswith("InvalidRequest: The file 'july.parquet' cannot be read: ")
    for name in ("~no-such-user", "x" * 300):  # names of schedules, and no paths
        demo_shell.fails(f"%bentley slippage {name}")
        assert demo_shell.said.startswith(f"NotFound: No project seen has a schedule {name!r}.")


def test_changes_and_signs_take_a_variable_or_a_kept_copy(demo_shell):
    s = _session.current()
    copy = s.keep("kept", tables=["tasks", "task_links"])
    demo_shell.run("old = %bentley tasks")
    demo_shell.run("old.loc[3, 'name'] = 'Set out the site'")
    assert demo_shell.run("%bentley changes old")["before"].tolist() == ["Set out the site"]
    assert demo_shell.run(f"%bentley changes '{copy}' --tables tasks,task_links").empty
    assert set(demo_shell.run(f"%bentley signs '{copy}'")["sign"]) <= {"riding the data date"}
    assert demo_shell.run("%bentley trend kept --key-dates KD000100")["copy"].unique().tolist() == ["1"]
    demo_shell.run(f"%bentley report week.html --before '{copy}' --charts none")
    assert "What drives the finish" in Path("week.html").read_text(encoding="utf-8")
    demo_shell.fails("%bentley trend nowhere")
    assert "There is no folder 'nowhere'." in demo_shell.said


def test_a_report_asks_anew_when_told_to(demo_shell):
    demo_shell.run("%bentley open-ends")
    before = _session.current()._remembered()["tasks", None]
    demo_shell.run("%bentley open-ends --refresh")
    assert _session.current()._remembered()["tasks", None] is not before


def test_gantt_is_a_figure(demo_shell):
    pytest.importorskip("plotly")
    figure = demo_shell.run("fig = %bentley gantt --max-rows 50 --columns id start\nfig")
    assert type(figure).__name__ == "Figure"


def test_a_report_file(demo_shell):
    path = demo_shell.run("%bentley report 'july report.html' --charts none --weeks 2 --title July")
    assert "July" in Path("july report.html").read_text(encoding="utf-8")
    assert path == Path("july report.html")
    assert "Report written to july report.html · " in demo_shell.said
    demo_shell.fails("%bentley report july.pdf")
    assert "is not a .html file" in demo_shell.said


def test_a_workbook(demo_shell):
    openpyxl = pytest.importorskip("openpyxl")
    pytest.importorskip("xlsxwriter")
    demo_shell.run("%bentley excel july.xlsx")
    sheets = openpyxl.load_workbook("july.xlsx", read_only=True).sheetnames
    assert sheets == ["Tasks", "Look ahead", "Late", "Milestones", "Progress", "About"]
    demo_shell.run("%bentley excel links.xlsx --tables task_links --reports none")
    assert openpyxl.load_workbook("links.xlsx", read_only=True).sheetnames == ["Task links", "About"]
    before = _session.current()._remembered()["tasks", None]
    demo_shell.run("%bentley excel links.xlsx --refresh --reports open-ends")
    assert _session.current()._remembered()["tasks", None] is not before
    demo_shell.fails("%bentley excel july.xlsx --reports lookahead")
    assert "No report 'lookahead' for a workbook. Did you mean 'look_ahead'" in demo_shell.said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("july.xls", "'july.xls' is not a .xlsx file."),
        ("nowhere/july.xlsx", "does not exist"),
        ("july.xlsx --tables taks", "Did you mean 'tasks'"),
        ("july.xlsx --tables tasks projects", "'projects' is not part of a schedule."),
        ("july.xlsx --tables task", "'task' needs an id."),
        ("july.xlsx --reports lookahead", "No report 'lookahead' for a workbook."),
    ],
)
def test_a_workbook_that_cannot_be_made_is_said_before_anything_is_read(demo_shell, line, said):
    chosen = _session.current().refresh()
    demo_shell.fails(f"%bentley excel {line}")
    assert said in demo_shell.said
    assert not chosen._remembered()
    assert not Path("july.xlsx").exists()


def test_a_workbook_without_what_cannot_be_made(demo_shell, monkeypatch):
    pytest.importorskip("xlsxwriter")

    def without(*args, **options):
        raise bn.InvalidRequest("The schedule has no data date.", hint="Pass it.")

    monkeypatch.setattr(bn.reports, "late", without)
    demo_shell.run("%bentley excel july.xlsx")
    assert "4 sheets" in demo_shell.said
    assert "Left out: Late: The schedule has no data date." in demo_shell.said


def test_explore_gives_a_frame_where_nobody_can_click(demo_shell):
    assert len(demo_shell.run("%bentley explore")) == 400
    assert len(demo_shell.run("%bentley explore 'Quayside Residences'")) == 170


# SQL cells --------------------------------------------------------------------------------------------------------


def test_a_cell_is_sql_bound_to_a_name_and_returned(demo_shell):
    pytest.importorskip("duckdb")
    frame = demo_shell.run("%%bentley links\nSELECT type, count(*) AS n FROM task_links GROUP BY type")
    assert frame.columns.tolist() == ["type", "n"]
    assert demo_shell.ip.user_ns["links"] is frame
    assert re.search(r"\d+ rows · 2 columns · ", demo_shell.said)
    both = demo_shell.run(
        f"%%bentley --schedule '{TOWER}' 'Quayside Residences'\nSELECT DISTINCT schedule FROM tasks ORDER BY ALL"
    )
    assert both["schedule"].tolist() == [TOWER, "Quayside Residences"]
    one = demo_shell.run(
        "%%bentley --schedule 'Quayside Residences' --project 'Quayside Residences'\nSELECT count(*) FROM tasks"
    )
    assert one.iloc[0, 0] == 170


def test_names_in_quotes_may_be_parted_by_commas(demo_shell):
    pytest.importorskip("duckdb")
    both = demo_shell.run(
        f'%%bentley both --schedule "{TOWER}","Quayside Residences"\nSELECT DISTINCT schedule FROM tasks ORDER BY ALL'
    )
    assert both["schedule"].tolist() == [TOWER, "Quayside Residences"]
    assert demo_shell.ip.user_ns["both"] is both


def test_a_name_of_the_result_that_comes_last_is_answered(demo_shell):
    demo_shell.fails(f'%%bentley --schedule "{TOWER}" both\nSELECT 1')
    assert demo_shell.said.startswith("NotFound: No project seen has a schedule 'both'.\nIf both is to be the name of ")
    assert "it comes first: %%bentley both --schedule ..." in demo_shell.said


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (
            "%%bentley late\n  \n",
            "InvalidRequest: The cell is empty: SQL goes below the first line.\nFor example: SELECT",
        ),
        ("%%bentley 1st\nSELECT 1", "InvalidRequest: %%bentley: '1st' cannot be the name of a variable."),
        ("%%bentley class\nSELECT 1", "InvalidRequest: %%bentley: 'class' cannot be the name of a variable."),
        ("%%bentley --project x\nSELECT 1", "InvalidRequest: %%bentley: --project needs --schedule"),
        ("%%bentley a b\nSELECT 1", "InvalidRequest: %%bentley takes NAME; 'b' is one argument too many."),
        (
            "%%bentley --shedule x\nSELECT 1",
            "InvalidRequest: %%bentley has no option --shedule. Did you mean '--schedule'?",
        ),
    ],
)
def test_a_cell_that_cannot_be_run_says_why(demo_shell, cell, said):
    demo_shell.fails(cell)
    assert demo_shell.said.startswith(said)


# Errors -----------------------------------------------------------------------------------------------------------


def test_an_unknown_sub_command_is_answered_in_one_line(shell):
    shell.fails("%bentley taks")
    [line] = lines(shell.said)
    assert line.startswith("InvalidRequest: %bentley has no sub-command 'taks'. Did you mean 'tasks'")
    assert "look-ahead" in line
    assert line.endswith("and each table of %bentley tables.")


@pytest.mark.parametrize("view", [name for name in VIEWS if name not in map(plain, commands())])
def test_a_table_of_sql_cells_is_no_sub_command_and_names_the_nearest(shell, view):
    shell.fails(f"%bentley {view}")
    first, second = lines(shell.said)
    assert first == f"InvalidRequest: {view} is a table of SQL cells: %%bentley, and below it FROM {view}."
    nearest = second.removeprefix("The closest sub-command: ").removesuffix(".")
    shell.run(f"{nearest} --help")
    assert shell.said.startswith(nearest.partition(" --")[0])


def test_the_nearest_of_a_report_s_table_is_the_report(shell):
    shell.fails("%bentley late-tasks")
    assert "%bentley late." in shell.said


@pytest.mark.parametrize("mode", ["Context", "Verbose", "Minimal", "Plain"])
def test_an_error_is_a_few_lines_in_every_mode(demo_shell, mode):
    demo_shell.run(f"%xmode {mode}")
    demo_shell.fails("%bentley tasks --user-fields Volum")
    assert "Traceback" not in demo_shell.said
    assert ".py" not in demo_shell.said
    assert len(lines(demo_shell.said)) <= 3


def test_a_full_traceback_where_it_is_wanted(demo_shell):
    demo_shell.run("%config BentleyMagics.full_traceback = True")
    demo_shell.fails("%bentley tasks --user-fields Volum")
    assert "Traceback" in demo_shell.said
    assert "wide.py" in demo_shell.said
    assert "There is no user field 'Volum'." in demo_shell.said


def test_a_real_bug_keeps_its_traceback(demo_shell, monkeypatch):
    def broken(*args, **options):
        raise ZeroDivisionError("a bug of ours")

    monkeypatch.setattr(bn.reports, "late", broken)
    assert isinstance(demo_shell.fails("%bentley late"), ZeroDivisionError)
    assert "Traceback" in demo_shell.said
    assert "test_magics.py" in demo_shell.said


def test_what_was_warned_of_before_an_error_is_still_said(demo_shell, monkeypatch):
    import warnings

    def warned(*args, **options):
        warnings.warn("mind the gap", stacklevel=1)
        raise bn.InvalidRequest("no")

    monkeypatch.setattr(bn.reports, "late", warned)
    demo_shell.fails("%bentley late")
    assert "Note: mind the gap" in demo_shell.said


def test_a_warning_for_programmers_stays_one(demo_shell, monkeypatch):
    import warnings

    def warned(*args, **options):
        warnings.warn("old way", DeprecationWarning, stacklevel=1)
        return pd.DataFrame()

    monkeypatch.setattr(bn.reports, "late", warned)
    with pytest.warns(DeprecationWarning, match="old way"):
        demo_shell.run("%bentley late")
    assert "old way" not in demo_shell.said


def test_a_missing_extra_ends_with_what_to_run(demo_shell, monkeypatch):
    monkeypatch.setitem(sys.modules, "plotly", None)
    demo_shell.fails("%bentley gantt")
    assert lines(demo_shell.said)[-1] == '%pip install "bentley-nb[plot]"'


# Secrets ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "%bentley connect --client-secret hunter2",
        "%bentley connect --client_secret=hunter2",
        "%bentley login --secret hunter2",
        "%bentley login client_secret=hunter2",
        "%bentley login BENTLEY_CLIENT_SECRET=hunter2",
        "%bentley login service-abc hunter2",
        "%bentley connect service-abc hunter2",
        "%bentley connect --surface platform hunter2",
        "%bentley login --no-form hunter2",
        "%bentley --password hunter2",
        "%bentley projects --token=hunter2",
        "%%bentley --client-secret hunter2\nSELECT 1",
        "%bentley connect --secret 'hunter2",
    ],
)
def test_a_secret_on_the_line_is_refused_and_not_repeated(shell, line, caplog):
    caplog.set_level(logging.DEBUG)
    shell.fails(line)
    assert "A magic does not accept a secret on its line" in shell.said
    assert "%bentley login" in shell.said
    assert "history" in shell.said
    assert "hunter2" not in shell.said + caplog.text
    assert len(lines(shell.said)) == 3


@pytest.mark.parametrize(
    "line",
    [
        "%bentley connect --token-url http://127.0.0.1:9/token",
        "%bentley schedules 'Secret=Project'",
        "%bentley tasks --user-fields 'Secret stair'",
    ],
)
def test_what_only_looks_like_a_secret_is_let_through(shell, line):
    shell.fails(line)
    assert "A secret" not in shell.said


# Settings ---------------------------------------------------------------------------------------------------------


def test_config_and_options_are_one(shell):
    shell.run("%config BentleyMagics.page_size = 500")
    assert bn.options.page_size == 500
    bn.options.display_zone = "Europe/London"
    assert shell.run("%config BentleyMagics.display_zone") == "Europe/London"
    shell.run("%config BentleyMagics")
    assert "Current: 500" in shell.said
    assert re.search(r"BentleyMagics\.quiet", shell.said)
    shell.run("%config BentleyMagics.progress = None")
    assert bn.options.progress is None


def test_config_refuses_what_cannot_be(shell, caplog):
    shell.run("%config BentleyMagics.page_size = 0")
    assert "page_size must be a whole number from 1 to 10,000, not 0." in caplog.text
    assert bn.options.page_size == 10_000


@pytest.mark.parametrize(
    ("rows", "noun", "said"),
    [(1, "rows of late", "1 row of late · "), (1, "projects", "1 row of projects · "), (2, "rows", "2 rows · ")],
)
def test_one_row_is_one_row(rows: int, noun: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    say_frame(pd.DataFrame({"a": range(rows)}), noun, 0.0)
    assert capsys.readouterr().out.startswith(said)


def said_of(report: pd.DataFrame, capsys: pytest.CaptureFixture[str]) -> list[str]:
    say_frame(report, "rows", 0.0)
    return capsys.readouterr().out.splitlines()


def test_a_report_without_a_baseline_says_that_it_could_not_look(capsys: pytest.CaptureFixture[str]) -> None:
    frames = plan.small()
    del frames["baselines"], frames["baseline_tasks"]
    report = bn.reports.late(frames).head(0)
    assert said_of(report, capsys) == [
        "0 rows · 22 columns · 0.0 s · data date 2024-05-15 · 4 notes: bn.reports.about(FRAME)",
        "  No baseline: No 'baselines' among the frames given. Planned dates are not a baseline and are not used as one.",
        "  Without a baseline only stale dates can be reported: planned dates the data date has overtaken.",
    ]
    bn.options.quiet = True
    assert said_of(report, capsys) == []


def test_notes_on_how_it_was_counted_are_only_numbered(capsys: pytest.CaptureFixture[str]) -> None:
    assert len(said_of(bn.reports.critical(plan.small()), capsys)) == 1
    assert len(said_of(bn.reports.float_distribution(plan.small()), capsys)) == 1
    assert said_of(bn.reports.late(plan.small()), capsys)[1:] == [
        "  1 of 5 tasks are not in the baseline; their variance is unknown."
    ]


def test_a_missing_data_date_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    frames = {name: frame for name, frame in plan.small().items() if name != "data_date"}
    for report in (bn.reports.milestones, bn.reports.s_curve, bn.reports.health):
        assert " · data date unknown · " in said_of(report(frames), capsys)[0]
    assert "data date" not in said_of(frames["tasks"], capsys)[0]


@pytest.mark.parametrize(
    "report", ["look_ahead", "late", "milestones", "progress", "s_curve", "health", "element_status"]
)
def test_every_table_that_is_missing_is_said_to_be(report: str, capsys: pytest.CaptureFixture[str]) -> None:
    frames = plan.small()
    bindings = pd.DataFrame({"id": ["1"], "task_id": ["a"], "animated_entity_id": ["e"]})
    bare = {"tasks": frames["tasks"], "data_date": frames["data_date"], "animation_bindings": bindings}
    made = getattr(bn.reports, report)(bare)
    missing = [note for note in made.attrs["notes"] if "among the frames given" in note]
    assert missing
    assert {f"  {note}" for note in missing} <= set(said_of(made, capsys)[1:])
