"""``login()`` and ``%bentley login``: form, prompt, or a clear error, by who sits in front."""

from __future__ import annotations

import getpass
from pathlib import Path

import pytest

import bentley_nb as bn
from bentley_nb import _session
from bentley_nb.auth.secret import Secret
from bentley_nb.notebook.sign_in import login as room

ADVICE = "Set BENTLEY_CLIENT_ID and BENTLEY_CLIENT_SECRET in the environment or in a .env file"


@pytest.fixture
def terminal(monkeypatch):
    """A person at a terminal who gives these answers; what was asked is kept."""
    monkeypatch.setattr(room, "front_end", lambda: "terminal")

    def person(client_id, secret):
        asked = []
        monkeypatch.setattr("builtins.input", lambda question: (asked.append(question), client_id)[1])
        monkeypatch.setattr(getpass, "getpass", lambda question: (asked.append(question), secret)[1])
        return asked

    return person


def test_where_nobody_can_answer_it_says_so_at_once(monkeypatch):
    monkeypatch.setenv("BENTLEY_CLIENT_ID", "service-abc")
    with pytest.raises(bn.CredentialsNotFound, match="Sign-in needs an interactive session") as caught:
        bn.login()
    assert ADVICE in str(caught.value)


def test_the_magic_says_the_same(shell):
    shell.fails("%bentley login")
    assert shell.said.startswith("CredentialsNotFound: Sign-in needs an interactive session")
    assert ADVICE in shell.said


def test_at_a_terminal_the_secret_is_asked_for_hidden(terminal, addresses, capsys):
    asked = terminal(addresses.client_id, addresses.client_secret)
    client = bn.login()
    assert asked == ["Client id of the service application: ", "Client secret (hidden): "]
    assert client is _session.connected()
    assert client.explain()["source"] == "prompt"
    said = capsys.readouterr().out
    assert "Signed in as service-… (platform surface)." in said
    assert "3 projects: Harbour Point Marina, " in said
    assert addresses.client_secret not in said


def test_a_client_id_given_is_offered(terminal, addresses):
    asked = terminal("", addresses.client_secret)
    assert bn.login(addresses.client_id).explain()["client_id"] == "service-…"
    assert asked[0] == f"Client id of the service application [{addresses.client_id}]: "


def test_the_magic_signs_in_too(shell, terminal, addresses):
    terminal(addresses.client_id, addresses.client_secret)
    assert shell.run("%bentley login --surface enterprise") is None
    assert _session.connected().surface == "enterprise"


def test_without_an_invitation_the_steps_are_printed(terminal, addresses, capsys):
    terminal(addresses.uninvited_id, addresses.uninvited_secret)
    bn.login()
    said = capsys.readouterr().out
    assert "It has not been invited into any project yet." in said
    assert "Address: service-uninvited@apps.imsoidc.bentley.com" in said


def test_a_refusal_is_an_error_and_leaves_the_session_as_it_was(terminal, addresses):
    terminal(addresses.client_id, "wrong")
    before = _session.connected()
    with pytest.raises(bn.CredentialsRejected, match="from prompt"):
        bn.login()
    assert _session.connected() is before


def test_no_answer_and_half_an_answer(terminal, addresses):
    terminal("", "")
    with pytest.raises(bn.CredentialsNotFound, match="Nothing was entered"):
        bn.login()
    terminal("service-abc", "")
    with pytest.raises(bn.CredentialsNotFound, match="gives a client id but not a secret"):
        bn.login()


def test_the_end_of_input_is_no_answer(terminal, monkeypatch):
    terminal("x", "y")

    def end(question):
        raise EOFError

    monkeypatch.setattr(getpass, "getpass", end)
    with pytest.raises(bn.CredentialsNotFound, match="Nothing was entered"):
        bn.login()


def test_connect_finds_the_sign_in_with_its_surface_and_addresses(shell, terminal, sandbox, capsys):
    terminal(sandbox.client_id, sandbox.client_secret)
    places = {"token_url": sandbox.token_url, "projects_url": sandbox.projects_url}
    bn.login(surface="enterprise", api_url=sandbox.api_url("enterprise"), **places)
    client = bn.connect(progress=False)
    explained = client.explain()
    assert explained["source"] == "the sign-in of this session"
    assert (explained["surface"], explained["api_url"]) == ("enterprise", sandbox.api_url("enterprise"))
    assert len(client.schedule(sandbox.schedule_id).tasks()) == 150
    # What is given wins, and what belongs to the other surface's API alone is not taken over.
    other = bn.connect(surface="platform").explain()
    assert (other["surface"], other["token_url"]) == ("platform", sandbox.token_url)
    assert (other["api_url"], other["scope"]) == ("https://api.bentley.com/schedules", "itwin-platform")
    assert bn.connect(api_url="http://127.0.0.1:1/x").explain()["api_url"] == "http://127.0.0.1:1/x"
    shell.run("%bentley logout")
    with pytest.raises(bn.CredentialsNotFound, match="the sign-in of this session: not signed in"):
        bn.connect()


def test_arguments_environment_and_files_come_before_the_sign_in(terminal, addresses, monkeypatch, tmp_path):
    terminal(addresses.client_id, addresses.client_secret)
    bn.login()
    assert bn.connect("service-other", "x").explain()["source"] == "arguments"
    named = tmp_path / "named.env"
    named.write_text("FOO=1\n")
    with pytest.raises(bn.CredentialsNotFound):  # a file that is named is what is meant
        bn.connect(env_file=named)
    Path(".env").write_text("BENTLEY_CLIENT_ID=service-file\nBENTLEY_CLIENT_SECRET=x\n")
    assert bn.connect().explain()["client_id"] == "service-…"
    assert bn.connect().explain()["source"].startswith(".env file")
    monkeypatch.setenv("BENTLEY_CLIENT_ID", "service-environment")
    monkeypatch.setenv("BENTLEY_CLIENT_SECRET", "x")
    assert bn.connect().explain()["source"] == "environment"


def test_what_was_signed_in_with_counts_before_what_the_environment_says_of_addresses(terminal, addresses, monkeypatch):
    terminal(addresses.client_id, addresses.client_secret)
    bn.login()
    monkeypatch.setenv("BENTLEY_API_URL", "https://elsewhere.example/schedules")
    assert bn.connect().explain()["api_url"] == addresses.api_url("platform")


def test_a_refused_sign_in_is_not_remembered(terminal, addresses):
    terminal(addresses.client_id, "wrong")
    with pytest.raises(bn.CredentialsRejected):
        bn.login()
    assert _session.signed_in() is None


@pytest.mark.parametrize("secret", [" wr0ng-secret", "wr0ng-secret\t"])
def test_blanks_around_a_refused_secret_are_told_of(terminal, addresses, secret):
    terminal(addresses.client_id, secret)
    with pytest.raises(bn.CredentialsRejected, match="begins or ends with white space") as caught:
        bn.login()
    assert "wr0ng" not in str(caught.value)
    terminal(addresses.client_id, "wr0ng secret")
    with pytest.raises(bn.CredentialsRejected) as caught:
        bn.login()
    assert "white space" not in str(caught.value)


def test_a_wrong_projects_url_is_answered_with_its_name(terminal, sandbox):
    terminal(sandbox.client_id, sandbox.client_secret)
    wrong = f"{sandbox.url}/nowhere"
    with pytest.raises(bn.NotFound) as caught:
        bn.login(token_url=sandbox.token_url, projects_url=wrong)
    assert str(caught.value).splitlines()[:2] == [
        f"There is no list of projects at {wrong}.",
        "Check the Projects URL.",
    ]


def test_that_an_api_url_is_not_tried_is_said_where_one_was_typed(terminal, sandbox, capsys):
    terminal(sandbox.client_id, sandbox.client_secret)
    places = {"token_url": sandbox.token_url, "projects_url": sandbox.projects_url}
    bn.login(**places)
    assert "API URL" not in capsys.readouterr().out
    bn.login(**places, api_url="http://127.0.0.1:1/nowhere")
    said = capsys.readouterr().out
    assert "Signing in does not try the API URL (http://127.0.0.1:1/nowhere): reading a schedule will." in said


def test_a_pair_of_the_environment_comes_before_the_one_kept(terminal, addresses, monkeypatch, capsys):
    monkeypatch.setenv("ITP_SERVICE_CLIENT_ID", "service-other")
    monkeypatch.setenv("ITP_SERVICE_CLIENT_SECRET", "x")
    terminal(addresses.client_id, addresses.client_secret)
    bn.login(remember="env")
    said = capsys.readouterr().out
    assert "connect() finds it there" not in said
    assert (
        "The environment has another pair (ITP_SERVICE_CLIENT_ID), which comes first: connect() takes that one." in said
    )
    monkeypatch.setenv("ITP_SERVICE_CLIENT_ID", addresses.client_id)
    monkeypatch.setenv("ITP_SERVICE_CLIENT_SECRET", addresses.client_secret)
    bn.login(remember="env")
    assert "connect() finds it there." in capsys.readouterr().out


def test_a_pair_of_the_file_comes_before_the_one_in_the_keyring(terminal, addresses, keyring_in_memory, capsys):
    Path(".env").write_text("BENTLEY_CLIENT_ID=service-file\nBENTLEY_CLIENT_SECRET=x\n")
    terminal(addresses.client_id, addresses.client_secret)
    bn.login(remember="keyring")
    said = capsys.readouterr().out
    assert f"{Path.cwd() / '.env'} has another pair (BENTLEY_CLIENT_ID), which comes first" in said


def test_remember_writes_the_file_and_never_over_another_pair(terminal, addresses, capsys):
    terminal(addresses.client_id, addresses.client_secret)
    bn.login(remember="env")
    assert f"Kept in {Path.cwd() / '.env'}, readable by you only" in capsys.readouterr().out
    assert bn.connect().explain()["file"] == str(Path.cwd() / ".env")
    Path(".env").write_text("BENTLEY_CLIENT_ID=service-older\nBENTLEY_CLIENT_SECRET=older\n")
    with pytest.warns(UserWarning, match="already contains another pair"):
        client = bn.login(remember="env")
    assert client is _session.connected()
    assert "older" in Path(".env").read_text()


def test_remember_in_the_keyring(terminal, addresses, keyring_in_memory, monkeypatch):
    terminal(addresses.client_id, addresses.client_secret)
    bn.login(remember="keyring")
    monkeypatch.setenv("BENTLEY_KEYRING", "1")
    assert bn.connect().explain()["source"] == "keyring"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"remember": "evn"}, "Did you mean 'env'"),
        ({"surface": "platfrom"}, "Did you mean 'platform'"),
    ],
)
def test_wrong_options(terminal, options, message):
    terminal("x", "y")
    with pytest.raises(bn.InvalidRequest, match=message):
        bn.login(**options)


def test_an_address_without_https_gets_no_secret(terminal):
    terminal("service-abc", "x")
    with pytest.raises(bn.InvalidRequest, match="The token URL must begin with https://"):
        bn.login(token_url="http://example.com/token")


def test_in_a_notebook_the_form_is_shown(monkeypatch):
    pytest.importorskip("ipywidgets")
    shown = []
    monkeypatch.setattr(room, "front_end", lambda: "notebook")
    monkeypatch.setattr("IPython.display.display", shown.append)
    assert bn.login("service-abc", surface="enterprise", remember="env") is None
    [form] = shown
    assert (form.client_id.value, form.surface.value, form.keep_env.value) == ("service-abc", "enterprise", True)


def test_in_a_notebook_without_forms_the_prompt_is_the_page_s(monkeypatch, terminal, addresses):
    terminal(addresses.client_id, addresses.client_secret)
    monkeypatch.setattr(room, "front_end", lambda: "notebook")
    assert bn.login(form=False) is _session.connected()


def test_no_parameter_takes_a_secret():
    import inspect

    assert not [name for name in inspect.signature(bn.login).parameters if "secret" in name]
    with pytest.raises(TypeError):
        bn.login(client_secret=Secret("x"))


# In real kernels --------------------------------------------------------------------------------------------------


@pytest.mark.kernel
def test_in_a_kernel_that_nobody_sits_in_front_of(kernel):
    outcome = kernel.finish(kernel.start("import bentley_nb as bn\nbn.login()", allow_stdin=False))
    assert outcome.error["ename"] == "CredentialsNotFound"
    assert outcome.shown.startswith("CredentialsNotFound: Sign-in needs an interactive session")
    assert len(outcome.error["traceback"]) <= 3


@pytest.mark.kernel
def test_the_form_in_a_kernel_and_not_a_character_of_the_secret_on_the_wire(addresses, kernel):
    """The page's side of the form, message by message; then every message of the kernel is searched."""
    outcome = kernel.must("%load_ext bentley_nb\n%bentley login")
    assert any(message["msg_type"] == "display_data" for message in outcome.messages)
    state = {
        message["content"]["comm_id"]: message["content"]["data"]["state"]
        for message in kernel.published
        if message["msg_type"] == "comm_open"
    }

    def widget(**wanted):
        [found] = [id_ for id_, held in state.items() if all(held.get(name) == value for name, value in wanted.items())]
        return found

    secret = addresses.client_secret
    kernel.widget(
        widget(description="Client id"),
        {"method": "update", "state": {"value": addresses.client_id}, "buffer_paths": []},
    )
    password = widget(_view_name="PasswordView")
    assert state[password]["continuous_update"] is False
    kernel.widget(password, {"method": "update", "state": {"value": secret}, "buffer_paths": []})
    kernel.widget(password, {"method": "custom", "content": {"event": "submit"}})
    kernel.must(
        "from bentley_nb import _session\nimport time\nfor _ in range(600):\n    if _session.connected(): break\n    time.sleep(0.05)"
    )
    shown = kernel.must("_session.connected().explain()['source']").result
    assert shown == "'the sign-in form'"
    assert "Harbour Point Tower" in kernel.must("%bentley projects").result
    kernel.must("from ipywidgets import Widget; Widget.get_manager_state()")
    assert len(kernel.published) > 30
    everything = repr(kernel.published)
    assert secret not in everything
    assert "taken; type to replace it" in everything  # the messages were looked at, not their absence
    kernel.must("%xmode Verbose")
    failed = kernel.run("%bentley tasks")
    assert failed.error["ename"] == "InvalidRequest"
    assert secret not in repr(failed.messages)
    history = kernel.must("[line for _, _, line in get_ipython().history_manager.get_range()]").result
    assert secret not in history
