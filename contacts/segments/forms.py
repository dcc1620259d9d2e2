"""The builder's form: groups and conditions as they are sent, their buttons, and what they lack."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _

from base.bounds import bound
from contacts.models.segments import Segment
from contacts.segments.fields import KINDS
from contacts.segments.rules import ALL, ANY
from themes.models import Theme

if TYPE_CHECKING:
    from django.http import QueryDict

MOST = 20
EMPTY: dict[str, Any] = {"join": ALL, "groups": [{"join": ALL, "not": False, "conditions": []}]}


class SegmentForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """Name and theme; the theme is asked only of who works in several."""

    class Meta:
        model = Segment
        fields = ("name", "theme")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        themes = list(Theme.objects.all()[:2])
        if bound() is not None or len(themes) == 1 or self.instance.pk:
            self.fields["theme"].widget = forms.HiddenInput()
            self.fields["theme"].initial = self.instance.theme_id or (themes[0].pk if themes else None)


def read(sent: QueryDict, of: str) -> dict[str, Any]:
    """The rules as they stand in the form, whole or not."""
    groups = []
    for place in sent.getlist("group")[:MOST]:
        conditions = []
        for number in sent.getlist(f"g{place}-condition")[:MOST]:
            prefix = f"g{place}-{number}-"
            if kind := KINDS[of].get(sent.get(f"{prefix}kind", "")):
                conditions.append({"kind": kind.key, "not": f"{prefix}not" in sent} | kind.read(sent, prefix))
        groups.append({"join": _join(sent.get(f"g{place}-join")), "not": f"g{place}-not" in sent, "conditions": conditions})
    return {"join": _join(sent.get("join")), "groups": groups or deepcopy(EMPTY["groups"])}


def press(rules: dict[str, Any], button: str, sent: QueryDict, of: str) -> None:
    """Does what a button of the builder says: `add-0`, `remove-0-2`, `group`, `drop-1`. Others do nothing."""
    act, *places = button.split("-")
    groups = rules["groups"]
    at = [int(place) for place in places if place.isascii() and place.isdecimal() and len(place) < 4]
    if act == "group" and len(groups) < MOST:
        groups.append(deepcopy(EMPTY["groups"][0]))
    elif not at or at[0] >= len(groups):
        return
    elif act == "add" and (kind := KINDS[of].get(sent.get(f"g{at[0]}-new", ""))) and len(groups[at[0]]["conditions"]) < MOST:
        groups[at[0]]["conditions"].append({"kind": kind.key, "not": False})
    elif act == "remove" and len(at) == 2 and at[1] < len(groups[at[0]]["conditions"]):
        del groups[at[0]]["conditions"][at[1]]
    elif act == "drop" and len(groups) > 1:
        del groups[at[0]]


def whole(rules: dict[str, Any]) -> dict[str, Any]:
    """Without groups that ask nothing."""
    return rules | {"groups": [group for group in rules["groups"] if group["conditions"]]}


def troubles(rules: dict[str, Any], of: str) -> dict[tuple[int, int], str]:
    """By the places of group and condition."""
    found = {}
    for place, group in enumerate(rules["groups"]):
        for number, condition in enumerate(group["conditions"]):
            if trouble := KINDS[of][condition["kind"]].trouble(condition):
                found[place, number] = trouble
    return found


def complete(rules: dict[str, Any], of: str) -> dict[str, Any]:
    """Without what is not finished yet: for counting while it is built."""
    lacking = troubles(rules, of)
    groups = [
        group | {"conditions": [row for number, row in enumerate(group["conditions"]) if (place, number) not in lacking]}
        for place, group in enumerate(rules["groups"])
    ]
    return whole(rules | {"groups": groups})


def shown(rules: dict[str, Any], of: str, lacking: dict[tuple[int, int], str]) -> list[dict[str, Any]]:
    """What the template draws."""
    return [
        {
            "place": place,
            "join": group["join"],
            "not": group["not"],
            "conditions": [
                _shown(row, of, f"g{place}-{number}-", number, lacking.get((place, number), "")) for number, row in enumerate(group["conditions"])
            ],
        }
        for place, group in enumerate(rules["groups"])
    ]


def _shown(condition: dict[str, Any], of: str, prefix: str, number: int, trouble: str) -> dict[str, Any]:
    kind = KINDS[of].get(condition["kind"])
    if kind is None:
        return {"number": number, "prefix": prefix, "key": condition["kind"], "label": _("(removed)"), "not": False, "trouble": trouble, "said": {}}
    return {
        "number": number, "prefix": prefix, "key": kind.key, "label": kind.label, "not": condition.get("not"), "trouble": trouble,
        "widget": f"contacts/staff/segments/{kind.widget}.html" if kind.widget else "", "said": kind.shown(condition),
    }  # fmt: skip


def _join(sent: str | None) -> str:
    return ANY if sent == ANY else ALL
