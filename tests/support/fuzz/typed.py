"""What a person types or pipes: answers and commands, keys, command lines, what a shell completes."""

from __future__ import annotations

import asyncio
import io
from functools import cache
from typing import Any
from unittest.mock import patch

from hypothesis import strategies as st
from prompt_toolkit.application import Application, application, create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput
from rich.console import Console

from interviewer.cli import hooks
from interviewer.grading.llm import LlmGrader
from interviewer.interview.events import Begin
from interviewer.interview.models import Mode
from interviewer.interview.session import Session
from interviewer.llm.client import ChatClient, RetryPolicy
from interviewer.llm.fake_wire import FakeWire
from interviewer.terminal.chat import Chat
from interviewer.terminal.commands import Word
from interviewer.terminal.prompt import PromptReader
from interviewer.terminal.reader import EndError, LeaveError, Moment
from interviewer.terminal.screen import Screen
from tests.support.builders import ANSWER, interview, question
from tests.support.doubles import Clock, ListReader, MemoryRecords
from tests.support.fuzz.changes import JSON_CHANGE, PIECE, Change
from tests.support.fuzz.models import changed_reply
from tests.support.fuzz.target import Check, Place, Target, refuse_aside
from tests.support.harmless import refuse_controls

_ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=40)
_ARGUMENT = st.one_of(
    st.sampled_from(["", "1", "2.1", "0", "-1", "9" * 60, "1.1.1", "x", "1 because it is so"]), PIECE
)
_COMMAND = st.builds(lambda word, rest: f"{word} {rest}", st.sampled_from([w.value for w in Word]), _ARGUMENT)
_SAID = st.one_of(
    st.sampled_from([w.value for w in Word]), _COMMAND, _COMMAND, st.just(ANSWER), PIECE, _ANY_TEXT
)


def _chats(place: Place) -> Check:
    def check(tried: tuple[list[str], Change, Mode, bool]) -> None:
        said, change, mode, plain = tried
        out = io.StringIO()
        begun = interview(question("a"), question("b"))
        begun = begun.model_copy(update={"settings": begun.settings.model_copy(update={"mode": mode})})
        client = ChatClient(FakeWire(default=changed_reply(change)), None, RetryPolicy())
        judge = LlmGrader(client, model="fake", clock=lambda: 0.0, kind="fake")
        session = Session.start(begun, records=MemoryRecords(), grader=judge, now=Clock())
        console = Console(file=out, width=80, markup=False, emoji=False, highlight=False, color_system=None)
        chat = Chat(session, Screen(console, plain=plain))
        chat.show(session.do(Begin()))
        aside: list[BaseException] = []
        with patch.object(hooks, "set_aside", aside.append):
            hooks.run(chat.run(ListReader(said)))
        refuse_aside(aside)
        refuse_controls(out.getvalue(), "the screen")
        for turn in session.interview.turns:
            assert turn.score is None or 0 <= turn.score <= 100

    return check


_KEYS = st.one_of(
    st.sampled_from(
        [
            *(b"\r", b"\n", b"\x03", b"\x04", b"\x1a", b"\x1b", b"\x1b\r", b"\x1f", b"\x18\x05"),
            *(b"\x12", b"\x11", b"\x1b[A", b"\x1b[B"),
            *(b"\x1b[200~", b"\x1b[201~", b"\x1b[200~a\r\nb\x1b[201~", b"\x1b[<0;1;1M", b"\x1b[1;5D"),
            *(b"\x1bOP", b"\x1b[24;80R", b"\x08"),
            *(b"/why 2\r", b"/edit\r", b"/nope\r", b"/\t", b"\t", b"p", b"q", b"\x0b", b"\x17"),
            *(b"\x19", b"\x1by", b"\x1b5", b"\xff", b"\xc3"),
        ]
    ),
    st.binary(max_size=6),
    _ANY_TEXT.map(lambda text: text.encode("utf-8", "surrogatepass")),
)  # fmt: skip


#: The keys that every prompt has: making them takes longer than handling a few.
_default_keys = cache(application.load_key_bindings)


def _keys(place: Place) -> Check:
    async def read(reader: PromptReader, moment: Moment) -> None:
        try:
            while True:
                await reader.read(moment)
        except (LeaveError, EndError):
            return

    def check(tried: tuple[list[bytes], bool, str]) -> None:
        typed, plain, draft = tried
        kept: list[str] = []
        aside: list[BaseException] = []
        with (
            create_pipe_input() as pipe,
            create_app_session(input=pipe, output=DummyOutput()),
            patch.object(Application, "suspend_to_background", lambda *_: None),
            patch.object(application, "load_key_bindings", _default_keys),
            patch.dict("os.environ", {"EDITOR": "true", "VISUAL": "true"}),
            patch("builtins.print"),
            patch.object(hooks, "set_aside", aside.append),
        ):
            pipe.send_bytes(b"".join(typed))
            pipe.close()
            reader = PromptReader(["an earlier answer"], plain=plain)
            app = reader._session.app
            app.timeoutlen = app.ttimeoutlen = 0.0  # nobody is waited for after half a key
            hooks.run(asyncio.wait_for(read(reader, Moment(draft=draft, keep=kept.append)), 60))
        refuse_aside(aside)
        assert all(isinstance(text, str) for text in kept)

    return check


def _pipes(place: Place) -> Check:
    def check(content: bytes) -> None:
        outcome = place.call("start", "-q", "kv-cache", "--plain", "--quiet", stdin=content, codes={0, 4})
        assert "Question 1 of 1" in outcome.out

    return check


_PIPED = st.lists(
    st.one_of(
        _SAID.map(lambda said: said.encode("utf-8", "surrogatepass")), st.just(b"---"), st.binary(max_size=10)
    ),
    max_size=6,
).map(b"\n".join)

#: Options that would change the shell of whoever runs this, or start a cluster.
_NOT_TRIED = {"--install-completion", "--show-completion", "--engine", "--ray-address", "--workers"}
_VALUES = st.one_of(
    st.sampled_from(
        [
            *("0", "1", "2", "3", "-1", "1e3", "nan", "inf", "9" * 30, "", " ", "-", "--", "x"),
            *("kv-cache", "beginner", "md", "json"),
            *("csv", "pdf", "html", "jsonl", "llm", "local", "fake", "auto", "on", "drill", "exam"),
            *("id=a,answer=b", "a=b=c", "=", "bank.yaml"),
        ]
    ),
    PIECE.map(lambda text: text.replace("\0", "")),
)  # fmt: skip


@cache
def _words() -> dict[str, tuple[str, ...]]:
    """Each command, such as `bank check`, and its options."""
    from typer.main import get_command

    from interviewer.cli.app import app_of

    found: dict[str, tuple[str, ...]] = {}

    def walk(at: Any, path: tuple[str, ...]) -> None:
        names = [name for p in at.params for name in (*p.opts, *p.secondary_opts) if name.startswith("-")]
        found[" ".join(path)] = tuple(name for name in names if name not in _NOT_TRIED)
        for name, inner in getattr(at, "commands", {}).items():
            walk(inner, (*path, name))

    walk(get_command(app_of()), ())
    return found


@st.composite
def _command_lines(draw: st.DrawFn) -> list[str]:
    """A command with options and values that hold no path: nothing outside the work folder is reached."""
    path = draw(st.sampled_from(sorted(_words())))
    options = st.sampled_from([*_words()[path], "--help", "-h"])
    part = st.one_of(options, _VALUES, st.builds(lambda option, value: f"{option}={value}", options, _VALUES))
    arguments = [*path.split(), *draw(st.lists(part, max_size=5))]
    return [_without_paths(one) for one in arguments]


def _without_paths(text: str) -> str:
    fit = text.replace("/", "").replace("\\", "").replace("~", "").replace("..", "")
    return fit.encode("utf-8", "surrogatepass").decode("utf-8", "surrogateescape")


def _command_calls(place: Place) -> Check:
    def check(arguments: list[str]) -> None:
        (place.home / "config.toml").unlink(missing_ok=True)
        place.call(*arguments, stdin=b"Some answer of mine.\n---\n/quit\n")

    return check


def _completions(place: Place) -> Check:
    def check(tried: tuple[list[str], int, str]) -> None:
        arguments, at, shell = tried
        said = " ".join(["interviewer", *arguments])
        outcome = place.call(
            environment={
                "_INTERVIEWER_COMPLETE": f"complete_{shell}",
                "COMP_WORDS": said,
                "COMP_CWORD": str(at),
                "_TYPER_COMPLETE_ARGS": said,
                "_TYPER_COMPLETE_FISH_ACTION": "get-args",
                "_TYPER_COMPLETE_WORD_TO_COMPLETE": arguments[-1] if arguments else "",
            }
        )
        assert outcome.err == "", outcome.err

    return check


TARGETS = (
    Target(
        "answers and commands",
        st.tuples(
            st.lists(_SAID, max_size=10),
            st.one_of(st.just(Change()), JSON_CHANGE),
            st.sampled_from(Mode),
            st.booleans(),
        ),
        _chats,
        few=40,
    ),
    Target("keys", st.tuples(st.lists(_KEYS, max_size=12), st.booleans(), _ANY_TEXT), _keys, few=25),
    Target("pipes", _PIPED, _pipes, few=10),
    Target("command lines", st.deferred(_command_lines), _command_calls, few=40),
    Target(
        "completions",
        st.tuples(
            st.deferred(_command_lines),
            st.integers(-1, 6),
            st.sampled_from(["bash", "zsh", "fish", "powershell"]),
        ),
        _completions,
        few=15,
    ),
)
