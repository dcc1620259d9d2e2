"""The ways in which a condition asks: a choice of several, a piece of text, yes or no, touches in a period, a goal."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contacts.coverage.audience import meant, touches_for
from contacts.models import Touch
from contacts.timeline import midnight
from themes.models import Goal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from django.http import QueryDict
    from django.utils.functional import _StrPromise

LONGEST, MOST_DAYS = 100, 36_500

# What may be chosen, by the key of its kind, while many segments are told at once.
_kept: ContextVar[dict[Any, Any] | None] = ContextVar("choices", default=None)


@contextmanager
def choices_kept() -> Iterator[None]:
    """Inside, what may be chosen is read once, however many conditions name it."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def kept(key: Any, read: Callable[[], Any]) -> Any:
    found = _kept.get()
    if found is None:
        return read()
    if key not in found:
        found[key] = read()
    return found[key]


@dataclass(frozen=True)
class Kind:
    """`said` is what a condition keeps beside its key; `read` takes it from a form, `trouble` says in words what it lacks."""

    key: str
    label: _StrPromise

    widget: ClassVar[str] = ""

    def read(self, sent: QueryDict, prefix: str) -> dict[str, Any]:
        return {}

    def trouble(self, said: dict[str, Any]) -> str:
        return ""

    def q(self, said: dict[str, Any]) -> Q:
        raise NotImplementedError

    def words(self, said: dict[str, Any], *, negated: bool) -> str:
        raise NotImplementedError

    def shown(self, said: dict[str, Any]) -> dict[str, Any]:
        """What the widget's template reads."""
        return said


@dataclass(frozen=True)
class Choice(Kind):
    """One of several values."""

    choices: Callable[[], Iterable[tuple[Any, Any]]]
    ask: Callable[[list[str]], Q]

    widget: ClassVar[str] = "choice"

    def read(self, sent: QueryDict, prefix: str) -> dict[str, Any]:
        return {"values": [value[:LONGEST] for value in sent.getlist(f"{prefix}value")]}

    def trouble(self, said: dict[str, Any]) -> str:
        return "" if self._known(said) else _("Tick one at least.")

    def q(self, said: dict[str, Any]) -> Q:
        return self.ask([value for value, _label in self._known(said)])

    def words(self, said: dict[str, Any], *, negated: bool) -> str:
        told = _("%(label)s is not %(values)s") if negated else _("%(label)s is %(values)s")
        return told % {"label": self.label, "values": either(label for _value, label in self._known(said)) or _("(removed)")}

    def shown(self, said: dict[str, Any]) -> dict[str, Any]:
        ticked = set(said.get("values", ()))
        return {"options": [{"value": value, "label": label, "is_ticked": str(value) in ticked} for value, label in self.choices()]}

    def _known(self, said: dict[str, Any]) -> list[tuple[str, str]]:
        """What is still there of what was ticked."""
        ticked = set(said.get("values", ()))
        choices = kept(self, lambda: [(str(value), str(label)) for value, label in self.choices()])
        return [(value, label) for value, label in choices if value in ticked]


@dataclass(frozen=True)
class Text(Kind):
    ask: Callable[[str], Q]

    widget: ClassVar[str] = "text"

    def read(self, sent: QueryDict, prefix: str) -> dict[str, Any]:
        return {"text": " ".join(sent.get(f"{prefix}text", "").replace("\0", "").split())[:LONGEST]}

    def trouble(self, said: dict[str, Any]) -> str:
        return "" if said.get("text") else _("Type what it contains.")

    def q(self, said: dict[str, Any]) -> Q:
        return self.ask(said["text"])

    def words(self, said: dict[str, Any], *, negated: bool) -> str:
        told = _("%(label)s does not contain “%(text)s”") if negated else _("%(label)s contains “%(text)s”")
        return told % {"label": self.label, "text": said.get("text", "")}


@dataclass(frozen=True)
class Flag(Kind):
    """Yes or no. `label` says the yes, `otherwise` the no."""

    otherwise: _StrPromise
    ask: Callable[[], Q]

    def q(self, said: dict[str, Any]) -> Q:
        return self.ask()

    def words(self, said: dict[str, Any], *, negated: bool) -> str:
        return str(self.otherwise if negated else self.label)


@dataclass(frozen=True)
class Touched(Kind):
    """Touches of some kinds, or any, in the last days or between two days. `join` leads from a touch to the row that is asked about."""

    join: Callable[[Any], Any]

    widget: ClassVar[str] = "touched"

    def read(self, sent: QueryDict, prefix: str) -> dict[str, Any]:
        kinds = [value for value in sent.getlist(f"{prefix}value") if value in Touch.Kind.values]
        return {"kinds": kinds} | {name: sent.get(f"{prefix}{name}", "").strip()[:10] for name in ("days", "since", "until")}

    def trouble(self, said: dict[str, Any]) -> str:
        days = said.get("days", "")
        if days and not (days.isascii() and days.isdecimal() and 0 < int(days) <= MOST_DAYS):
            return _("Give a whole number of days, 1 or more.")
        for name in ("since", "until"):
            if said.get(name) and _day(said[name]) is None:
                return _("Give a day that is in the calendar.")
        first, last = _day(said.get("since", "")), _day(said.get("until", ""))
        if days and (first or last):
            return _("Give a number of days, or days from and until, not both.")
        return _("The last day is before the first.") if first and last and last < first else ""

    def q(self, said: dict[str, Any]) -> Q:
        rows = Touch.objects.order_by()
        if said.get("kinds"):
            rows = rows.filter(kind__in=said["kinds"])
        if said.get("days"):
            rows = rows.filter(at__gte=timezone.now() - timedelta(days=int(said["days"])))
        if first := _day(said.get("since", "")):
            rows = rows.filter(at__gte=midnight(first))
        if last := _day(said.get("until", "")):
            rows = rows.filter(at__lt=midnight(last + timedelta(days=1)))
        return Q(pk__in=self.join(rows))

    def words(self, said: dict[str, Any], *, negated: bool) -> str:
        kinds = either(Touch.Kind(kind).label for kind in said.get("kinds", ())).lower()
        if kinds:
            told = _("no touch (%(kinds)s) %(period)s") if negated else _("touch (%(kinds)s) %(period)s")
        else:
            told = _("no touch at all %(period)s") if negated else _("any touch %(period)s")
        return (told % {"kinds": kinds, "period": self._period(said)}).strip()

    def _period(self, said: dict[str, Any]) -> str:
        if said.get("days"):
            return ngettext("in the last %(number)s day", "in the last %(number)s days", int(said["days"])) % {"number": said["days"]}
        first, last = (date_format(day, "SHORT_DATE_FORMAT") if day else "" for day in (_day(said.get("since", "")), _day(said.get("until", ""))))
        return f"{first}–{last}" if first or last else _("ever")

    def shown(self, said: dict[str, Any]) -> dict[str, Any]:
        ticked = said.get("kinds", ())
        return said | {"options": [{"value": kind.value, "label": kind.label, "is_ticked": kind.value in ticked} for kind in Touch.Kind]}


@dataclass(frozen=True)
class OfGoal(Kind):
    """Of a goal's audience, and reached or not."""

    is_reached: bool

    widget: ClassVar[str] = "goal"

    def read(self, sent: QueryDict, prefix: str) -> dict[str, Any]:
        return {"goal": sent.get(f"{prefix}goal", "")[:10]}

    def trouble(self, said: dict[str, Any]) -> str:
        return "" if self._goal(said) else _("Choose a goal.")

    def q(self, said: dict[str, Any]) -> Q:
        goal = self._goal(said)
        if goal is None:
            return Q(pk__in=[])
        touched = Exists(touches_for(goal).filter(person=OuterRef("pk")))
        return meant(goal) & Q(touched if self.is_reached else ~touched)

    def words(self, said: dict[str, Any], *, negated: bool) -> str:
        if self.is_reached:
            told = _("not (of the audience of “%(goal)s” and reached)") if negated else _("of the audience of “%(goal)s” and reached")
        else:
            told = _("not (of the audience of “%(goal)s” and not reached)") if negated else _("of the audience of “%(goal)s” and not reached")
        return told % {"goal": self._goal(said) or _("(removed)")}

    def shown(self, said: dict[str, Any]) -> dict[str, Any]:
        chosen = said.get("goal", "")
        rows = Goal.objects.order_by("scope", "pk")
        return {"options": [{"value": goal.pk, "label": goal.name, "is_ticked": str(goal.pk) == chosen} for goal in rows]}

    def _goal(self, said: dict[str, Any]) -> Goal | None:
        number = said.get("goal", "")
        if not (number.isascii() and number.isdecimal()):
            return None
        found: Goal | None = kept(("goal", number), lambda: Goal.objects.filter(pk=number).first())
        return found


def either(words: Iterable[Any]) -> str:
    """A, B or C."""
    *first, last = [str(word) for word in words] or [""]
    return _("%(first)s or %(last)s") % {"first": ", ".join(first), "last": last} if first else last


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
