"""Where a service is: what is shown of a base URL, and whether it is on this network."""

from __future__ import annotations

import pytest

from interviewer.errors import UsageError
from interviewer.llm.address import Address


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "[::1]", "10.1.2.3", "192.168.0.9", "gpu-box", "box.local", "llm.lan"]
)
def test_a_host_of_this_network_is_local(host: str) -> None:
    assert Address(f"http://{host}:8080/v1", None).is_local


@pytest.mark.parametrize("host", ["api.openai.com", "8.8.8.8", "example.org", "local.example.com"])
def test_a_host_elsewhere_is_not_local(host: str) -> None:
    assert not Address(f"https://{host}/v1", None).is_local


@pytest.mark.parametrize(
    "url", ["", "localhost", "ftp://host/v1", "http://", "http://[", "file:///etc/passwd"]
)
def test_what_is_no_http_address_is_refused(url: str) -> None:
    with pytest.raises(UsageError):
        Address(url, None)


def test_user_and_password_are_not_shown() -> None:
    assert Address("http://me:secret@box:1/v1?key=abc", None).name == "http://box:1/v1"
