"""The wire to any OpenAI-compatible service, through the openai package: one request, no retries."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from interviewer.errors import GraderError, KeyRejectedError, ServiceDownError
from interviewer.llm.address import OPENAI_URL, Address
from interviewer.llm.connection import ElsewhereError, client_of
from interviewer.llm.faults import Service, fault_of
from interviewer.llm.openai_json import as_json, body_of, gathered, names_in, reply_in
from interviewer.llm.secrets import HidingStream
from interviewer.llm.wire import ChatReply, ChatRequest, Dialect

if TYPE_CHECKING:
    from openai import AsyncOpenAI

_NO_KEY = "none"  # servers without keys still want the header to be well-formed


def preload() -> None:
    """Import the openai package, which takes about a second: for a thread, while nothing else waits."""
    import openai  # noqa: F401


class OpenAIWire:
    """One model at one service.

    base_url: None for OpenAI's own. api_key: None for servers that need none. api_version: makes it
    Azure's dialect of the API, as does a host of Azure's. secrets: what else is sent along, and must not be
    shown. service: what errors may say of it.

    Raises UsageError if `base_url` is no http(s) URL.
    """

    def __init__(
        self,
        *,
        base_url: str | None,
        api_key: str | None,
        model: str,
        api_version: str | None,
        secrets: Iterable[str] = (),
    ) -> None:
        self._address = Address(base_url or OPENAI_URL, api_version if base_url else None)
        self._key = SecretStr((api_key or "").strip())
        self._model = model
        self.service = Service(
            name=self._address.name,
            model=model,
            has_key=bool(self._key.get_secret_value()),
            secrets=(self._key.get_secret_value(), *self._address.secrets, *secrets),
        )
        self._client: AsyncOpenAI | None = None

    def __repr__(self) -> str:
        return f"OpenAIWire({self.name!r}, model={self._model!r})"

    @property
    def name(self) -> str:
        """The base URL, without user, password and query."""
        return self._address.name

    @property
    def model(self) -> str:
        """The model that is asked."""
        return self._model

    @property
    def is_azure(self) -> bool:
        """Whether the service speaks Azure's dialect of the API."""
        return self._address.azure_version is not None

    async def send(
        self, request: ChatRequest, dialect: Dialect, on_text: Callable[[str], None] | None = None
    ) -> ChatReply:
        """The model's reply to `request`, asked as `dialect` says; streamed where `on_text` listens."""
        body = body_of(request, dialect, self._model)
        if on_text is None:
            answer = await self._exchange(body)
        else:
            if dialect.stream_usage:
                body["stream_options"] = {"include_usage": True}
            answer = await self._stream(body, on_text)
        return reply_in(answer, self.service)

    async def models(self) -> tuple[str, ...] | None:
        """The names of the service's models, in its order; None if it has no list. Raises GraderError."""
        import openai

        async def listed(client: AsyncOpenAI) -> object:
            try:
                return await client.get("/models", cast_to=object)
            except openai.APIStatusError as error:
                if error.status_code not in {404, 405, 501}:
                    raise
            return None

        answer = await self.ask(listed)
        return None if answer is None else names_in(answer, self.service)

    async def aclose(self) -> None:
        """Close connections; a later request opens new ones."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def _exchange(self, body: dict[str, Any]) -> object:
        return await self.ask(lambda client: client.post("/chat/completions", cast_to=object, body=body))

    async def _stream(self, body: dict[str, Any], on_text: Callable[[str], None]) -> object:
        from openai import AsyncStream

        body = body | {"stream": True}

        async def listen(client: AsyncOpenAI) -> object:
            async with await client.post(
                "/chat/completions",
                cast_to=object,
                body=body,
                stream=True,
                stream_cls=AsyncStream[object],
            ) as stream:
                if "event-stream" not in stream.response.headers.get("content-type", ""):
                    return (await stream.response.aread()).decode("utf-8", "replace")
                heard = HidingStream(self.service.hidden, on_text)
                whole = await gathered(stream, heard.feed, tool="tools" in body)
                heard.end()
                return whole

        answer = await self.ask(listen)
        if isinstance(answer, str):
            # The server does not stream: all of the reply comes as one piece.
            answer = as_json(answer, self.service)
            on_text(reply_in(answer, self.service).text)
        return answer

    async def ask(self, exchange: Callable[[AsyncOpenAI], Awaitable[object]]) -> object:
        """What `exchange` gives with this wire's client, the secrets in it hidden.

        Raises GraderError, whatever went wrong.
        """
        import httpx2
        import openai

        try:
            return self.service.hidden.hide_in(await exchange(self._connected()))
        except httpx2.InvalidURL:
            fault: GraderError = ServiceDownError(
                f"{self.name} is no address that can be reached", hint="Check the base URL."
            )
        except (
            openai.OpenAIError,
            httpx2.HTTPError,
            ElsewhereError,
            ValueError,  # JSON, UTF-8, and numbers too long to read
            RecursionError,
        ) as error:
            fault = fault_of(error, self.service)
        # Raised out here, it has no context: the package's errors hold the request, and so the key.
        raise fault

    def _connected(self) -> AsyncOpenAI:
        if self._client is None:
            self._client = self._build()
        return self._client

    def _build(self) -> AsyncOpenAI:
        key = self._key.get_secret_value() or _NO_KEY
        if not (key.isascii() and key.isprintable() and " " not in key):
            raise KeyRejectedError(
                "the key holds characters that no key has, such as a space or a line break",
                hint="Copy it again from the service's page.",
            )
        return client_of(self._address, key)
