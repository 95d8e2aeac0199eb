"""The HTTP client of a service: it speaks to the origin of the base URL and to no other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from interviewer.errors import BadRequestError

if TYPE_CHECKING:
    import httpx2
    from openai import AsyncOpenAI

    from interviewer.llm.address import Address

_READ_SECONDS = 600.0  # the client bounds the whole call; this only ends what nobody waits for
_CONNECT_SECONDS = 10.0


class ElsewhereError(Exception):
    """The service sends on to another origin, which `str(error)` is. Nothing was sent there."""


def client_of(address: Address, key: str) -> AsyncOpenAI:
    """The openai package's client for `address`, without retries. key: as its headers carry it.

    Redirects are followed within the origin alone: answers are for whom the base URL names. Proxies of the
    environment are used but for this machine itself. Raises BadRequestError if one of them cannot be.
    """
    import openai

    options: dict[str, Any] = {
        "api_key": key,
        "base_url": address.url,
        "max_retries": 0,
        "timeout": openai.Timeout(_READ_SECONDS, connect=_CONNECT_SECONDS),
        "default_headers": address.headers,
        "default_query": address.query,
        "http_client": _http_client(address),
    }
    if address.azure_version is not None:
        return openai.AsyncAzureOpenAI(api_version=address.azure_version, **options)
    return openai.AsyncOpenAI(**options)


def _http_client(address: Address) -> httpx2.AsyncClient:
    import httpx2
    import openai

    url = httpx2.URL(address.url)
    origin = (url.scheme, url.host, url.port)

    async def refuse_elsewhere(request: httpx2.Request) -> None:
        if (request.url.scheme, request.url.host, request.url.port) != origin:
            raise ElsewhereError(f"{request.url.scheme}://{request.url.netloc.decode('ascii', 'replace')}")

    direct = None
    if address.is_loopback:  # given a transport, the client looks for no proxy
        direct = httpx2.AsyncHTTPTransport(limits=openai.DEFAULT_CONNECTION_LIMITS)
    try:
        return openai.DefaultAsyncHttpxClient(transport=direct, event_hooks={"request": [refuse_elsewhere]})
    except (ValueError, ImportError, httpx2.InvalidURL):
        fault = BadRequestError(
            "the proxy that the environment names cannot be used",
            hint="Check HTTP_PROXY, HTTPS_PROXY and ALL_PROXY, or name the service's host in NO_PROXY.",
        )
    # Raised out here, it has no context: the proxy's password may stand there.
    raise fault
