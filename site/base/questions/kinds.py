"""A question as a form needs it, read from the blocks that an editor wrote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

if TYPE_CHECKING:
    from collections.abc import Iterator

SENSITIVE_DAYS = 14
HEADING, CONSENT, FILE, YES_NO, ONE, SEVERAL = "heading", "consent", "file", "yes_no", "one", "several"
CHOICES = {ONE, SEVERAL, YES_NO}
YES, NO = "yes", "no"


@dataclass(frozen=True)
class Option:
    """With a `capacity`, only so many may choose it."""

    key: str
    text: str
    capacity: int | None = None


@dataclass(frozen=True)
class Condition:
    """The question is put only to who chose this option of an earlier one."""

    question: str
    option: str
    text: str


@dataclass(frozen=True)
class Question:
    """`kept_days` after the event its answers go; None: they stay as long as the registration. `version` is of a consent's text."""

    key: str
    kind: str
    label: str
    help_text: str = ""
    is_required: bool = False
    kept_days: int | None = None
    is_sensitive: bool = False
    options: tuple[Option, ...] = ()
    condition: Condition | None = None
    version: str = ""

    @property
    def field_name(self) -> str:
        return field_name(self.key)

    def text_of(self, option: str) -> str:
        return next((known.text for known in self.options if known.key == option), "")


def field_name(key: str) -> str:
    return f"q-{key}"


def questions_of(stream: Any) -> list[Question]:
    """In the order of the form, headings among them; a question that hangs on an answer stands right behind the one that it hangs on."""
    return list(_read(stream, None))


def _read(stream: Any, condition: Condition | None) -> Iterator[Question]:
    for place, child in enumerate(stream or ()):
        # What was never saved has no id yet: a preview.
        key, value = str(child.id or f"new-{place}"), child.value
        if child.block_type == HEADING:
            yield Question(key, HEADING, value["title"], value["text"], condition=condition)
            continue
        question = _question(key, child.block_type, value, condition)
        yield question
        for option, follow_ups in _follow_ups(child.block_type, value, question):
            yield from _read(follow_ups, Condition(key, option.key, option.text))


def _question(key: str, kind: str, value: Any, condition: Condition | None) -> Question:
    return Question(
        key=key,
        kind=kind,
        label=value["label"],
        help_text=value["help_text"],
        is_required=value["is_required"],
        kept_days=kept_days(value["kept"], value["days"]),
        is_sensitive=value["kept"] == "sensitive",
        options=tuple(_options(kind, value)),
        condition=condition,
        version=value.get("version", ""),
    )


def kept_days(kept: str, days: int | None) -> int | None:
    return {"sensitive": SENSITIVE_DAYS, "days": days}.get(kept)


def _options(kind: str, value: Any) -> Iterator[Option]:
    if kind == YES_NO:
        yield from (Option(YES, pgettext("answer", "Yes")), Option(NO, pgettext("answer", "No")))
    elif kind in CHOICES:
        for place, bound in enumerate(value["options"].bound_blocks):
            yield Option(str(bound.id or f"new-{place}"), bound.value["text"], bound.value["capacity"])


def _follow_ups(kind: str, value: Any, question: Question) -> Iterator[tuple[Option, Any]]:
    if kind == YES_NO:
        for option, name in zip(question.options, ("if_yes", "if_no"), strict=True):
            # A follow-up itself has none.
            yield option, value.get(name)
    elif kind in CHOICES:
        for option, bound in zip(question.options, value["options"].bound_blocks, strict=True):
            yield option, bound.value.get("follow_ups")


def condition_text(condition: Condition) -> str:
    return _("Only if you chose “{answer}”").format(answer=condition.text)
