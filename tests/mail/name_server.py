"""A DNS server on loopback that answers TXT questions from a dictionary."""

from __future__ import annotations

import socket
import threading

import dns.flags
import dns.message
import dns.rcode
import dns.rrset


class NameServer:
    """`records` are texts by name; a name in `silent` gets no answer at all."""

    def __init__(self) -> None:
        self.records: dict[str, list[str]] = {}
        self.silent: set[str] = set()
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.address: tuple[str, int] = self.socket.getsockname()
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        while True:
            try:
                wire, sender = self.socket.recvfrom(4096)
            except OSError:
                return
            if not wire:
                return
            if answer := self._answer(dns.message.from_wire(wire)):
                self.socket.sendto(answer.to_wire(), sender)

    def _answer(self, question: dns.message.Message) -> dns.message.Message | None:
        asked = question.question[0]
        name = str(asked.name).rstrip(".").lower()
        if name in self.silent:
            return None
        answer = dns.message.make_response(question)
        answer.flags |= dns.flags.RA
        if name not in self.records:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        for text in self.records.get(name, ()):
            parts = " ".join(f'"{text[at : at + 250]}"' for at in range(0, len(text), 250))
            answer.answer.append(dns.rrset.from_text(asked.name, 60, "IN", "TXT", parts))
        return answer

    def close(self) -> None:
        # A blocked recvfrom does not wake when another thread closes its socket: an empty message tells it.
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as teller:
            teller.sendto(b"", self.address)
        self.thread.join(5)
        self.socket.close()
