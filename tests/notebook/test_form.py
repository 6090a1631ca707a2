"""The sign-in form: what it says, what it keeps, and that the secret rests nowhere."""

from __future__ import annotations

import copy
import html
import json
import logging
import pickle
import re
import threading
from pathlib import Path

import pytest
from dotenv import dotenv_values
from ipywidgets import Widget

import bentley_nb as bn
from bentley_nb import _session
from bentley_nb.auth.secret import Secret
from bentley_nb.auth.stores import env_path
from bentley_nb.notebook.sign_in.form import SecretField, SignInForm
from bentley_nb.notebook.sign_in.signing_in import Addresses
from tests.scripted import Reply

SECRET = "s3cret+typed/by=hand"


@pytest.fixture
def form(addresses):
    return SignInForm(Addresses.of(**dict.fromkeys(("scope", "token_url", "api_url", "projects_url"))))


def fill(form, client_id, secret):
    """Type as the page does: it sends the state of one field at a time."""
    form.client_id.set_state({"value": client_id})
    form.secret.set_state({"value": secret})


def sign_in(form, client_id, secret):
    fill(form, client_id, secret)
    form.connect.click()
    form.wait(60)
    return text(form)


def text(form):
    return html.unescape(re.sub(r"<[^>]+>", "\n", form.message.value))


def enter(field):
    field._handle_custom_msg({"event": "submit"}, [])


# What it says -----------------------------------------------------------------------------------------------------


def test_signing_in_says_who_and_what_is_to_be_seen(form, addresses):
    said = sign_in(form, addresses.client_id, addresses.client_secret)
    assert "Signed in as service-… (platform surface)." in said
    assert "3 projects: Harbour Point Marina, Harbour Point Tower, Quayside Residences." in said
    assert _session.connected().explain()["source"] == "the sign-in form"
    assert len(bn.projects()) == 3
    assert form.secret.taken is None


def test_a_wrong_secret_is_answered_in_words(form, addresses):
    before = _session.connected()
    said = sign_in(form, addresses.client_id, "wrong")
    assert "Not signed in: The token endpoint refused the service application service-…" in said
    assert "Check the client id and the secret" in said
    assert "Traceback" not in said
    assert _session.connected() is before
    assert "role='alert'" in form.message.value
    # The secret is kept for another try, so that a wrong id alone can be corrected.
    assert form.secret.taken == Secret("wrong")
    assert form.connect.disabled is False


def test_without_an_invitation_the_steps_and_the_address_are_shown(form, addresses):
    said = sign_in(form, addresses.uninvited_id, addresses.uninvited_secret)
    assert "It has not been invited into any project yet" in said
    assert "Administration > Manage your team > Add users" in said
    assert form.address.value == "service-uninvited@apps.imsoidc.bentley.com"
    assert form.address.layout.display == "flex"
    assert _session.connected() is not None
    fill(form, addresses.client_id, addresses.client_secret)
    form.connect.click()
    assert form.address.layout.display == "none"  # the address of the attempt before goes when the next one begins
    assert form.address.value == ""
    form.wait(60)


def test_the_form_explains_the_surfaces_and_where_a_client_id_comes_from(form):
    assert "developer portal" in form.children[0].value
    assert "Platform: the schedules of the iTwin Platform API." in form._meaning.value
    form.surface.value = "enterprise"
    assert "Enterprise: the older API" in form._meaning.value


def test_waits_and_retries_are_seen_in_the_form(service):
    service.on("/itwins", [Reply(503, {}, {"Retry-After": "1"}), Reply(body={"iTwins": []})])
    form = SignInForm(at(service))
    said = []
    form.message.observe(lambda change: said.append(change["new"]), "value")
    assert "It has not been invited into any project yet" in sign_in(form, "service-0123456789", SECRET)
    assert any("answers 503, attempt 2 of 6 in 1 s, as the service asks." in words for words in said)


def test_no_correlation_id_where_no_request_left(service):
    closed = Addresses.of(token_url="http://127.0.0.1:9/token", scope=None, api_url=None, projects_url=None)
    said = sign_in(SignInForm(closed), "service-0123456789", SECRET)
    assert "Not signed in: No answer from the token endpoint" in said
    assert "Correlation id" not in said


def test_a_list_of_projects_that_is_refused_is_no_failure(service):
    service.on("/itwins", Reply(403, {"error": {"code": "InsufficientPermissions", "message": "no"}}))
    form = SignInForm(at(service))
    said = sign_in(form, "service-0123456789", SECRET)
    assert "Signed in as service-…" in said
    assert "The service refuses the list of projects; schedules may still be readable by id" in said
    assert _session.connected() is not None


def test_names_of_the_service_are_escaped(service):
    evil = "</div><img src=x onerror=alert(1)>"
    service.on("/itwins", {"iTwins": [{"id": "11111111-2222-3333-4444-555555555555", "displayName": evil}]})
    form = SignInForm(at(service))
    sign_in(form, "service-0123456789", SECRET)
    assert evil not in form.message.value
    assert html.escape(evil) in form.message.value


def test_both_fields_are_needed(form):
    form.connect.click()
    form.wait()
    assert "Client id and client secret are both needed." in text(form)
    form.client_id.value = "service-abc"
    form.connect.click()
    form.wait()
    assert "both needed" in text(form)


def test_a_wrong_address_is_answered_at_once(form, addresses):
    form.token_url.value = "http://example.com/token"
    said = sign_in(form, addresses.client_id, addresses.client_secret)
    assert "Not signed in: The token URL must begin with https://" in said
    assert form.connect.disabled is False


def test_a_bug_of_ours_shows_no_traceback(form, addresses, monkeypatch, capsys):
    monkeypatch.setattr("bentley_nb.notebook.sign_in.form.sign_in", lambda *_, **__: 1 / 0)
    said = sign_in(form, addresses.client_id, addresses.client_secret)
    assert "something went wrong in bentley_nb itself (ZeroDivisionError)" in said
    assert form.connect.disabled is False
    assert capsys.readouterr().err == ""


def at(service, **more):
    return Addresses.of(
        scope=None,
        token_url=f"{service.url}/connect/token",
        api_url=f"{service.url}/schedules",
        projects_url=f"{service.url}/itwins",
        **more,
    )


# How it behaves ---------------------------------------------------------------------------------------------------


def test_a_second_click_while_connecting_is_ignored(service):
    asked = threading.Event()
    answer = threading.Event()

    def slow(request):
        asked.set()
        answer.wait(60)
        return service.give_token(request)

    service.on("/connect/token", slow)
    service.on("/itwins", {"iTwins": []})
    form = SignInForm(at(service))
    fill(form, "service-0123456789", SECRET)
    form.connect.click()
    assert asked.wait(60)
    assert (form.connect.disabled, form.connect.description, form.connect.icon) == (
        True,
        "Connecting …",
        "spinner spin",
    )
    assert "Connecting to the iTwin Platform surface" in text(form)
    form.connect.click()
    enter(form.secret)
    form.submit()
    answer.set()
    form.wait(60)
    assert len(service.asked("/connect/token")) == 1
    assert (form.connect.disabled, form.connect.description) == (False, "Connect")


def test_enter_submits_whether_it_arrives_before_or_after_the_value(form, addresses):
    form.client_id.value = addresses.client_id
    enter(form.secret)
    form.secret.set_state({"value": addresses.client_secret})
    form.wait(60)
    assert "Signed in" in text(form)

    form.message.value = ""
    form.secret.set_state({"value": addresses.client_secret})
    assert form.message.value == ""  # leaving the field is no Enter
    enter(form.secret)
    form.wait(60)
    assert "Signed in" in text(form)

    form.message.value = ""
    form.secret.set_state({"value": addresses.client_secret})
    enter(form.client_id)
    form.wait(60)
    assert "Signed in" in text(form)


@pytest.mark.parametrize("submit", [lambda form: enter(form.secret), lambda form: form.connect.click()])
def test_a_new_secret_that_is_still_on_its_way_counts(form, addresses, submit):
    """The page sent Enter, or a click, before the value: the secret that was refused must not be sent again."""
    assert "Not signed in" in sign_in(form, addresses.client_id, "wrong")
    submit(form)
    assert form.connect.disabled
    form.secret.set_state({"value": addresses.client_secret})
    form.wait(60)
    assert "Signed in" in text(form)


def test_the_same_secret_can_be_tried_again(form, addresses):
    assert "Not signed in" in sign_in(form, "service-other", addresses.client_secret)
    form.client_id.set_state({"value": addresses.client_id})
    form.connect.click()
    form.wait(60)
    assert "Signed in" in text(form)


def test_other_messages_of_the_page_submit_nothing(form):
    form.secret._handle_custom_msg({"event": "focus"}, [])
    assert form.connect.disabled is False
    assert form.message.value == ""


def test_a_secret_that_never_comes_is_asked_for(form, addresses):
    form.client_id.value = addresses.client_id
    enter(form.secret)
    enter(form.secret)
    form.wait(60)
    assert "both needed" in text(form)
    assert form.connect.disabled is False
    form.secret.set_state({"value": addresses.client_secret})
    assert "both needed" in text(form)  # that Enter is over


def test_advanced_fields_are_hidden_until_wanted(form, addresses):
    hidden = form._more.layout
    assert hidden.display == "none"
    form.advanced.value = True
    assert hidden.display == "flex"
    form.advanced.value = False
    assert hidden.display == "none"
    assert form.token_url.value == addresses.token_url  # taken from the environment


def test_the_other_surface_and_a_scope_of_one_s_own(service):
    service.on("/itwins", {"iTwins": []})
    form = SignInForm(at(service, surface="enterprise"))
    assert form.surface.value == "enterprise"
    form.scope.value = "enterprise extra"
    sign_in(form, "service-0123456789", SECRET)
    assert _session.connected().surface == "enterprise"
    assert service.asked("/connect/token")[0].form["scope"] == "enterprise extra"


def test_every_field_has_a_label(form):
    fields = [form.client_id, form.secret, form.surface, form.scope, form.token_url, form.api_url, form.projects_url]
    for field in [
        *fields,
        form.keep_env,
        form.keep_keyring,
        form.connect,
        form.advanced,
        form.address,
        form.replace,
        form.leave,
    ]:
        assert field.description


def test_no_colour_is_fixed(form, addresses):
    sign_in(form, addresses.client_id, "wrong")
    colours = re.findall(r"#[0-9a-f]{3,8}|rgb\(|color:\s*\w+", form.message.value)
    assert colours == []


def test_its_text_says_what_to_do_where_it_cannot_be_shown(form):
    assert form._repr_mimebundle_()["text/plain"] == (
        "Sign-in form. Where no form is shown here: bentley_nb.login(form=False)"
    )


# Keeping ----------------------------------------------------------------------------------------------------------


def test_the_pair_is_kept_in_a_file_once_it_has_worked(form, addresses):
    form.keep_env.value = True
    sign_in(form, addresses.client_id, "wrong")
    assert not Path(".env").exists()
    said = sign_in(form, addresses.client_id, addresses.client_secret)
    assert f"Kept in {env_path()}, readable by you only" in said
    assert dotenv_values(".env", interpolate=False)["BENTLEY_CLIENT_SECRET"] == addresses.client_secret
    assert dotenv_values(".env")["BENTLEY_TOKEN_URL"] == addresses.token_url
    assert Path(".env").stat().st_mode & 0o777 == 0o600
    assert len(bn.connect().projects()) == 3


def test_another_pair_is_written_over_only_when_that_is_said(form, addresses):
    held = "BENTLEY_CLIENT_ID=service-older\nBENTLEY_CLIENT_SECRET=older\n"
    Path(".env").write_text(held)
    form.keep_env.value = True
    said = sign_in(form, addresses.client_id, addresses.client_secret)
    assert "already contains another pair (BENTLEY_CLIENT_ID is service-…); nothing was written. Replace it?" in said
    assert form._answers.layout.display == "flex"
    form.leave.click()
    assert Path(".env").read_text() == held
    assert form._answers.layout.display == "none"
    sign_in(form, addresses.client_id, addresses.client_secret)
    form.replace.click()
    assert "Kept in" in text(form)
    assert dotenv_values(".env", interpolate=False)["BENTLEY_CLIENT_ID"] == addresses.client_id
    form.replace.click()  # a click too many
    assert "Kept in" in text(form)


def test_git_is_mentioned_before_and_after(form, addresses):
    import subprocess

    subprocess.run(["git", "init"], check=True, capture_output=True)
    form.keep_env.value = True
    assert "git does not ignore" in form._git.value
    assert "git does not ignore" in sign_in(form, addresses.client_id, addresses.client_secret)
    form.keep_env.value = False
    assert form._git.value == ""


def test_a_file_that_cannot_be_written_is_said_and_nothing_is_lost(form, addresses):
    Path(".env").write_bytes(b"\xff\xfe")
    form.token_url.value = addresses.token_url
    form.keep_env.value = True
    said = sign_in(form, addresses.client_id, addresses.client_secret)
    assert "Signed in" in said
    assert "cannot be read: it is not UTF-8 text" in said


def test_a_file_that_cannot_be_replaced_either_is_said(form, addresses):
    Path(".env").write_text("BENTLEY_CLIENT_ID=service-older\nBENTLEY_CLIENT_SECRET=older\n")
    form.keep_env.value = True
    sign_in(form, addresses.client_id, addresses.client_secret)
    Path(".env").write_bytes(b"\xff\xfe")
    form.replace.click()
    assert "cannot be read: it is not UTF-8 text" in text(form)


def test_the_keyring(form, addresses, keyring_in_memory):
    form.keep_keyring.value = True
    said = sign_in(form, addresses.client_id, addresses.client_secret)
    assert "Kept in the keyring of this machine; it is read where BENTLEY_KEYRING=1 is set" in said
    assert keyring_in_memory.get_password("bentley-nb", "client_secret") == addresses.client_secret


def test_without_keyring_the_box_says_what_it_needs(addresses, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    form = SignInForm(Addresses.of())
    assert form.keep_keyring.disabled
    assert '%pip install "bentley-nb[keyring]"' in form.keep_keyring.description


# The secret -------------------------------------------------------------------------------------------------------


@pytest.fixture
def sent(monkeypatch):
    """All that widgets send to the page."""
    messages = []
    original = Widget._send
    monkeypatch.setattr(
        Widget,
        "_send",
        lambda self, message, buffers=None: (messages.append(copy.deepcopy(message)), original(self, message, buffers)),
    )
    return messages


@pytest.mark.parametrize("way", ["from the page", "from Python"])
def test_a_secret_passes_through_the_field_and_leaves_nothing(way, sent, caplog):
    caplog.set_level(logging.DEBUG)
    seen = []
    field = SecretField()
    field.observe(lambda change: seen.append(dict(change)), "value")
    if way == "from the page":
        field.set_state({"value": SECRET})
    else:
        field.value = SECRET
    assert field.taken == Secret(SECRET)
    assert field.value == ""
    traces = [
        json.dumps(sent),
        repr(seen),
        repr(field),
        json.dumps(field.get_state(), default=repr),
        caplog.text,
        repr(field.trait_values()),
    ]
    assert not [trace for trace in traces if SECRET in trace]
    assert {"method": "update", "state": {"value": ""}, "buffer_paths": []} in sent  # the page is emptied


def test_a_field_made_with_a_value_is_empty(sent):
    field = SecretField(value=SECRET)
    assert field.taken == Secret(SECRET)
    assert field.get_state()["value"] == ""
    assert field.continuous_update is False


def test_a_secret_like_the_last_one_is_taken_again():
    field = SecretField()
    for _ in range(2):
        field.set_state({"value": SECRET})
        assert field.taken == Secret(SECRET)
        field.forget()
        assert field.taken is None
        assert field.placeholder == ""


def test_the_placeholder_does_not_tell_how_long_it_is():
    short, long = SecretField(), SecretField()
    short.value, long.value = "a", "a" * 80
    assert short.placeholder == long.placeholder != ""


def test_nothing_of_the_secret_is_left_in_any_widget(form, addresses, sent, caplog):
    caplog.set_level(logging.DEBUG)
    for secret in ("wrong+secret", addresses.client_secret):
        sign_in(form, addresses.client_id, secret)
        states = json.dumps(Widget.get_manager_state(), default=repr)
        for trace in (
            states,
            json.dumps(sent, default=repr),
            caplog.text,
            repr(form),
            repr(vars(form.secret)),
            repr(_session.connected()),
        ):
            assert secret not in trace
            assert html.escape(secret) not in trace
    with pytest.raises(TypeError):
        pickle.dumps(Secret(SECRET))


def test_a_failure_while_taking_it_shows_nothing(monkeypatch, capsys):
    def broken():
        raise RuntimeError("no thread can be started")

    field = SecretField(broken)
    field._handle_msg({"content": {"data": {"method": "update", "state": {"value": SECRET}}}, "buffers": []})
    assert field.value == ""
    assert field.taken == Secret(SECRET)
    assert SECRET not in "".join(capsys.readouterr())


def test_a_notebook_saved_at_the_wrong_moment_is_reported(form, addresses, monkeypatch):
    monkeypatch.setenv("JPY_SESSION_NAME", str(Path("mine.ipynb").resolve()))
    assert "file contains it" not in sign_in(form, addresses.client_id, addresses.client_secret)  # not saved yet
    Path("mine.ipynb").write_text(json.dumps({"value": addresses.client_secret}, ensure_ascii=False), encoding="utf-8")
    said = sign_in(form, addresses.client_id, addresses.client_secret)
    assert "Signed in" in said
    assert "its file contains it" in said
    assert "Save it again now" in said
    Path("mine.ipynb").write_text("{}")
    assert "file contains it" not in sign_in(form, addresses.client_id, addresses.client_secret)
