from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

import pytest
from django.db.models import F

from base.environment import MailAddress
from mail import links, mailings, message, slots, streams
from mail.models import Delivery
from tests.mail import sink as sinks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from django.db.models import QuerySet

    from mail.mailings import VariantEntry
    from mail.models import Bounce, Click, Mailing

    Freeze = Callable[..., Mailing]

NEWS, SYSTEM = "test.news", "test.system"
# Rows of the ledger itself stand for the list of subscribers: a real queryset of a real table, and no package above.
BOOK = "test.book"
NAMESPACE = UUID("6b1d3f0e-6d3c-4f0a-9d53-5f1f5a1c0001")


def key_of(address: str) -> UUID:
    return uuid5(NAMESPACE, address)


class Heard:
    """What the stream was told."""

    def __init__(self) -> None:
        self.sent: list[int] = []
        self.clicks: list[Click] = []
        self.revoked: list[Click] = []
        self.bounces: list[Bounce] = []
        self.complaints: list[Bounce] = []
        self.left: list[Delivery] = []


@pytest.fixture
def heard() -> Iterator[Heard]:
    heard = Heard()

    def on_sent(rows: Sequence[Delivery]) -> None:
        heard.sent.extend(row.pk for row in rows)

    news = streams.Stream(
        NEWS,
        on_sent=on_sent,
        on_click=heard.clicks.append,
        on_clicks_revoked=heard.revoked.extend,
        on_bounce=heard.bounces.append,
        on_complaint=heard.complaints.append,
        on_unsubscribe=heard.left.append,
    )
    streams.register(news)
    streams.register(streams.Stream(SYSTEM, suppressible=False))
    yield heard
    for key in (NEWS, SYSTEM):
        del streams._streams[key]


@pytest.fixture
def outbox_folder(settings: Any, tmp_path: Path) -> Path:
    settings.EMAIL_ADDRESS = MailAddress("outbox", path=str(tmp_path / "outbox"))
    return tmp_path / "outbox"


@pytest.fixture(params=["pipelining", "one by one"])
def smtp(settings: Any, request: pytest.FixtureRequest) -> Iterator[sinks.Sink]:
    sink = sinks.Sink(is_pipelining=request.param == "pipelining")
    controller = sinks.start(sink)
    settings.EMAIL_ADDRESS = MailAddress("smtp", "127.0.0.1", sink.port)
    yield sink
    controller.stop()


def subscribers(*addresses: str, language: str = "fi", segment: str = "") -> QuerySet[Any]:
    """Adds to the list, and gives all of it as `freeze` wants it. The language stands in the reply's column, the segment in the subject's."""
    rows = [
        Delivery(
            stream=BOOK,
            key=f"book:{address}",
            recipient_key=key_of(address),
            address=address,
            mime=b"",
            reply=language,
            subject=segment,
            state=Delivery.State.SENT,
        )
        for address in addresses
    ]
    # Who is on the list already stays on it.
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    return Delivery.objects.filter(stream=BOOK).annotate(variant_language=F("reply"), variant_segment=F("subject"))


def variant(language: str = "fi", subject: str = "Työelämä nyt", segment: str = "") -> VariantEntry:
    """Text and HTML with two links, and every slot there is."""
    token = f"https://news.example.org/leave/{slots.UNSUBSCRIBE_TOKEN}/"
    words = f"Hyvää päivää! {slots.click(0)} ja {slots.click(1)}\n{slots.ADDRESS}\n{token}\n"
    html = f'<p>Hyvää päivää <a href="{slots.click(0)}">a</a> <a href="{slots.click(1)}">b</a> {slots.PREFERENCES_TOKEN}</p>'
    bulk = message.BulkMessage(
        subject=subject,
        text=words,
        html=html,
        language=language,
        unsubscribe_url=token,
        list_id="news.example.org",
        list_name="Työelämä nyt",
        feedback_id="issue-1:news:kantama",
    )
    return language, segment, subject, message.build_bulk(bulk)


def freeze_to(*addresses: str, key: str = "test.issue:1", languages: Sequence[str] = ("fi",)) -> Mailing:
    links_ = links.Links()
    links_.slot("https://example.org/a/")
    links_.slot("https://example.org/b/?x=1&y=2", key_of("b"))
    return mailings.freeze(
        key=key, stream=NEWS, variants=[variant(language) for language in languages], recipients=subscribers(*addresses), links=links_.entries
    )


@pytest.fixture
def freeze(heard: Heard) -> Freeze:
    """Freezes a mailing to the addresses."""
    return freeze_to


def addresses(count: int) -> list[str]:
    return [f"reader{number}@example.org" for number in range(count)]
