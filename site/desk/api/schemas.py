"""What is asked, and what an answer holds. These words are the contract: a field is added, never renamed or taken away, within a version.

Annotations are read when the module is loaded, so their names are imported for good.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from ninja import Schema
from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema, create_model

Language = Literal["fi", "sv", "en"]
Slug = Annotated[str, Field(pattern=r"^[-a-zA-Z0-9_]{1,80}$")]
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
# Nothing of ours is older; before it a moment in another zone may lie outside of all calendars.
BEGINNING, END = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def _moment(value: object) -> datetime:
    """Within what a database can compare; what is not of RFC 3339, section 5.6, is refused."""
    text = str(value)
    if not RFC_3339.fullmatch(text):
        raise ValueError("write a date and a time with its zone, such as 2026-05-01T00:00:00Z")
    found = datetime.fromisoformat(text.upper())
    if found.year < BEGINNING.year:
        return BEGINNING
    return END if found.year >= END.year else found.astimezone(UTC)


Moment = Annotated[datetime, BeforeValidator(_moment), WithJsonSchema({"type": "string", "format": "date-time"})]


class Asked(Schema):
    language: Language = Field("fi", description="Pages in this language alone: a page that is not translated is left out.")
    theme: Slug | None = Field(None, description="Key of a national theme.")
    sub_theme: Slug | None = Field(None, description="Key of a sub-theme.")
    region: Annotated[str, Field(pattern=r"^[0-9]{2}$")] | None = Field(
        None, description="National code of a region, such as 06. What names no region concerns the whole country, and is found in each."
    )
    changed_since: Moment | None = Field(None, description="Only what was published or changed at this moment or later.")
    limit: int = Field(50, ge=1, le=100, description="At most so many.")
    after: Annotated[str, Field(pattern=r"^[0-9]{1,16}-[0-9]{1,10}$")] | None = Field(
        None, description="Where the last answer ended: take the address in its `next` as it is."
    )


class OneAsked(Schema):
    language: Language = "fi"


class Item(Schema):
    id: UUID = Field(description="The same in each language, and for ever.")
    language: Language
    url: str = Field(description="The page on the web.")
    title: str
    lead: str
    theme: str = Field(description="Key of the national theme.")
    sub_themes: list[str] = Field(description="Keys.")
    regions: list[str] = Field(description="National codes; none for the whole country.")
    published: datetime
    changed: datetime


class Story(Item):
    project: str | None = Field(description="Code of the project that it tells of.")


class Result(Item):
    project: str | None
    finding: str
    evidence: str
    material: str
    licence: str


class Practice(Item):
    project: str | None
    practice: str = Field(description="Key of the practice.")
    stage: Literal["identified", "described", "piloted", "spreading", "established"]


class Project(Item):
    code: str = Field(description="The operation's unique code.")
    kind: Literal["regional", "cross_regional", "coordination"]
    starts: date
    ends: date
    total_cost_eur: Decimal
    union_cofinancing_rate: Decimal
    website: str


class Service(Item):
    organisation: str
    target_groups: list[str]
    mode: Literal["in_person", "remote", "both"]
    spoken: list[str] = Field(description="Languages of the service.")
    is_free: bool
    price: str
    link: str


class EventDate(Schema):
    starts: datetime
    ends: datetime
    mode: Literal["in_person", "online", "hybrid"]
    region: str | None
    is_cancelled: bool


class Event(Item):
    place: str
    spoken: list[str] = Field(description="Languages of the event.")
    dates: list[EventDate]
    project: str | None


class Fault(Schema):
    field: str
    message: str


class Problem(Schema):
    """RFC 9457."""

    model_config: ClassVar[ConfigDict] = ConfigDict(title="Problem")

    type: str
    title: str
    status: int
    detail: str
    errors: list[Fault]


def with_html(schema: type[Item]) -> type[Item]:
    """Of one: with the page's text."""
    html = (str, Field(description="The page's text as HTML, with absolute addresses."))
    return create_model(f"Whole{schema.__name__}", __base__=schema, html=html)


def list_of(schema: type[Item]) -> type[Schema]:
    rest = (str | None, Field(description="Where the rest is; null at the end."))
    fields: dict[str, Any] = {"items": (list[schema], ...), "next": rest, "licence": (str, ...)}  # type: ignore[valid-type]  # one class for each kind
    return create_model(f"{schema.__name__}List", __base__=Schema, **fields)
