"""A service for benchmarks, in a process of its own: answers every grading request after a while, and counts.

    python -m benchmarks._batch_server SECONDS [SHARE_REFUSED]

It prints its port. GET /stats tells what it saw since the last GET /stats.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import re
import sys
import time
from collections import Counter

from tests.support.server import completion_body

#: What every answer of the benchmark begins with: the quote that proves every criterion.
PROOF = "It keeps the keys and values of all earlier tokens, so that nothing is computed again."
_LINE = re.compile(rb"line-\d{6}")
_CRITERION = re.compile(r'\\"id\\":\\"([a-z0-9-]+)\\",\\"requirement')


class Service:
    """Answers with everything met. refused: the share of requests that get 429, 0 to 1."""

    def __init__(self, seconds: float, refused: float) -> None:
        self._seconds = seconds
        self._refused = refused
        self._replies: dict[str, bytes] = {}
        self._chance = random.Random(1)
        self._forget()

    def _forget(self) -> None:
        self._seen: Counter[str] = Counter()
        self._refusals = 0
        self._now = self._most = 0
        self._first = self._last = 0.0

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, however many requests come over it."""
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                size = re.search(rb"(?i)content-length: *(\d+)", head)
                body = await reader.readexactly(int(size.group(1))) if size else b""
                status, headers, reply = (
                    (b"200 OK", b"", self._stats()) if head.startswith(b"GET") else await self._answer(body)
                )
                writer.write(
                    b"HTTP/1.1 " + status + b"\r\ncontent-type: application/json\r\n" + headers
                    + b"content-length: %d\r\n\r\n" % len(reply) + reply
                )  # fmt: skip
                await writer.drain()
        writer.close()

    async def _answer(self, body: bytes) -> tuple[bytes, bytes, bytes]:
        self._first = self._first or time.perf_counter()
        found = _LINE.search(body)
        self._seen[found.group().decode() if found else ""] += 1
        if self._chance.random() < self._refused:
            self._refusals += 1
            return b"429 Too Many Requests", b"retry-after-ms: 20\r\n", b'{"error": {"message": "slow down"}}'
        self._now += 1
        self._most = max(self._most, self._now)
        await asyncio.sleep(self._seconds)
        self._now -= 1
        self._last = time.perf_counter()
        return b"200 OK", b"", self._reply(body)

    def _reply(self, body: bytes) -> bytes:
        ids = _CRITERION.findall(body[:40_000].decode(errors="replace"))
        key = " ".join(ids)
        if key not in self._replies:
            criteria = [
                {"criterion_id": id, "evidence": [{"quote": PROOF, "s": "s1"}], "gap": "", "verdict": "met"}
                for id in ids
            ]
            said = {"criteria": criteria, "delivery": [], "feedback": "Well said.", "follow_up": ""}
            self._replies[key] = json.dumps(completion_body(json.dumps(said))).encode()
        return self._replies[key]

    def _stats(self) -> bytes:
        told = {
            "requests": sum(self._seen.values()),
            "lines": len(self._seen),
            "refusals": self._refusals,
            "most_in_flight": self._most,
            "seconds": self._last - self._first,
        }
        self._forget()
        return json.dumps(told).encode()


async def main() -> None:
    """Serve until killed."""
    seconds, refused = (float(one) for one in [*sys.argv[1:], "0"][:2])
    service = Service(seconds, refused)
    server = await asyncio.start_server(service.connected, "127.0.0.1", 0, limit=2**20, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
