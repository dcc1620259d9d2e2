"""A sink of its own process, for tests that kill it: `python -m tests.mail.sink_process PORT LOG`.

Each message is in the log before its reply leaves: what the log does not have was not taken.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from tests.mail import sink as sinks


def main() -> None:
    port, log = int(sys.argv[1]), Path(sys.argv[2])
    sink = sinks.Sink(is_pipelining=True)
    with log.open("a", buffering=1) as file:

        def write(_count: int) -> None:
            recipient, mime = sink.taken.pop()
            mark = mime.partition(b"Message-ID: ")[2].partition(b"\r\n")[0].decode()
            file.write(f"{recipient} {mark}\n")

        sink.on_taken = write
        sinks.start(sink, port=port)
        threading.Event().wait()


if __name__ == "__main__":
    main()
