"""An endpoint is asked only at a public address, under a listed name, and at the address that was looked at."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.endpoints import Answers, Endpoint, EndpointRefused, Outcome, Reach, is_public
from tests.evaluation.endpoints.serving import KEY, REACH, Served
from tests.evaluation.endpoints.serving import status as answers

Put = Callable[..., Answers]
PUBLIC = Reach(hosts=frozenset({"model.example"}))


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.255.255.254", "0.0.0.1", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1",
        "169.254.169.254", "100.64.0.1", "100.100.100.200", "192.0.0.192", "192.0.2.1", "198.18.0.1", "198.51.100.1",
        "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "192.88.99.1", "168.63.129.16",
        "::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::808:808",
        "64:ff9b:1::1", "2002:7f00:1::", "2002:808:808::1", "2001:0:4136:e378::1", "2001:db8::1", "3fff::1", "fc00::1",
        "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "100::1", "5f00::1", "2600::1%eth0",
        "", "localhost", "2130706433", "0x7f.1", "127.1", "1.2.3.4.5",
    ],
)  # fmt: skip
def test_what_is_not_public_is_known(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "193.167.0.1", "2606:4700:4700::1111", "2a00:1450::1"])
def test_what_is_public_is_known(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_an_address_in_the_clothes_of_another_is_never_public(address: object) -> None:
    for form in ("::ffff:{}", "::{}", "64:ff9b::{}"):
        assert not is_public(form.format(address))


@pytest.mark.parametrize("address", ["10.0.0.1", "169.254.169.254", "::1", "fd00::1", "127.0.0.1"])
def test_a_name_with_any_private_address_is_refused(put: Put, server: Served, address: str) -> None:
    endpoint = Endpoint("https://model.example/v1", "m", KEY)
    for addresses in ([address], ["8.8.8.8", address]):
        with pytest.raises(EndpointRefused, match=f"has the address {address}, which is not a public one"):
            put(endpoint=endpoint, reach=PUBLIC, resolver=lambda host, port, found=addresses: found)
    assert server.seen == []


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "2130706433", "0x7f.1", "localhost", "127.1"])
def test_the_ways_to_write_this_machine_are_refused(put: Put, server: Served, host: str) -> None:
    endpoint = Endpoint(f"https://{host}:{server.server_port}/v1", "m", KEY)
    with pytest.raises(EndpointRefused, match=r"not a public one|cannot be resolved"):
        put(endpoint=endpoint, reach=Reach(hosts=frozenset({host.strip("[]")})))
    assert server.seen == []


def test_a_name_that_cannot_be_resolved_is_refused(put: Put) -> None:
    def fails(host: str, port: int) -> list[str]:
        raise OSError(f"no such host as {host}:{port}")

    endpoint = Endpoint("https://model.example/v1", "m", KEY)
    for resolver in (fails, lambda host, port: []):
        with pytest.raises(EndpointRefused, match=r"'model\.example' (cannot be resolved|has no address)"):
            put(endpoint=endpoint, reach=PUBLIC, resolver=resolver)


@pytest.mark.parametrize("hosts", [set(), {"other.example"}, {"example"}, {"a.model.example"}, {"model.example.evil"}])
def test_a_host_that_is_not_listed_is_refused(put: Put, hosts: set[str]) -> None:
    endpoint = Endpoint("https://model.example/v1", "m", KEY)
    with pytest.raises(EndpointRefused, match="not on the list of hosts"):
        put(endpoint=endpoint, reach=Reach(hosts=frozenset(hosts)), resolver=lambda host, port: ["8.8.8.8"])


def test_a_connection_without_encryption_is_refused(put: Put) -> None:
    endpoint = Endpoint("http://model.example/v1", "m", KEY)
    with pytest.raises(EndpointRefused, match="must begin with https"):
        put(endpoint=endpoint, reach=PUBLIC, resolver=lambda host, port: ["8.8.8.8"])


@pytest.mark.parametrize(
    "url",
    [
        "https://me:secret@model.example/v1", "https://me@model.example/v1", "https://model.example@evil.example/v1",
        "ftp://model.example/v1", "file:///etc/passwd", "https:///v1", "model.example/v1", "https://model.example/v1?a=b",
        "https://model.example/v1#a", "https://model.example/a/../v1", "", "https://model.example:99999/v1", "https://[::1/v1",
    ],
)  # fmt: skip
def test_an_address_with_more_or_less_than_it_needs_is_refused(url: str) -> None:
    with pytest.raises(EndpointRefused) as refused:
        Endpoint(url, "m", KEY)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("target", ["http://169.254.169.254/latest/meta-data/", "/v1/other"])
def test_a_redirect_is_never_followed(put: Put, server: Served, status: int, target: str) -> None:
    server.behave = answers(status, b"", Location=target)
    found = put()
    assert [(answer.outcome, answer.status, answer.attempts) for answer in found.answers] == [
        (Outcome.REDIRECTED, status, 1)
    ]
    assert len(server.seen) == 1


def test_the_name_is_resolved_once_and_the_connection_made_to_what_was_judged(put: Put, server: Served) -> None:
    """A name server that answers differently the second time, DNS rebinding, is not asked a second time."""
    asked: list[tuple[str, int]] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append((host, port))
        return ["127.0.0.1"] if len(asked) == 1 else ["192.0.2.1"]

    endpoint = replace(server.endpoint, url=f"http://model.example:{server.server_port}/v1")
    reach = replace(REACH, hosts=frozenset({"MODEL.example."}))
    found = put(5, endpoint=endpoint, reach=reach, resolver=rebinding)
    assert [answer.outcome for answer in found.answers] == [Outcome.ANSWERED] * 5
    assert asked == [("model.example", server.server_port)]
    assert {seen.headers["host"] for seen in server.seen} == {f"model.example:{server.server_port}"}


def test_proxies_of_the_environment_are_not_taken(put: Put, server: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert put().answers[0].outcome is Outcome.ANSWERED
    assert len(server.seen) == 1


def test_cookies_are_neither_kept_nor_sent(put: Put, server: Served) -> None:
    server.behave = answers(200, b'{"choices": [{"text": "a"}]}', Set_Cookie="track=1; Path=/")
    assert len(put(3).answers) == 3
    assert not any("cookie" in seen.headers for seen in server.seen)
