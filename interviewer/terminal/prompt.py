"""The keyboard: a multi-line answer with history, paste, drafts and a clock, on prompt_toolkit."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable
from html import escape
from typing import Any

from prompt_toolkit import PromptSession
from prompt_toolkit.application import run_in_terminal
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.completion import Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import HTML
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.shortcuts import CompleteStyle

from interviewer.errors import InterviewerError
from interviewer.terminal.commands import LOOKING_BACK, MEANINGS, Word, command_in, looks_like_command
from interviewer.terminal.reader import EndError, LeaveError, Moment, TimeUpError
from interviewer.terminal.theme import clock
from interviewer.terminal.visible import Visible

_KEYS = "<b>Alt+Enter</b> or <b>Ctrl-D</b> send · <b>Enter</b> new line · <b>/help</b>"
_KEYS_NARROW = "<b>Ctrl-D</b> send · <b>/help</b>"
_LEAVING = "<b>p</b> pause, go on later · <b>q</b> quit: end the interview here · other keys go on"
_UNKNOWN = "no such command; <b>/help</b> shows them, <b>Ctrl-D</b> sends it as an answer"
_UNSAVED = "the draft cannot be saved"
#: Seconds between looks at what is typed; a draft is at most so much behind.
DRAFT_EVERY = 2.0
_TICK = 0.5


class PromptReader:
    """Reads answers from the terminal.

    history: earlier answers of this interview, oldest first. plain: for screen readers; nothing is drawn
    around what is typed, and nothing changes by itself.
    """

    echoes = True

    def __init__(self, history: Iterable[str] = (), *, plain: bool = False) -> None:
        self._warning = ""
        self._asking = False
        self._plain = plain
        self._moment = Moment()
        self._session: PromptSession[str] = PromptSession(
            history=_Answers(list(history)),
            input_processors=[Visible()],
            multiline=True,
            key_bindings=self._bindings(),
            bottom_toolbar=None if plain else self._toolbar,
            completer=_Commands(),
            complete_while_typing=not plain,
            complete_style=CompleteStyle.COLUMN,
            prompt_continuation="  ",
            enable_open_in_editor=True,
            enable_suspend=True,
            tempfile_suffix=".md",
            mouse_support=False,
        )
        self._session.default_buffer.on_text_changed += lambda _: self._set_warning("")

    async def read(self, moment: Moment) -> str:
        """What was typed and sent. Raises LeaveError, EndError or TimeUpError; the draft is kept then."""
        self._moment = moment
        self._set_warning("")
        watching = asyncio.create_task(self._watch())
        tick = 1.0 if moment.seconds_left is not None and not self._plain else 0.0
        try:
            return await _typed(self._session, "> ", default=moment.draft, refresh_interval=tick)
        except (KeyboardInterrupt, EOFError):
            self._keep()
            raise LeaveError from None
        except TimeUpError:
            raise
        except Exception:
            self._keep()
            raise
        finally:
            watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watching

    async def aside(self) -> str | None:
        """A command that looks back; None for an empty line, Ctrl-C or Ctrl-D."""
        names = ", ".join(f"{word.value}" for word in sorted(LOOKING_BACK))
        asking: PromptSession[str] = PromptSession(completer=_Commands(), input_processors=[Visible()])
        try:
            said = await _typed(asking, f"{names}; Enter ends > ")
        except (KeyboardInterrupt, EOFError):
            return None
        return said if said.strip() else None

    async def confirm(self, question: str, *, default: bool) -> bool:
        """A yes or no, on one line; Enter takes `default`."""
        choices = "Y/n" if default else "y/N"
        asking: PromptSession[str] = PromptSession(input_processors=[Visible()])
        try:
            said = (await _typed(asking, f"{question} [{choices}] ")).strip().lower()
        except (KeyboardInterrupt, EOFError):
            return False
        return default if not said else said.startswith("y")

    async def _watch(self) -> None:
        """Keep what is typed now and then, and end the prompt when the time is over."""
        buffer, kept, waited = self._session.default_buffer, self._moment.draft, 0.0
        while True:
            await asyncio.sleep(_TICK)
            waited += _TICK
            if waited >= DRAFT_EVERY and buffer.text != kept:
                kept, waited = buffer.text, 0.0
                self._keep()
            left = self._moment.seconds_left
            if left is not None and left <= 0 and self._session.app.is_running:
                self._session.app.exit(exception=TimeUpError(buffer.text))
                return

    def _keep(self) -> None:
        text = self._session.default_buffer.text
        try:
            self._moment.keep(text)
        except InterviewerError:  # the next event that cannot be stored ends the sitting, and says why
            self._set_warning(_UNSAVED)

    def _set_warning(self, text: str) -> None:
        self._warning, self._asking = text, False

    def _tell(self, text: str, *, asking: bool = False) -> None:
        """Below the answer; a screen reader is told in a line of its own."""
        self._warning, self._asking = text, asking
        if self._plain:
            words = text.replace("<b>", "").replace("</b>", "")
            run_in_terminal(lambda: print(words))  # noqa: T201 - above the prompt, where rich cannot write

    def _toolbar(self) -> HTML:
        columns = self._session.app.output.get_size().columns
        keys = self._warning or (_KEYS if columns >= 60 else _KEYS_NARROW)
        left = self._moment.seconds_left
        return HTML(keys if left is None else f"{keys} · {escape(clock(left))} left")

    def _bindings(self) -> KeyBindings:
        keys = KeyBindings()

        @Condition
        def is_command() -> bool:
            return command_in(self._session.default_buffer.text) is not None

        @Condition
        def is_slip() -> bool:
            return looks_like_command(self._session.default_buffer.text)

        @Condition
        def is_asking() -> bool:
            return self._asking

        @keys.add("escape", "enter")
        def send(event: KeyPressEvent) -> None:
            self._send(event.current_buffer)

        @keys.add("enter", filter=is_command)
        def run(event: KeyPressEvent) -> None:
            self._send(event.current_buffer)

        @keys.add("enter", filter=is_slip)
        def refuse(event: KeyPressEvent) -> None:
            self._tell(_UNKNOWN)

        @keys.add("c-d")
        def send_or_leave(event: KeyPressEvent) -> None:
            if event.current_buffer.text.strip():
                self._send(event.current_buffer)
            else:
                event.app.exit(exception=EOFError)

        @keys.add("c-c")
        def ask(event: KeyPressEvent) -> None:
            if self._asking:
                event.app.exit(exception=KeyboardInterrupt)
            else:
                self._tell(_LEAVING, asking=True)

        @keys.add("c-x", "c-e")
        def edit(event: KeyPressEvent) -> None:
            self._edit(event.current_buffer)

        @keys.add("p", filter=is_asking, eager=True)
        def pause(event: KeyPressEvent) -> None:
            event.app.exit(exception=KeyboardInterrupt)

        @keys.add("q", filter=is_asking, eager=True)
        def end(event: KeyPressEvent) -> None:
            event.app.exit(exception=EndError())

        @keys.add("<any>", filter=is_asking)
        def go_on(event: KeyPressEvent) -> None:
            self._set_warning("")
            if event.data.isprintable():
                event.current_buffer.insert_text(event.data)

        return keys

    def _send(self, buffer: Buffer) -> None:
        if not buffer.text.strip():
            return
        said = command_in(buffer.text)
        if said is not None and said.word is Word.EDIT:
            buffer.text = ""
            self._edit(buffer)
            return
        buffer.validate_and_handle()

    @staticmethod
    def _edit(buffer: Buffer) -> None:
        # Bytes that are no UTF-8 come from the terminal as lone surrogates, which no file can hold.
        buffer.text = buffer.text.encode("utf-8", "replace").decode()
        # Leaving the editor sends nothing: by then the answer may be sent already, and it can be read again.
        buffer.open_in_editor(validate_and_handle=False)


async def _typed(session: PromptSession[str], prompt: str, **more: Any) -> str:
    """What is typed at `prompt`. A fault in handling a key is raised: it must not be drawn into the text.

    more: as `prompt_async` takes it.
    """
    loop = asyncio.get_running_loop()
    before = loop.get_exception_handler()

    def handle(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        waiting = session.app.future
        if "handle" in context and waiting is not None and not waiting.done():
            session.app.exit(exception=context["exception"])
        elif before is not None:
            before(loop, context)
        else:
            loop.default_exception_handler(context)

    loop.set_exception_handler(handle)
    try:
        return await session.prompt_async(prompt, set_exception_handler=False, **more)
    finally:
        loop.set_exception_handler(before)


class _Answers(InMemoryHistory):
    """Earlier answers, and no commands: they would be offered as answers."""

    def append_string(self, string: str) -> None:
        """Remember `string` if it is an answer."""
        if command_in(string) is None:
            super().append_string(string)


class _Commands(Completer):
    """Offers the commands while the text is a single word after a slash."""

    def get_completions(self, document: Document, complete_event: object) -> Iterable[Completion]:
        typed = document.text
        if not typed.startswith("/") or " " in typed or "\n" in typed:
            return
        for word, meaning in MEANINGS.items():
            if word.value.startswith(typed):
                yield Completion(word.value, start_position=-len(typed), display_meta=meaning)
