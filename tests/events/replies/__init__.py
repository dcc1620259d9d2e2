"""Answers to invitations in the shapes that mail programs give them. Made up after what these programs send; no real person's mail.

Between `@@base64` or `@@qp` and `@@end` stands in plain words what the message holds encoded.
"""

from __future__ import annotations

import re
from base64 import encodebytes
from pathlib import Path
from quopri import encodestring

FOLDER = Path(__file__).parent
SHAPES = sorted(path.stem for path in FOLDER.glob("*.eml"))
CODED = re.compile(rb"@@(base64|qp)\n(.*?)@@end\n?", re.DOTALL)


def answer(shape: str, **words: str) -> bytes:
    """`words` are FROM, ORGANIZER, ATTENDEE, UID, PARTSTAT, SEQUENCE and DTSTAMP."""
    text = (FOLDER / f"{shape}.eml").read_bytes()
    for name, value in words.items():
        text = text.replace(f"@@{name}@@".encode(), value.encode())
    text = CODED.sub(lambda found: (encodebytes if found[1] == b"base64" else encodestring)(found[2].replace(b"\n", b"\r\n")), text)
    return re.sub(rb"\r?\n", b"\r\n", text)
