"""Where a service is: its base URL, taken apart into what may be shown and what may not."""

from __future__ import annotations

import ipaddress
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from interviewer.errors import UsageError
from interviewer.llm.secrets import basic_token, secrets_of_user
from interviewer.text import one_line

OPENAI_URL = "https://api.openai.com/v1"
#: The oldest stable version of Azure's API that knows JSON schemas.
AZURE_VERSION = "2024-10-21"
_AZURE_HOST = ".openai.azure.com"
_NAME_CHARACTERS = 200


class Address:
    """A base URL taken apart, so that what is secret in it stays out of names, messages and logs.

    url: for requests. name: for people. headers: what user and password become. query: sent with each
    request. secrets: never to be shown. azure_version: None where the service speaks plain OpenAI.
    is_local: on this machine or this network. is_loopback: on this machine. is_clear: what is sent can be
    read on the way.

    Raises UsageError if `base_url` is no http(s) URL.
    """

    def __init__(self, base_url: str, api_version: str | None) -> None:
        try:
            parts = urlsplit(base_url.strip())
            host, port = parts.hostname or "", parts.port
        except ValueError:
            host, port = "", None
        if not host or parts.scheme not in {"http", "https"}:
            raise UsageError(
                "the base URL is no http address", hint="It looks like http://127.0.0.1:8080/v1."
            )
        shown = f"[{host}]" if ":" in host else host
        netloc = shown if port is None else f"{shown}:{port}"
        path = parts.path.rstrip("/")
        query = dict(parse_qsl(parts.query))
        version = query.pop("api-version", None) or api_version
        # Azure's newer /openai/v1 speaks plain OpenAI.
        is_azure = (version is not None or host.endswith(_AZURE_HOST)) and "/openai/v1" not in path
        self.azure_version = (version or AZURE_VERSION) if is_azure else None
        self.url = urlunsplit((parts.scheme, netloc, path or ("/openai" if is_azure else ""), "", ""))
        self.name = one_line(urlunsplit((parts.scheme, netloc, path, "", "")), _NAME_CHARACTERS)
        self.is_local = _is_local(host)
        self.is_loopback = _is_loopback(host)
        self.is_clear = parts.scheme == "http" and not self.is_loopback
        self.query = query
        self.headers: dict[str, str] = {}
        user, password = parts.username or "", parts.password or ""
        self.secrets = (*query.values(), *secrets_of_user(user, password))
        if user or password:
            self.headers["Authorization"] = f"Basic {basic_token(user, password)}"


def _is_local(host: str) -> bool:
    """Whether `host` is this machine, a private address, or a name that only a local network knows."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith((".local", ".lan", ".internal", ".home.arpa", ".localhost"))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
