"""A whole session with a secret that is found again wherever it was written: it must be nowhere but where it was put."""

from __future__ import annotations

import base64
import json
import secrets
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import nbformat
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from bentley_nb.sandbox import Sandbox
from tests.notebook.kernel import Kernel
from tests.notebooks.running import prepare
from tests.trust.canaries import contents, quoted

pytestmark = pytest.mark.kernel

SESSION = [
    "import http.client, logging, os, pathlib, pickle, urllib3",
    # Every switch that makes a library talk.
    "logging.basicConfig(filename='debug.log', level=logging.DEBUG)",
    "for name in ('bentley_nb', 'urllib3', 'requests', 'http.client'): logging.getLogger(name).setLevel(logging.DEBUG)",
    "urllib3.add_stderr_logger()\nhttp.client.HTTPConnection.debuglevel = 1",
    "%xmode Verbose",
    "%load_ext bentley_nb",
    "import bentley_nb as bn\nbn.options.progress = True",
    "canary = lambda: pathlib.Path(os.environ['CANARY']).read_text(encoding='utf-8')",
    # The form: typed, sent, kept.
    "from bentley_nb.notebook.sign_in.form import SignInForm",
    "from bentley_nb.notebook.sign_in.signing_in import Addresses",
    "addresses = Addresses.of(**dict.fromkeys(('scope', 'token_url', 'api_url', 'projects_url')))",
    "form = SignInForm(addresses, 'service-demo')\nform",
    "form.secret.set_state({'value': canary()[::-1]})\nform.connect.click()\nform.wait(20)\nform",  # refused
    "form.secret.set_state({'value': canary()})\nform.keep_env.value = True\nform.connect.click()\nform.wait(20)\nform",
    "form.__dict__, form.secret.get_state(), form.secret",
    # Magics.
    "%bentley status",
    "%bentley projects",
    "%bentley use 'Harbour Point Tower'",
    "%bentley tasks",
    "%bentley late",
    "%%bentley\nSELECT count(*) AS tasks FROM tasks",
    # Objects, shown and packed.
    "client = bn.connect(store='pages')\ns = client.schedule('Harbour Point Tower', project='Harbour Point Tower')",
    "client, vars(client), client.explain(), client._repr_html_(), s, vars(s)",
    # Files.
    "t = s.tasks()\ns.to_html('page.html')\ns.to_excel('book.xlsx')",
    "s.to_parquet('tasks', 'tasks.parquet')\nt.to_parquet('frame.parquet')\npickle.dump(t, open('frame.pickle', 'wb'))",
    "s.keep('kept')",
    "t.attrs, bn.open('kept/' + next(os.walk('kept'))[1][0])",
    "other = bn.connect().schedule(s.id)",
]

# Each must fail, and the traceback shows every variable of every frame.
ERRORS = [
    "pickle.dumps(client)",
    "pickle.dumps(s)",
    "def mine(client, s):\n    token = client\n    return 1 / 0\nmine(client, s)",
    "bn.connect('service-demo', canary()[::-1]).projects()",
    "bn.connect(surface=canary())",
    "bn.connect(timeout=canary())",
    "s.tasks(updated_since=canary())",
    "bn.connect(projects_url=canary())",
    "other.codes()",  # the service quotes them: see _quote
    "other.resources()",
    "other.baselines()",
    "%bentley baselines",
    "client.fetch(canary(), [canary()])",
]


@pytest.fixture
def secret() -> str:
    return f'c4n+a/r=y&w%20"q\\ü-{secrets.token_hex(12)}'


@pytest.fixture
def sandbox(secret: str) -> Iterator[Sandbox]:
    with Sandbox(rows=120) as running:
        running.add_client(running.client_id, secret)
        yield running


@pytest.fixture
def work(sandbox: Sandbox, secret: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    kept = tmp_path / "canary"
    kept.write_text(secret, encoding="utf-8")
    given = {
        "CANARY": str(kept),
        "BENTLEY_TOKEN_URL": sandbox.token_url,
        "BENTLEY_API_URL": sandbox.api_url(),
        "BENTLEY_PROJECTS_URL": sandbox.projects_url,
    }
    folder = tmp_path / "work"
    folder.mkdir()
    for name, value in {**prepare(folder / "jupyter"), **given}.items():
        monkeypatch.setenv(name, value)
    return folder


def _saved(outcomes: list[tuple[str, list[dict[str, Any]]]]) -> str:
    """The notebook as a front end would save it, every message in it."""
    cells = [
        new_code_cell(source, outputs=[nbformat.v4.output_from_msg(m) for m in messages if m["msg_type"] in _OUTPUTS])
        for source, messages in outcomes
    ]
    return nbformat.writes(new_notebook(cells=cells))


_OUTPUTS = {"stream", "display_data", "execute_result", "error"}


def test_a_whole_session_writes_the_secret_and_the_token_nowhere(sandbox: Sandbox, secret: str, work: Path) -> None:
    outcomes = []
    with Kernel(work) as kernel:
        for cell in SESSION:
            outcomes.append((cell, kernel.must(cell).messages))  # noqa: PERF401 - a failed cell must say which
        _quote(sandbox, secret)
        for cell in ERRORS:
            outcome = kernel.run(cell)
            assert outcome.error is not None, cell
            outcomes.append((cell, outcome.messages))
        published = kernel.published
    tokens = list(sandbox.tokens._tokens)
    (work / "session.ipynb").write_text(_saved(outcomes), encoding="utf-8")
    (work / "published.json").write_text(json.dumps(published, default=str), encoding="utf-8")

    assert tokens
    found = [(name, quoted(content, [secret, secret[::-1], *tokens])) for name, content in contents(work)]
    names = {name.partition("/")[0] for name, _ in found}
    assert names >= {"session.ipynb", "debug.log", "page.html", "book.xlsx", "tasks.parquet", "pages", "kept"}
    # The form was told to keep the pair there: that it is found shows that the search finds it.
    assert {name: values for name, values in found if values} == {".env": [secret]}


def _quote(sandbox: Sandbox, secret: str) -> None:
    """Let the service put the token and the secret into its answers."""
    token = next(reversed(sandbox.tokens._tokens))
    pair = base64.b64encode(f"{sandbox.client_id}:{secret}".encode()).decode()
    told = f"Bearer {token} {secret} {pair} {quote(secret)} {quote(token)}"
    sandbox.faults.add("/codes", status=403, body={"error": {"code": token, "message": told}})
    sandbox.faults.add("/resources", status=200, body={secret: [], token: []})
    sandbox.faults.add("/baselines", status=200, body=told, times=2)


@pytest.mark.parametrize("way", ["page", "book.xlsx", "table.parquet", "log.gz"])
def test_the_search_finds_what_is_packed(tmp_path: Path, secret: str, way: str) -> None:
    path = tmp_path / way
    if way == "book.xlsx":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("sheet.xml", quote(secret, safe=""))
    elif way == "table.parquet":
        pd.DataFrame({"a": [f"x{secret}"]}).to_parquet(path)
    elif way == "log.gz":
        import gzip

        path.write_bytes(gzip.compress(base64.b64encode(f"id:{secret}".encode())))
    else:
        path.write_text(json.dumps({"a": secret}), encoding="utf-8")
    assert any(quoted(content, [secret]) for _, content in contents(tmp_path))
