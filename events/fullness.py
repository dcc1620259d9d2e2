"""Says in a form which of what was chosen is full, at the field where it was chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from events import seats
from events.choosing import pool_of
from events.options import pool_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from events.models import Event


def tell(form: Any, event: Event, places: Mapping[str, int], *, otherwise: str) -> None:
    """`form` has questions and perhaps sessions; `places` are those that are needed and not held yet; `otherwise` where no one choice is to blame."""
    full = {pool.key for pool in event.pools.all() if 0 < places.get(pool.key, 0) > (0 if pool.is_queued else pool.left)}
    lacks_seats = any(not key.startswith(seats.OPTIONAL) for key in full)
    told = [] if lacks_seats else [*_of_answers(form, full), *_of_sessions(form, full)]
    fallback: list[tuple[str | None, str]] = [(None, otherwise)]
    for name, text in told or fallback:
        form.add_error(name, text)
    # A browser cannot be told again which file was chosen.
    form.hold_files()


def _of_answers(form: Any, full: set[str]) -> list[tuple[str, str]]:
    text = _("The last place for “%(answer)s” was just taken. Choose another answer.")
    chosen = [(answer.question, option) for answer in form.given() for question, option in answer.pools if pool_key(question, option) in full]
    return [(question.field_name, text % {"answer": question.text_of(option)}) for question, option in chosen]


def _of_sessions(form: Any, full: set[str]) -> list[tuple[str, str]]:
    text = _("The last place in “%(session)s” was taken. Choose another one, or leave it out.")
    chosen = set(form.cleaned_data.get("sessions", ()))
    return [("sessions", text % {"session": one.title}) for one in form.sessions if one.key in chosen and pool_of(one.key) in full]
