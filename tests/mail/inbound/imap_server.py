"""A small IMAP server on loopback: as much of RFC 3501, 4315 and 6851 as reading a mailbox takes."""

from __future__ import annotations

import re
import socketserver
import threading
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Stored:
    uid: int
    content: bytes
    flags: set[str] = field(default_factory=set)


class Store:
    """`folders` by name. `capabilities`, `keeps_keywords` and `may_create` are how servers differ; `dies_at` is a command that hangs up."""

    def __init__(self) -> None:
        self.folders: dict[str, list[Stored]] = {"INBOX": []}
        self.capabilities = "IMAP4rev1 UIDPLUS MOVE"
        self.keeps_keywords = True
        self.may_create = True
        self.dies_at = ""
        self.sent_bytes = 0
        self.commands: list[str] = []
        self.last_uid = 0
        self.port = 0

    def add(self, content: bytes) -> int:
        self.last_uid += 1
        self.folders["INBOX"].append(Stored(self.last_uid, content))
        return self.last_uid

    def copy(self, stored: Stored, folder: str) -> None:
        self.last_uid += 1
        self.folders[folder].append(Stored(self.last_uid, stored.content, set(stored.flags)))


class Session(socketserver.StreamRequestHandler):
    store: Store

    def handle(self) -> None:
        self.folder = "INBOX"
        self.say("* OK ready")
        while line := self.rfile.readline():
            tag, _, rest = line.decode().strip().partition(" ")
            words = re.findall(r'"(?:[^"\\]|\\.)*"|\([^)]*\)|[^\s()]+(?:\[\]<[\d.]+>)?', rest)
            command = words[0].upper() if words[0].upper() != "UID" else f"UID {words[1].upper()}"
            arguments = words[2:] if command.startswith("UID") else words[1:]
            self.store.commands.append(command)
            if command == self.store.dies_at:
                return
            answer = getattr(self, f"do_{command.replace(' ', '_').lower()}")(arguments)
            self.say(f"{tag} {answer or 'OK done'}")
            if command == "LOGOUT":
                return

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def chosen(self, uid: str) -> list[Stored]:
        return [stored for stored in self.store.folders[self.folder] if stored.uid == int(uid)]

    def do_capability(self, _: Any) -> None:
        self.say(f"* CAPABILITY {self.store.capabilities}")

    def do_login(self, arguments: list[str]) -> str:
        return "OK in" if arguments == ["bounces", '"pass word"'] else "NO no such user bounces with pass word"

    def do_select(self, arguments: list[str]) -> str:
        name = arguments[0].strip('"')
        if name not in self.store.folders:
            return "NO no such folder"
        self.folder = name
        self.say(f"* {len(self.store.folders[name])} EXISTS")
        return "OK [READ-WRITE] selected"

    def do_uid_search(self, arguments: list[str]) -> None:
        unwanted = {arguments[place + 1] for place, word in enumerate(arguments) if word == "UNKEYWORD"} | {"\\Deleted"}
        found = [str(stored.uid) for stored in self.store.folders[self.folder] if not stored.flags & unwanted]
        self.say(f"* SEARCH {' '.join(found)}".rstrip())

    def do_uid_fetch(self, arguments: list[str]) -> None:
        size = int(re.search(r"<0\.(\d+)>", arguments[1])[1])  # type: ignore[index]
        for stored in self.chosen(arguments[0]):
            content = stored.content[:size]
            self.store.sent_bytes += len(content)
            self.wfile.write(f"* 1 FETCH (UID {stored.uid} BODY[]<0> {{{len(content)}}}\r\n".encode() + content + b")\r\n")

    def do_uid_store(self, arguments: list[str]) -> None:
        flags = set(arguments[2].strip("()").split())
        for stored in self.chosen(arguments[0]):
            stored.flags |= flags if self.store.keeps_keywords else {flag for flag in flags if flag.startswith("\\")}

    def do_create(self, arguments: list[str]) -> str:
        if not self.store.may_create:
            return "NO not allowed"
        self.store.folders.setdefault(arguments[0].strip('"'), [])
        return "OK created"

    def do_uid_copy(self, arguments: list[str]) -> str:
        if arguments[1] not in self.store.folders:
            return "NO [TRYCREATE] no such folder"
        for stored in self.chosen(arguments[0]):
            self.store.copy(stored, arguments[1])
        return "OK copied"

    def do_uid_move(self, arguments: list[str]) -> str:
        answer = self.do_uid_copy(arguments)
        if answer.startswith("OK"):
            self.remove(self.chosen(arguments[0]))
        return answer

    def do_uid_expunge(self, arguments: list[str]) -> None:
        self.remove([stored for stored in self.chosen(arguments[0]) if "\\Deleted" in stored.flags])

    def remove(self, gone: list[Stored]) -> None:
        self.store.folders[self.folder] = [stored for stored in self.store.folders[self.folder] if stored not in gone]

    def do_logout(self, _: Any) -> None:
        self.say("* BYE")


def start(store: Store) -> socketserver.ThreadingTCPServer:
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), type("Bound", (Session,), {"store": store}))
    server.daemon_threads = True
    store.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
