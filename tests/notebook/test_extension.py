"""``%load_ext``, ``%unload_ext`` and ``%reload_ext``: silent, idempotent, and really undone."""

from __future__ import annotations

import ast
import time

import pytest

import bentley_nb
from bentley_nb import _session
from bentley_nb.notebook.magic import completion

HEAVY = {"pandas", "numpy", "pyarrow", "requests", "ipywidgets", "plotly", "duckdb", "dotenv"}


def kinds_with_bentley(ip):
    return [kind for kind in ("line", "cell") if "bentley" in ip.magics_manager.magics[kind]]


def configurables(ip):
    return [type(part).__name__ for part in ip.configurables if "Bentley" in type(part).__name__]


def test_loading_adds_both_magics_completion_and_settings(plain_shell):
    ip = plain_shell.ip
    assert plain_shell.run("%load_ext bentley_nb") is None
    assert plain_shell.said == ""
    assert kinds_with_bentley(ip) == ["line", "cell"]
    assert completion.match in ip.Completer.custom_matchers
    assert configurables(ip) == ["BentleyMagics"]
    plain_shell.run("%unload_ext bentley_nb")


def test_loading_twice_changes_nothing(shell):
    bentley_nb.load_ipython_extension(shell.ip)
    assert shell.ip.Completer.custom_matchers.count(completion.match) == 1
    assert configurables(shell.ip) == ["BentleyMagics"]


def test_unloading_leaves_nothing_behind(plain_shell):
    ip = plain_shell.ip
    matchers = list(ip.Completer.custom_matchers)
    other = lambda context: {"completions": []}  # noqa: E731
    ip.Completer.custom_matchers.append(other)
    plain_shell.run("%load_ext bentley_nb")
    plain_shell.run("%unload_ext bentley_nb")
    assert kinds_with_bentley(ip) == []
    assert ip.Completer.custom_matchers == [*matchers, other]  # those of others stay
    assert configurables(ip) == []
    assert "BentleyMagics" not in ip.magics_manager.registry
    plain_shell.fails("get_ipython().run_line_magic('bentley', '')")
    assert "not found" in plain_shell.said
    plain_shell.run("%load_ext bentley_nb")
    plain_shell.run("%bentley help status")
    plain_shell.run("%unload_ext bentley_nb")


def test_unloading_leaves_a_magic_of_the_same_name_that_somebody_else_made(shell):
    ours = shell.ip.magics_manager.magics["cell"]["bentley"]
    shell.ip.register_magic_function(lambda line: "mine", "line", "bentley")
    bentley_nb.unload_ipython_extension(shell.ip)
    assert shell.ip.run_line_magic("bentley", "") == "mine"
    assert ours not in shell.ip.magics_manager.magics["cell"].values()


def test_reloading_keeps_the_connection(demo_shell):
    client, schedule = _session.connected(), _session.current()
    demo_shell.run("%bentley tasks")
    demo_shell.run("%reload_ext bentley_nb")
    assert _session.connected() is client
    assert _session.current() is schedule
    assert "tasks" in repr(demo_shell.run("%bentley status"))
    assert demo_shell.complete("%bentley look") == ["%bentley look-ahead"]


def test_settings_of_the_profile_count(plain_shell):
    plain_shell.ip.config.BentleyMagics.page_size = 700
    plain_shell.run("%load_ext bentley_nb")
    assert bentley_nb.options.page_size == 700
    plain_shell.run("%unload_ext bentley_nb")


@pytest.mark.parametrize(
    ("setting", "reason"),
    [
        ("page_size = 0", "page_size must be a whole number from 1 to 10,000, not 0."),
        ("display_zone = 'Mars'", "display_zone: there is no time zone 'Mars'."),
        ("full_traceback = 3", "full_traceback"),
    ],
)
@pytest.mark.parametrize("by_profile", [True, False])
def test_a_bad_setting_does_not_keep_it_from_being_loaded(plain_shell, setting, reason, by_profile):
    shell = plain_shell
    name, _, value = setting.partition(" = ")
    if by_profile:
        shell.ip.config.BentleyMagics[name] = ast.literal_eval(value)
        shell.run("%load_ext bentley_nb")
        assert shell.said.startswith(f"Note: the setting BentleyMagics.{name} is left out: ")
        assert reason in shell.said
        assert len(shell.said.splitlines()) == 1
    else:
        shell.run("%load_ext bentley_nb")
        shell.run(f"%config BentleyMagics.{setting}")  # which IPython refuses, and keeps
        shell.run("%reload_ext bentley_nb")
    assert configurables(shell.ip) == ["BentleyMagics"]
    shell.run("%config BentleyMagics.page_size = 100")
    shell.run("%reload_ext bentley_nb")
    assert shell.said == ""
    assert bentley_nb.options.page_size == 100
    assert shell.complete("%bentley look") == ["%bentley look-ahead"]
    shell.run("%unload_ext bentley_nb")
    assert configurables(shell.ip) == []


def test_what_is_set_now_outlives_what_was_configured_before(shell):
    shell.run("%config BentleyMagics.display_zone = 'Europe/Berlin'")
    shell.run("%config BentleyMagics.full_traceback = True")
    bentley_nb.options.display_zone = "Asia/Tokyo"
    shell.run("%reload_ext bentley_nb")
    assert bentley_nb.options.display_zone == "Asia/Tokyo"
    assert shell.run("%config BentleyMagics.full_traceback") is True


@pytest.mark.kernel
def test_in_a_real_kernel(kernel):
    """One kernel: loading is silent and imports nothing heavy; unload and reload work; an error is an error output."""
    before = set(eval(kernel.must("import sys; sorted(sys.modules)").result))
    loaded = kernel.must("%load_ext bentley_nb")
    assert [message["msg_type"] for message in loaded.messages] == ["status", "execute_input", "status"]
    kernel.must("%bentley")
    after = set(eval(kernel.must("sorted(sys.modules)").result))
    assert not (after - before) & HEAVY
    kernel.must("%bentley demo")
    assert kernel.must("df = %bentley tasks\ndf.shape").result == "(400, 35)"
    assert "already loaded" in kernel.must("%load_ext bentley_nb").text
    kernel.must("%reload_ext bentley_nb")
    assert kernel.must("df = %bentley task_links\nlen(df) > 300").result == "True"
    failed = kernel.run("%bentley taks")
    assert failed.error["ename"] == "InvalidRequest"
    assert len(failed.error["traceback"]) == 1
    kernel.must("%unload_ext bentley_nb")
    assert "UsageError" in kernel.run("%bentley tasks").text
    assert (
        kernel.must("[type(c).__name__ for c in get_ipython().configurables if 'Bentley' in type(c).__name__]").result
        == "[]"
    )
    kernel.must("%load_ext bentley_nb")
    assert "Harbour Point Tower" in kernel.must("%bentley status").result


@pytest.mark.kernel
def test_stop_ends_a_long_read_soon(kernel):
    kernel.must(
        "%load_ext bentley_nb\n"
        "import bentley_nb as bn\n"
        "from bentley_nb import _session, functions\n"
        "from bentley_nb.sandbox import Sandbox\n"
        "slow = Sandbox(rows=3000, latency=1.0).start()\n"
        "_session.set_default(bn.connect(slow.client_id, slow.client_secret, token_url=slow.token_url,\n"
        "    api_url=slow.api_url('platform'), projects_url=slow.projects_url, page_size=50))\n"
        "_session.use(functions.schedule(slow.schedule_id))"
    )
    sent = kernel.start("print('reading')\n%bentley tasks")
    while kernel._next()["msg_type"] != "stream":
        pass
    time.sleep(1.5)
    outcome = kernel.stop(sent)
    assert outcome.error["ename"] == "KeyboardInterrupt"
    assert outcome.shown == "KeyboardInterrupt: %bentley was stopped."
    assert outcome.seconds < 2
    assert kernel.must("1 + 1").result == "2"


def displayed(shell, value):
    return shell.ip.display_formatter.format(value)[0]


def test_frames_of_the_package_are_displayed_its_way_and_others_as_before(demo_shell):
    import pandas as pd

    ours, other = demo_shell.run("%bentley tasks"), pd.DataFrame({"planned_start": [1]})
    assert "Planned start" in displayed(demo_shell, ours)["text/html"]
    assert "Planned start" in displayed(demo_shell, ours)["text/plain"]
    assert displayed(demo_shell, other) == {"text/plain": repr(other), "text/html": other._repr_html_()}
    assert "[400 rows x 35 columns]" in repr(ours)  # methods of the frame are untouched
    demo_shell.run("%config BentleyMagics.display = 'pandas'")
    assert displayed(demo_shell, ours)["text/html"] == ours._repr_html_()
    bentley_nb.options.display = "report"
    demo_shell.run("%unload_ext bentley_nb")
    assert displayed(demo_shell, ours) == {"text/plain": repr(ours), "text/html": ours._repr_html_()}
    demo_shell.run("%load_ext bentley_nb")
    assert "Planned start" in displayed(demo_shell, ours)["text/html"]


def test_a_printer_that_somebody_else_registered_for_frames_is_kept(plain_shell):
    import pandas as pd

    html = plain_shell.ip.display_formatter.formatters["text/html"]
    html.for_type(pd.DataFrame, lambda frame: "theirs")
    plain_shell.run("%load_ext bentley_nb")
    assert displayed(plain_shell, pd.DataFrame({"x": [1]}))["text/html"] == "theirs"
    plain_shell.run("%unload_ext bentley_nb")
    assert displayed(plain_shell, pd.DataFrame({"x": [1]}))["text/html"] == "theirs"
