"""A composed report as a document, in the active language: the same on the screen, on paper and for the spreadsheet's reader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from base.documents.parts import Facts, Heading, Linked, Table, Text
from desk.reports import results
from desk.reports.figures import by_reference
from desk.reports.kinds import HEADINGS
from desk.reports.referring import runs_of
from themes.plans.reading import amount, day, number, said

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from base.documents.parts import Part
    from desk.reports.composing import Composed
    from desk.reports.figures import Figure


def facts_of(composed: Composed) -> list[str]:
    theme = composed["theme"]
    period = _("Period: %(starts)s–%(ends)s") % {"starts": day(composed["starts"]), "ends": day(composed["ends"])}
    return [said(theme["words"]), period, _("Figures as of %(day)s") % {"day": day(min(composed["made_on"], composed["ends"]))}]


def parts_of(composed: Composed) -> list[Part]:
    figures = by_reference(composed["figures"])
    found: list[Part] = []
    for section in composed["sections"]:
        found.append(Heading(2, said(section["heading"])))
        found += texts(said(section["text"]), figures)
        if section["key"] in TELL:
            found += TELL[section["key"]](composed)
    return [*found, *results.definitions(composed["figures"])]


def texts(text: str, figures: Mapping[str, Figure]) -> Iterator[Text]:
    for line in text.splitlines():
        if line.strip():
            runs = runs_of(line.strip(), figures)
            yield Text("".join(runs), runs)


def _operation(composed: Composed) -> Iterator[Part]:
    theme = composed["theme"]
    rows = [
        (_("National theme"), said(theme["words"])),
        (_("Programme"), said(theme["programme"])),
        (_("Specific objective"), f"{theme['objective_code']} {said(theme['objective'])}"),
        (_("Fund"), theme["fund"]),
        (_("Years"), f"{theme['starts']}–{theme['ends']}"),
        (_("Budget frame, EUR"), amount(theme["budget"])),
    ]
    yield Facts([row for row in rows if row[1].strip()])
    yield from (Text(line.strip()) for line in said(theme["summary"]).splitlines() if line.strip())


def _done(composed: Composed) -> Iterator[Part]:
    acts = composed["acts"]
    if not acts:
        yield Text(_("Nothing was done for these goals in the period."))
        return
    yield Text(ngettext("%(number)d act of communication.", "%(number)d acts of communication.", len(acts)) % {"number": len(acts)})
    head = [_("Title"), _("Day"), _("Channel"), _("Audience"), _("Contacts reached"), _("Counted without names")]
    rows = [[Linked(act["title"], f"act:{act['id']}"), *_act(act), number(act["people"]), number(act["counted"])] for act in acts]
    total = [_("Together"), "", "", "", "–", number(sum(act["counted"] for act in acts))]
    yield Table(_("What was done"), head, [*rows, total], (34, 14, 18, 22, 14, 16))
    yield Text(_("A contact whom two acts reached is one contact in each; so contacts are not added up."))


def _act(act: Mapping[str, Any]) -> list[str]:
    channel = said(act["channel"]) if act["channel"] else said(act["kind"])
    return [day(act["day"]), channel, ", ".join(said(words) for words in act["audiences"]) or "–"]


def _next(composed: Composed) -> Iterator[Part]:
    rows = [
        [Linked(act["title"], f"act:{act['id']}"), *_act(act), act["responsible"] or "–", _("Late") if act["is_late"] else _("Planned")]
        for act in composed["next"]
    ]
    if not rows:
        yield Text(_("Nothing is planned for these goals."))
        return
    head = [_("Title"), _("Day"), _("Channel"), _("Audience"), _("Responsible"), _("State")]
    yield Table(_("What comes next"), head, rows, (34, 14, 18, 22, 20, 14))


def _missing(composed: Composed) -> Iterator[Part]:
    names = {goal["id"]: said(goal["words"]) for goal in composed["goals"]}
    rows = []
    for row in composed["missing"]:
        reached = _("Nobody of the register is meant.") if not row["all"] else f"{number(row['missing'])} / {number(row['all'])}"
        rows.append([Linked(names[row["goal"]], f"coverage:{row['goal']}"), reached, _places(row["regions"]), _places(row["groups"])])
    if not rows:
        yield Text(_("No goal has been chosen."))
        return
    head = [_("Goal"), _("Not reached, of the audience"), _("Most of them, by region"), _("Most of them, by target group")]
    yield Table(_("Whom we have not reached yet"), head, rows, (34, 18, 34, 34))
    yield Text(_("As the register of contacts stood on %(day)s.") % {"day": day(composed["made_on"])})


def _places(rows: list[dict[str, Any]]) -> str:
    return ", ".join(f"{said(row['words']) if row['words'] else _('not known')} {number(row['missing'])}" for row in rows) or "–"


def _decisions(composed: Composed) -> Iterator[Part]:
    if not composed["decisions"]:
        yield Text(_("No decisions or recommendations are open, and none were carried out in the period."))
        return
    names = {goal["id"]: said(goal["words"]) for goal in composed["goals"]}
    rows = [
        [
            row["text"],
            names[row["goal"]] if row["goal"] else _("Decision of a meeting"),
            row["responsible"] or _("Nobody yet"),
            day(row["due"]) or "–",
            _decided(row, composed),
        ]
        for row in composed["decisions"]
    ]
    head = [_("What"), _("Goal"), _("Who follows it up"), _("By when"), _("State")]
    yield Table(_("Decisions and recommendations"), head, rows, (40, 26, 20, 14, 18))


def _decided(row: Mapping[str, Any], composed: Composed) -> str:
    if row["done"]:
        return _("Done %(day)s") % {"day": day(row["done"])}
    return _("Late") if row["due"] and row["due"] < composed["made_on"] else _("Open")


def _groups(name: str) -> Callable[[Composed], Iterator[Part]]:
    def tell(composed: Composed) -> Iterator[Part]:
        rows = [
            [said(row["words"]) if row["words"] else _("None named"), number(row["acts"]), number(row["people"])] for row in composed["groups"][name]
        ]
        if not rows:
            yield Text(_("Nothing was done for these goals in the period."))
            return
        yield Table(str(HEADINGS[name]), [str(HEADINGS[name]), _("Acts"), _("Contacts reached by them")], rows, (50, 15, 20))
        yield Text(_("An act that belongs to two counts in both; a contact whom two acts reached counts for each of them."))

    return tell


TELL: Mapping[str, Callable[[Composed], Iterator[Part]]] = {
    "operation": _operation,
    "course": lambda composed: results.course(composed),
    "results": lambda composed: results.results(composed),
    "done": _done,
    "sub_themes": _groups("sub_themes"),
    "regions": _groups("regions"),
    "missing": _missing,
    "next": _next,
    "decisions": _decisions,
}
