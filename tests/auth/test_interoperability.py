"""The token flow against an OAuth server that was written elsewhere: oidc-provider, where node and npm are present."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator

import pytest

import bentley_nb as bn
from tests.scripted import CLIENT_ID, SCHEDULE, Request, ScriptedService
from tests.scripted import Reply as Scripted

CLIENT_SECRET = "a+b/c=d&e%20f%g"

SERVER = """
const { default: Provider } = await import('oidc-provider');
const [id, secret] = JSON.parse(process.argv[2]);
const provider = new Provider('http://127.0.0.1', {
  clients: [{
    client_id: id, client_secret: secret, grant_types: ['client_credentials'], redirect_uris: [], response_types: [],
    token_endpoint_auth_method: 'client_secret_post', scope: 'itwin-platform',
  }],
  scopes: ['itwin-platform', 'enterprise'],
  features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
});
const server = provider.listen(0, '127.0.0.1', () => console.log('port ' + server.address().port));
"""


@pytest.fixture(scope="module")
def token_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("node and npm are not installed")
    folder = tmp_path_factory.mktemp("oidc")
    install = [
        npm,
        "install",
        "--no-audit",
        "--no-fund",
        "--ignore-scripts",
        "--prefix",
        str(folder),
        "oidc-provider@9",
    ]
    try:
        subprocess.run(install, check=True, capture_output=True, timeout=120, cwd=folder)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        pytest.skip("oidc-provider could not be installed: no package registry is in reach")
    (folder / "server.mjs").write_text(SERVER, encoding="utf-8")
    with subprocess.Popen(
        [node, "server.mjs", json.dumps([CLIENT_ID, CLIENT_SECRET])],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stdout is not None
        port = next((line.split()[1] for line in server.stdout if line.startswith("port ")), None)
        assert port is not None, "oidc-provider did not start"
        yield f"http://127.0.0.1:{port}/token"
        server.kill()


def test_a_secret_of_special_characters_gets_a_token_that_is_sent(service: ScriptedService, token_url: str) -> None:
    def tasks(request: Request) -> Scripted:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        return Scripted(body={"tasks": [{"id": "1"}]}) if scheme == "Bearer" and len(token) > 20 else Scripted(401)

    service.on(f"/schedules/{SCHEDULE}/tasks", tasks)
    assert len(service.schedule(client_secret=CLIENT_SECRET, token_url=token_url).tasks()) == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"client_secret": CLIENT_SECRET[:-1]}, "invalid_client"),
        ({"client_secret": CLIENT_SECRET, "client_id": "service-unknown"}, "invalid_client"),
        ({"client_secret": CLIENT_SECRET, "scope": "enterprise"}, "invalid_scope"),
    ],
    ids=["secret", "client", "scope"],
)
def test_a_refusal_says_what_the_server_said(
    service: ScriptedService, token_url: str, options: dict[str, str], said: str
) -> None:
    with pytest.raises(bn.CredentialsRejected, match=said) as caught:
        service.schedule(token_url=token_url, **options).tasks()
    assert options["client_secret"] not in str(caught.value)
