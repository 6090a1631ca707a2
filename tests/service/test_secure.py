"""Certificates and proxies as the environment has them, over real sockets."""

from __future__ import annotations

import ipaddress
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import bentley_nb as bn
from bentley_nb.transport import retries
from tests.scripted import ScriptedService

PROJECTS = {"iTwins": [{"id": "p1", "displayName": "Tower"}]}


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retries, "BACKOFF_SECONDS", 0.001)
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company's own certificate for this machine, and its key, in one file."""
    pytest.importorskip("cryptography", reason="cryptography, which makes the certificate, is not installed")
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("certificates") / "company.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return path


@pytest.fixture
def secure(certificate: Path) -> Iterator[ScriptedService]:
    """The scripted service behind https, with the company's certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with ScriptedService(context) as running:
        running.on("/itwins", PROJECTS)
        yield running


def test_a_ca_bundle_of_the_environment_is_honoured(
    secure: ScriptedService, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    assert secure.connect().projects()["display_name"].tolist() == ["Tower"]


def test_nothing_is_sent_where_the_certificate_is_not_trusted(secure: ScriptedService) -> None:
    with pytest.raises(bn.ServiceUnavailable, match=r"not trusted \(self.signed certificate\)") as caught:
        secure.connect().projects()
    assert "set REQUESTS_CA_BUNDLE" in str(caught.value)
    assert not secure.requests


@pytest.mark.parametrize("endpoint", ["token", "projects"])
@pytest.mark.parametrize("there", [False, True])
def test_a_ca_bundle_without_certificates(
    service: ScriptedService,
    secure: ScriptedService,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    endpoint: str,
    *,
    there: bool,
) -> None:
    bundle = tmp_path / "bundle.pem"
    if there:
        bundle.write_text("nothing\n", encoding="utf-8")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle))
    client = service.connect(
        **{"token": {"token_url": f"{secure.url}/t"}, "projects": {"projects_url": f"{secure.url}/itwins"}}[endpoint]
    )
    with pytest.raises(
        bn.ServiceUnavailable, match="file named by REQUESTS_CA_BUNDLE does not exist, or contains no"
    ) as caught:
        client.projects()
    assert caught.value.correlation_id is None  # nothing was sent
    assert caught.value.__cause__ is caught.value.__context__ is None


@pytest.mark.parametrize(
    ("proxy", "said"),
    [
        ("not a proxy", "or that of the proxy, is malformed"),
        ("http://", "or that of the proxy, is malformed"),
        ("ftp://127.0.0.1:1", "or that of the proxy, is malformed"),
        ("http://user:hunter2@127.0.0.1:1", "the proxy refused or cannot be reached"),
    ],
)
def test_a_proxy_that_is_none(monkeypatch: pytest.MonkeyPatch, proxy: str, said: str) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    client = bn.connect("id", "s", token_url="https://token.example/t", progress=False)
    with pytest.raises(bn.ServiceUnavailable, match=said) as caught:
        client.projects()
    assert "Check HTTPS_PROXY" in str(caught.value)
    assert "hunter2" not in str(caught.value)


@pytest.fixture
def proxy(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A proxy that answers every CONNECT with one status; gives the hosts it was asked for."""
    asked: list[str] = []

    class Refuses(BaseHTTPRequestHandler):
        def do_CONNECT(self) -> None:
            asked.append(self.path)
            self.send_error(request.param)

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Refuses) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        monkeypatch.setenv("HTTPS_PROXY", f"http://user:hunter2@127.0.0.1:{server.server_address[1]}")
        yield asked
        server.shutdown()


@pytest.mark.parametrize(
    ("proxy", "said", "advice", "requests"),
    [
        (403, r"the proxy refuses to connect there \(403\)", "name it in NO_PROXY. The service was not reached", 1),
        (407, r"the proxy wants a user name and password \(407\)", "Set HTTPS_PROXY=http://user:password@host", 1),
        (502, r"the proxy refuses to connect there \(502\)", "allow this host", 6),  # may pass
    ],
    indirect=["proxy"],
    ids=["403", "407", "502"],
)
@pytest.mark.parametrize("of", ["token", "api"])
def test_a_proxy_that_refuses_to_connect(
    service: ScriptedService, proxy: list[str], said: str, advice: str, requests: int, of: str
) -> None:
    given = {"token_url": "https://service.test/token"} if of == "token" else {"api_url": "https://service.test/s"}
    with pytest.raises(bn.ServiceUnavailable, match=said) as caught:
        service.schedule(**given).tasks()
    assert advice in str(caught.value)
    assert "hunter2" not in str(caught.value)
    assert caught.value.correlation_id is None  # nothing reached the service
    assert proxy == ["service.test:443"] * requests


def test_an_address_that_does_not_speak_https(service: ScriptedService) -> None:
    client = service.connect(token_url=service.url.replace("http:", "https:") + "/connect/token")
    with pytest.raises(bn.ServiceUnavailable, match="no secure connection could be made"):
        client.projects()
