"""The keyboard: a multi-line answer with history and paste, on prompt_toolkit."""

from __future__ import annotations

from collections.abc import Iterable

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import HTML
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.shortcuts import CompleteStyle

from interviewer.terminal.commands import MEANINGS, Word, looks_like_command, word_in
from interviewer.terminal.reader import LeaveError

_KEYS = "<b>Alt+Enter</b> or <b>Ctrl-D</b> send · <b>Enter</b> new line · <b>/help</b>"
_KEYS_NARROW = "<b>Ctrl-D</b> send · <b>/help</b>"
_LEAVING = "<b>Ctrl-C</b> again leaves without sending this · other keys go on"
_UNKNOWN = "no such command; <b>/help</b> shows them, <b>Ctrl-D</b> sends it as an answer"


class PromptReader:
    """Reads answers from the terminal. history: earlier answers of this interview, oldest first."""

    echoes = True

    def __init__(self, history: Iterable[str] = ()) -> None:
        self._warning = ""
        self._session: PromptSession[str] = PromptSession(
            history=InMemoryHistory(list(history)),
            multiline=True,
            key_bindings=self._bindings(),
            bottom_toolbar=self._toolbar,
            completer=_Commands(),
            complete_while_typing=True,
            complete_style=CompleteStyle.COLUMN,
            prompt_continuation="  ",
            enable_open_in_editor=True,
            tempfile_suffix=".md",
            mouse_support=False,
        )
        # A command in the history would be offered as an answer.
        self._session.default_buffer.on_text_changed += lambda _: self._set_warning("")

    async def read(self) -> str:
        """What was typed and sent. Raises LeaveError on Ctrl-C, or Ctrl-D with nothing typed."""
        self._set_warning("")
        try:
            return await self._session.prompt_async("> ")
        except (KeyboardInterrupt, EOFError):
            raise LeaveError from None

    async def confirm(self, question: str, *, default: bool) -> bool:
        """A yes or no, on one line; Enter takes `default`."""
        choices = "Y/n" if default else "y/N"
        asking: PromptSession[str] = PromptSession()
        try:
            said = (await asking.prompt_async(f"{question} [{choices}] ")).strip().lower()
        except (KeyboardInterrupt, EOFError):
            return False
        return default if not said else said.startswith("y")

    def _set_warning(self, text: str) -> None:
        self._warning = text

    def _toolbar(self) -> HTML:
        if self._warning:
            return HTML(self._warning)
        columns = self._session.app.output.get_size().columns
        return HTML(_KEYS if columns >= 60 else _KEYS_NARROW)

    def _bindings(self) -> KeyBindings:
        keys = KeyBindings()

        @Condition
        def is_command() -> bool:
            return word_in(self._session.default_buffer.text) is not None

        @Condition
        def is_slip() -> bool:
            return looks_like_command(self._session.default_buffer.text)

        @keys.add("escape", "enter")
        def send(event: KeyPressEvent) -> None:
            self._send(event)

        @keys.add("enter", filter=is_command)
        def run(event: KeyPressEvent) -> None:
            self._send(event)

        @keys.add("enter", filter=is_slip)
        def refuse(event: KeyPressEvent) -> None:
            self._set_warning(_UNKNOWN)

        @keys.add("c-d")
        def send_or_leave(event: KeyPressEvent) -> None:
            if event.current_buffer.text.strip():
                self._send(event)
            else:
                event.app.exit(exception=EOFError)

        @keys.add("c-c")
        def leave(event: KeyPressEvent) -> None:
            if event.current_buffer.text.strip() and self._warning != _LEAVING:
                self._set_warning(_LEAVING)
            else:
                event.app.exit(exception=KeyboardInterrupt)

        return keys

    def _send(self, event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        if not buffer.text.strip():
            return
        if word_in(buffer.text) is Word.EDIT:
            buffer.text = ""
            buffer.open_in_editor(validate_and_handle=False)
            return
        buffer.validate_and_handle()


class _Commands(Completer):
    """Offers the commands while the text is a single word after a slash."""

    def get_completions(self, document: Document, complete_event: object) -> Iterable[Completion]:
        typed = document.text
        if not typed.startswith("/") or " " in typed or "\n" in typed:
            return
        for word, meaning in MEANINGS.items():
            if word.value.startswith(typed):
                yield Completion(word.value, start_position=-len(typed), display_meta=meaning)
