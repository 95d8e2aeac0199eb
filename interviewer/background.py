"""Work that blocks, done in a thread while the event loop goes on."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


class Worker:
    """One thread for work that must not be cut off in the middle: the program ends when that is done.

    Work is done one after another. What nobody waits for any more is not begun.
    """

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="worker")

    async def do(self, work: Callable[[], T]) -> T:
        """What `work` gives, or raises."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)

    def wait(self, work: Callable[[], T]) -> T:
        """The same, for a thread that may wait."""
        return self._pool.submit(work).result()


async def in_background(work: Callable[[], T]) -> T:
    """What `work` gives, or raises, run in a thread that does not hold up the end of the program.

    asyncio's own threads would: the program waits for them, and so for whoever does not type on.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: BaseException | None) -> None:
        if done.done():  # nobody waits any more
            return
        if error is not None:
            done.set_exception(error)
        else:
            done.set_result(result)  # type: ignore[arg-type]  # T may well include None

    def tell(result: T | None, error: BaseException | None) -> None:
        try:
            loop.call_soon_threadsafe(settle, result, error)
        except RuntimeError:
            return  # the program has ended meanwhile

    def run() -> None:
        try:
            result = work()
        except BaseException as error:  # noqa: BLE001 - raised where it is waited for
            tell(None, error)
        else:
            tell(result, None)

    threading.Thread(target=run, name="background", daemon=True).start()
    return await done
