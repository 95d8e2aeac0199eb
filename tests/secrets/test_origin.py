"""Only the origin of the base URL is spoken to: not where it sends on to, and through no proxy to itself."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from interviewer.cli import wiring
from interviewer.errors import BadRequestError, GraderError, ServiceDownError
from interviewer.llm.address import Address
from tests.llm.asking import GOOD, a_client, a_wire, complete, send
from tests.support.marked import KEY, traces
from tests.support.server import Answer, Received, ScriptedServer, completion

#: A certificate for loopback that it signed itself, with its key: no secret, it vouches for nothing.
CERTIFICATE = Path(__file__).with_name("loopback.pem")
ELSEWHERE = "http://service.test/v1"
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def other() -> Iterator[ScriptedServer]:
    """Another port of this machine, which would answer."""
    with ScriptedServer(behaviour=lambda received: completion(GOOD)) as server:
        yield server


def sends_on(to: str, status: int = 307) -> Answer:
    return Answer(status=status, headers={"location": to})


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("version", [None, "2024-10-21"])
@pytest.mark.parametrize("is_streamed", [False, True])
def test_nothing_is_sent_to_where_a_service_sends_on(
    other: ScriptedServer, status: int, version: str | None, is_streamed: bool
) -> None:
    on_text = (lambda _: None) if is_streamed else None
    with (
        ScriptedServer(behaviour=lambda _: sends_on(f"{other.url}/{KEY}", status)) as server,
        pytest.raises(BadRequestError, match="sends on to") as caught,
    ):
        complete(a_client(a_wire(server.url, key=KEY, version=version)), on_text=on_text)

    assert other.requests == []
    assert len(server.requests) == 1
    assert traces(f"{caught.value.message} {caught.value.hint}") == []
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    "to",
    ["https://127.0.0.1/v1", "//sk-evil.test/v1", f"http://{KEY[:20]}.evil.test/", "http://localhost:1/v1"],
)
def test_another_scheme_host_or_port_is_elsewhere(to: str) -> None:
    with ScriptedServer(sends_on(to)) as server, pytest.raises(GraderError, match="sends on to") as caught:
        send(a_wire(server.url, key=KEY))

    assert traces(caught.value.message) == []


@pytest.mark.parametrize("to", ["gopher://x/", "http://", "http://[", "/\x00", ""])
def test_a_place_that_is_none_is_told_as_a_fault_of_the_service(to: str) -> None:
    with ScriptedServer(sends_on(to)) as server, pytest.raises(GraderError):
        send(a_wire(server.url, key=KEY))


def test_another_path_of_the_same_origin_is_followed() -> None:
    with ScriptedServer(sends_on("/v1/chat/completions/"), completion(GOOD)) as server:
        reply = send(a_wire(server.url, key=KEY))

    assert reply.text == GOOD
    assert server.requests[1].headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize("name", PROXIES[:3])
def test_a_service_on_this_machine_is_reached_without_a_proxy(
    other: ScriptedServer, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, other.url)
    with ScriptedServer(completion(GOOD)) as server:
        assert send(a_wire(server.url, key=KEY)).text == GOOD

    assert other.requests == []


def test_a_service_elsewhere_is_reached_through_the_proxy_of_the_environment(
    other: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", other.url)

    assert send(a_wire(ELSEWHERE, key=KEY)).text == GOOD
    assert other.requests[0].path == f"{ELSEWHERE}/chat/completions"


def test_a_proxys_password_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(received: Received) -> Answer:
        said = f"who are you, {received.headers['proxy-authorization']}, s3cret/word?"
        return Answer(status=407, body={"error": {"message": said}})

    with ScriptedServer(behaviour=refuse) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url.replace("//", "//me:s3cret%2Fword@"))
        monkeypatch.setenv("INTERVIEWER_BASE_URL", ELSEWHERE)
        monkeypatch.setenv("INTERVIEWER_MODEL", "m")
        with pytest.raises(GraderError) as caught:
            send(wiring.wire_of(wiring.settings_of()))

    assert "407" in caught.value.message
    assert "s3cret" not in caught.value.message
    assert "bWU6czNjcmV0L3dvcmQ" not in caught.value.message


@pytest.mark.parametrize(
    "proxy", ["gopher://me:s3cret-word@proxy", "http://me:s3cret-word@[", "socks5://p:1"]
)
def test_a_proxy_that_cannot_be_used_is_told_as_such(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy)
    monkeypatch.setenv("HTTP_PROXY", proxy)

    with pytest.raises(GraderError) as caught:
        send(a_wire("http://service.invalid/v1", key=KEY))

    assert "s3cret-word" not in f"{caught.value.message} {caught.value.hint}"
    assert caught.value.__cause__ is caught.value.__context__ is None


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1", "http://[::1]/v1", "http://localhost", "https://a.test"]
)
def test_what_stays_here_or_is_encrypted_cannot_be_read_on_the_way(url: str) -> None:
    assert not Address(url, None).is_clear


@pytest.mark.parametrize("url", ["http://a.test/v1", "http://10.0.0.2:8000", "http://gpu-box/v1"])
def test_what_is_sent_by_http_to_another_machine_can_be_read_on_the_way(url: str) -> None:
    assert Address(url, None).is_clear


def test_a_certificate_that_nobody_vouches_for_is_refused_before_anything_is_sent() -> None:
    with (
        ScriptedServer(behaviour=lambda _: completion(GOOD), certificate=CERTIFICATE) as server,
        pytest.raises(ServiceDownError, match=r"(?i)certificate"),
    ):
        send(a_wire(server.url, key=KEY))

    assert server.requests == []


def test_a_certificate_that_the_environment_vouches_for_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    monkeypatch.setattr(ssl, "create_default_context", vars(ssl.create_default_context)["__wrapped__"])
    with ScriptedServer(completion(GOOD), certificate=CERTIFICATE) as server:
        assert send(a_wire(server.url, key=KEY)).text == GOOD
