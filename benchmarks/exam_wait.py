"""How long a candidate waits in an exam while each grade takes seconds: the real program over a real socket.

    python -m benchmarks.exam_wait [SECONDS A GRADE] [QUESTIONS]

A server on this machine takes so long for each reply. Answers go in through a pipe once their question is
on screen. Bars: the next question is there within 0.1 s of an answer, and the summary at most one grade after
the last one. Beside it the same answers in practice mode, where each grade is waited for.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from statistics import median
from typing import IO

from interviewer.grading.fake import default_reply
from interviewer.llm.wire import ChatRequest, Message

BAR = 0.1
ANSWER = "It keeps what was computed before, so that the next step has less to do.\n---\n"


class Slow(BaseHTTPRequestHandler):
    """Grades like the fake grader, after a while."""

    seconds = 3.0

    def do_POST(self) -> None:
        """A chat completion, as a stream if that is asked for."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        messages = tuple(Message.model_validate(m) for m in body["messages"])
        request = ChatRequest(messages=messages, schema_name="grade", reply_schema={}, max_tokens=1)
        time.sleep(self.seconds)
        choice = {"index": 0, "finish_reason": "stop"}
        part = {"id": "1", "created": 0, "model": "slow", "object": "chat.completion"}
        if body.get("stream"):
            delta = {"role": "assistant", "content": default_reply(request)}
            told = part | {"object": "chat.completion.chunk", "choices": [choice | {"delta": delta}]}
            data, kind = f"data: {json.dumps(told)}\n\ndata: [DONE]\n\n".encode(), "text/event-stream"
        else:
            message = {"role": "assistant", "content": default_reply(request)}
            data = json.dumps(part | {"choices": [choice | {"message": message}]}).encode()
            kind = "application/json"
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


def main(seconds: float, count: int) -> int:
    """Print the waits in both modes; the exit code is 1 above a bar."""
    Slow.seconds = seconds
    server = ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/v1"
    sit("practice", url, 1)  # files in the cache of the system, the dialect learned
    practice, exam = sit("practice", url, count), sit("exam", url, count)
    server.shutdown()
    print(f"machine: {platform.platform()}, {os.cpu_count()} CPUs; {seconds:g} s a grade, {count} questions")
    for mode, (waits, end) in (("practice", practice), ("exam", exam)):
        print(
            f"{mode}: next question after {1000 * median(waits):.0f} ms (longest {1000 * max(waits):.0f}), "
            f"summary {end:.2f} s after the last answer"
        )
    print(f"bars: {1000 * BAR:.0f} ms, {seconds:g} s and what the program itself takes")
    return int(max(exam[0]) > BAR or exam[1] > seconds + 1.0)


def sit(mode: str, url: str, count: int) -> tuple[list[float], float]:
    """Seconds from each answer to the next question, and from the last one to the summary."""
    with tempfile.TemporaryDirectory() as home:
        chosen = f"-n {count} --seed 1 --mode {mode} --follow-ups 0 --samples 1 --warm-up never"
        program = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "interviewer",
                "start",
                *chosen.split(),
                "--base-url",
                url,
                "--model",
                "slow",
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "INTERVIEWER_HOME": home, "INTERVIEWER_CROSS_CHECK": "never"},
        )
        assert program.stdin is not None
        assert program.stdout is not None
        waits = []
        until(program.stdout, "Question 1 of")
        for number in range(1, count + 1):
            time.sleep(1.0)  # a person reads; the program gets ready meanwhile
            program.stdin.write(ANSWER)
            program.stdin.flush()
            sent = time.perf_counter()
            if number == count:
                program.stdin.close()
            until(program.stdout, f"Question {number + 1} of" if number < count else "Summary")
            waits.append(time.perf_counter() - sent)
        program.wait()
    return waits[:-1] or [0.0], waits[-1]


def until(out: IO[str], wanted: str) -> None:
    """Read up to the line that holds `wanted`."""
    while (line := out.readline()) and wanted not in line:
        pass
    assert line, f"the program ended before {wanted!r}"


if __name__ == "__main__":
    numbers = sys.argv[1:]
    sys.exit(
        main(
            float(numbers[0]) if numbers else 3.0,
            int(numbers[1]) if len(numbers) > 1 else 5,
        )
    )
