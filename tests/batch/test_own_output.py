"""Lines are the program's own, whatever a library prints meanwhile."""

from __future__ import annotations

import sys
import threading

import pytest

from interviewer.batch.own_output import own_output


def test_what_other_threads_print_goes_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    with own_output():
        other = threading.Thread(target=print, args=("chatter",))
        other.start()
        other.join()
        sys.stdout.write("a line\n")
    said = capsys.readouterr()

    assert (said.out, said.err) == ("a line\n", "chatter\n")


def test_the_stream_is_otherwise_what_it_was(capsys: pytest.CaptureFixture[str]) -> None:
    before = sys.stdout

    with own_output():
        assert sys.stdout.encoding == before.encoding
        assert sys.stdout.isatty() == before.isatty()

    assert sys.stdout is before
