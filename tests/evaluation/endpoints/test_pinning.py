"""Over TLS the certificate is checked for the host's name, though the connection goes to a pinned address."""

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from evaluation.endpoints import Answers, Outcome, Reach, Retries
from evaluation.endpoints.pinning import PinnedTransport
from tests.evaluation.endpoints.serving import Served

Put = Callable[..., Answers]
Tls = Callable[[str], tuple[ssl.SSLContext, list[str | None]]]
HOST = "model.example"


def certificate(folder: Path, name: str) -> Path:
    """Write a key and a certificate for a name, signed by itself, into one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def over_tls(server: Served, tmp_path: Path) -> Tls:
    """Give a function that lets the server speak TLS under a name; gives whom to trust, and the names asked for."""

    def speak(name: str) -> tuple[ssl.SSLContext, list[str | None]]:
        path = certificate(tmp_path, name)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        asked: list[str | None] = []
        context.sni_callback = lambda socket, server_name, old: asked.append(server_name)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        return ssl.create_default_context(cafile=str(path)), asked

    return speak


def asking(put: Put, server: Served, trust: ssl.SSLContext | None) -> Answers:
    """Ask the server by its name, pinned to this machine."""
    endpoint = replace(server.endpoint, url=f"https://{HOST}:{server.server_port}/v1")
    reach = Reach(hosts=frozenset({HOST}), private=True)
    there = {"resolver": lambda host, port: ["127.0.0.1"], "trust": trust}
    return put(endpoint=endpoint, reach=reach, retries=Retries(attempts=2), **there)


def test_the_name_is_kept_in_the_handshake_and_in_the_request(put: Put, server: Served, over_tls: Tls) -> None:
    trust, asked = over_tls(HOST)
    assert asking(put, server, trust).outcomes == {Outcome.ANSWERED: 1}
    assert asked == [HOST]
    assert server.seen[0].headers["host"] == f"{HOST}:{server.server_port}"


def test_the_certificate_of_another_name_is_refused(put: Put, server: Served, over_tls: Tls) -> None:
    trust, _ = over_tls("other.example")
    assert asking(put, server, trust).outcomes == {Outcome.UNREACHABLE: 1}
    assert server.seen == []


def test_a_certificate_that_nobody_signed_is_refused(put: Put, server: Served, over_tls: Tls) -> None:
    over_tls(HOST)
    found = asking(put, server, None)
    assert found.outcomes == {Outcome.UNREACHABLE: 1}
    assert found.answers[0].detail == "ConnectError"
    assert server.seen == []


@pytest.mark.parametrize("url", ["https://other.example/v1", "http://model.example/v1", "https://model.example:444/v1"])
def test_the_transport_serves_one_origin_alone(url: str) -> None:
    async def attempt() -> None:
        transport = PinnedTransport(httpx.URL("https://model.example/v1"), "192.0.2.1", trust=None, connections=1)
        with pytest.raises(httpx.UnsupportedProtocol):
            await transport.handle_async_request(httpx.Request("POST", url))

    asyncio.run(attempt())
