"""Two people at one plan: whoever saves second is told what the first has changed meanwhile, and loses nothing that they typed.

What the form was opened on travels in the form itself, signed. A second saving goes through, for then they know.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.utils import get_user_display_name
from wagtail.log_actions import registry as log
from wagtail.snippets.views.snippets import EditView

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from themes.plans.comparing import Change

SALT = "themes.plans.meanwhile"
SHOWN = 12


class SeenForm(WagtailAdminModelForm):
    """`freeze` and `compare` say what a row holds, and what differs between two states of it."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        instance = kwargs.get("instance")
        data = args[0] if args else kwargs.get("data")
        if data is not None and instance is not None and instance.pk:
            data = with_rows_that_are_there(data, self.rows_by_prefix(instance))
            args, kwargs = (data, *args[1:]), {name: value for name, value in kwargs.items() if name != "data"}
        super().__init__(*args, **kwargs)
        if instance is not None and instance.pk and not self.is_bound:
            self.initial["seen"] = signing.dumps(self.freeze(instance), salt=SALT, compress=True)

    def freeze(self, instance: Any) -> dict[str, Any]:
        raise NotImplementedError

    def compare(self, old: dict[str, Any], new: dict[str, Any]) -> Iterable[Change]:
        raise NotImplementedError

    def rows_by_prefix(self, instance: Any) -> dict[str, set[str]]:
        """Of rows that are edited within the form: the beginning of their fields' names, and the numbers that there are."""
        return {}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.instance.pk and (opened := read(cleaned.get("seen", ""))) is not None:
            now = self.freeze(self.instance)
            if opened != now:
                form: Any = self
                form.data = form.data.copy()
                form.data["seen"] = signing.dumps(now, salt=SALT, compress=True)
                raise ValidationError(told(self.instance, list(self.compare(opened, now))))
        return cleaned


def read(text: str) -> dict[str, Any] | None:
    """None of what was not given by us, or is too old to be read: then there is nothing to compare with."""
    try:
        found: dict[str, Any] = signing.loads(text, salt=SALT)
    except signing.BadSignature:
        return None
    return found


def told(instance: Any, changes: list[Change]) -> list[str]:
    name = _who(instance)
    words = _("%(name)s has changed this meanwhile. Nothing of yours is lost, and nothing is saved yet: look at what changed, then save again.")
    lines = [f"{change.label}: {_in_words(change)}" for change in changes[:SHOWN]]
    rest = len(changes) - SHOWN
    more = [ngettext("and %(number)d other change", "and %(number)d other changes", rest) % {"number": rest}] if rest > 0 else []
    return [words % {"name": name}, *lines, *more]


def _in_words(change: Change) -> str:
    if not change.old:
        return _("added: “%(new)s”") % {"new": change.new}
    if not change.new:
        return _("taken away: “%(old)s”") % {"old": change.old}
    return _("was “%(old)s”, is now “%(new)s”") % {"old": change.old, "new": change.new}


def _who(instance: Any) -> str:
    last = log.get_logs_for_instance(instance).select_related("user").first()
    return str(get_user_display_name(last.user)) if last and last.user else _("Somebody")


def with_rows_that_are_there(data: Any, rows: dict[str, set[str]]) -> Any:
    """A row that another has deleted meanwhile is typed anew, instead of being lost with its number."""
    gone = [
        name
        for name in data
        for prefix, numbers in rows.items()
        if re.fullmatch(rf"{prefix}-\d+-id", name) and data[name] and data[name] not in numbers
    ]
    if not gone:
        return data
    found = data.copy()
    for name in gone:
        found[name] = ""
    return found


class LockedEditView(EditView):
    """Nobody saves between the comparison and the saving."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with transaction.atomic():
            list(self.model._default_manager.select_for_update().filter(pk=self.object_pk).values_list("pk"))
            answer: HttpResponseBase = super().post(request, *args, **kwargs)
        return answer
