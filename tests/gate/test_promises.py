"""Promised translations: what the gate tells of them, how much of the seeded defects, and where the staff see what is owed. Figures: run with -s."""

from __future__ import annotations

import pytest
from django.db import connection
from django.urls import reverse
from wagtail.models import Locale, Page
from wagtail_localize.models import StringSegment, StringTranslation, Translation

from base.gate import findings
from base.gate.guard import NotPublishable
from base.models import GateState
from base.roles import Role
from base.translations import checks
from events.models import EventsPage
from pages.models import ResultPage
from tests import factories
from tests.gate.owed import MISSING, OUTDATED, OWED, PARTIAL, QUIET
from tests.translations.making import fill, started, translated

CODES = {MISSING, OUTDATED, PARTIAL, "translation.en"}


class History:
    """Makes what a seed tells."""

    def __init__(self, section, kind, is_promised=True):
        theme = section.theme
        label = {"story": "pages.storypage", "result": "pages.resultpage", "event": "events.eventpage"}[kind]
        theme.promised_sv = [label] if is_promised else []
        theme.save()
        self.page = self._make(section, kind)

    def _make(self, section, kind):
        goals = [factories.make_goal(section.theme)]
        if kind == "story":
            return self._draft(factories.make_story(section, goals=goals))
        if kind == "event":
            calendar = EventsPage.objects.first() or factories.make_events_page(section.get_parent().specific)
            return self._draft(factories.make_event_page(calendar, goals=goals))
        body = [("paragraph", "<p>Teksti</p>")]
        page = ResultPage(title="Tulos", lead="Ingressi", finding="Palaute auttoi.", evidence="Kysely", body=body)
        return factories.publish(page, section, goals=goals, live=False)

    def _draft(self, page):
        page.unpublish()
        page.first_published_at = page.last_published_at = None
        page.save()
        return page

    @property
    def source(self):
        return Page.objects.get(pk=self.page.pk).specific

    @property
    def translation(self):
        return Page.objects.get(translation_key=self.page.translation_key, locale__language_code="sv").specific

    def run(self, steps):
        for step in steps:
            getattr(self, step)()
        return self

    def publish(self):
        self.source.get_latest_revision().publish()

    def change(self):
        page = self.source
        page.lead = "Aivan uusi ingressi."
        page.save_revision().publish()

    def start(self):
        started(self.source)

    def words(self):
        fill(self.translation)

    def some(self):
        row = Translation.objects.get(source__object_id=self.page.translation_key)
        segment = StringSegment.objects.select_related("string", "context").get(source=row.source, context__path="title")
        StringTranslation.from_text(segment.string, row.target_locale, segment.context, "Rubrik")

    def show(self):
        row = Translation.objects.get(source__object_id=self.page.translation_key, target_locale__language_code="sv")
        row.save_target(publish=False)

    def translate(self):
        translated(self.source)

    def by_hand(self):
        copy = self.source.copy_for_translation(Locale.objects.get(language_code="sv"), copy_parents=True)
        copy.title = "Rubrik"
        copy.save_revision().publish()

    def unpublish(self):
        self.translation.unpublish()

    def touch(self):
        page = self.translation
        page.title = "En annan rubrik"
        page.save_revision().publish()

    def told(self, of):
        page = self.source if of == "source" else self.translation
        return {(found.code, found.is_error) for found in findings(page.get_latest_revision_as_object()) if found.code in CODES}


def tell(section, seed, steps):
    """What the gate says in the end, or what it refuses on the way: wagtail-localize saves the words of a public page at once."""
    history = History(section, seed.kind, seed.is_promised)
    try:
        return history.run(steps).told(seed.of)
    except NotPublishable as refusal:
        return {(found.code, found.is_error) for found in refusal.findings}


@pytest.mark.parametrize("part", ["seen", "held-out"])
def test_what_is_owed_is_told_and_what_is_not_is_left_alone(section, part):
    rows = [seed for seed in OWED if seed.held_out is (part == "held-out")]
    missed, wrong = [], []
    for seed in rows:
        for steps, is_bad in ((seed.bad, True), (seed.clean, False)):
            told = tell(section, seed, steps)
            if is_bad and (seed.code, seed.blocking) not in told:
                missed.append((seed, told))
            if not is_bad and told:
                wrong.append((seed, told))
    print(f"\nowed, {part}: {len(rows)} defects, caught {1 - len(missed) / len(rows):.1%}; clean twins told {len(wrong) / len(rows):.1%}")
    assert (missed, wrong) == ([], [])


@pytest.mark.parametrize("seed", QUIET)
def test_nothing_is_told_where_nothing_is_owed(section, seed):
    assert History(section, seed.kind, seed.is_promised).run(seed.bad).told(seed.of) == set()


def kept(page):
    return {finding["code"] for row in GateState.objects.filter(page_id=page.pk) for finding in row.findings} & CODES


def test_the_report_follows_what_becomes_of_a_set(section):
    history = History(section, "story").run(["publish"])
    assert kept(history.source) == {MISSING}
    history.translate()
    assert (kept(history.source), kept(history.translation)) == (set(), set())
    history.change()
    assert (kept(history.source), kept(history.translation)) == (set(), {OUTDATED})
    history.unpublish()
    assert kept(history.source) == {MISSING}


def test_a_translation_behind_its_source_is_published_by_no_way(section):
    history = History(section, "story").run(["publish", "start", "words", "show", "change"])
    with pytest.raises(NotPublishable):
        history.translation.get_latest_revision().publish()
    assert not history.translation.live


def test_what_is_owed_leads_to_the_place_where_it_is_made(cast, section):
    page = History(section, "story").run(["publish"]).source
    shown = cast.enter(Role.COMMUNICATIONS).get(reverse("gate:page", args=[page.pk])).content.decode()
    assert f"{reverse('translations:start')}?pages={page.pk}&amp;languages=sv" in shown


def test_the_front_page_of_the_staff_tells_what_is_owed_and_since_when(cast, section):
    page = History(section, "story").run(["publish"]).source
    shown = cast.enter(Role.COMMUNICATIONS).get(reverse("wagtailadmin_home")).content.decode()
    assert "owed-translations" in shown
    assert page.title in shown
    assert f"{reverse('translations:start')}?pages={page.pk}&amp;languages=sv" in shown
    assert "owed-translations" not in cast.enter(Role.COORDINATORS).get(reverse("wagtailadmin_home")).content.decode()


def test_an_editor_says_which_translation_is_not_needed_and_takes_it_back(cast, section):
    page = History(section, "story").run(["publish"]).source
    path, home = reverse("desk:exempt", args=[page.pk]), reverse("wagtailadmin_home")
    client = cast.enter(Role.COMMUNICATIONS)
    assert path in client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    refused = client.post(path, {"languages": ["sv"], "reason": " "})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["reason"])
    assert 'value="sv" id="id_languages_0" checked' in " ".join(refused.content.decode().replace("checked", " checked").split())
    assert "owed-translations" in client.get(home).content.decode()
    assert client.post(path, {"languages": ["en"], "reason": "Ei luvattu"}).status_code == 422
    client.post(path, {"languages": ["sv"], "reason": "Vain suomeksi"})
    assert "owed-translations" not in client.get(home).content.decode()
    assert MISSING not in {finding.code for finding in findings(page)}
    assert "Vain suomeksi" in client.get(path).content.decode()
    client.post(path, {"reason": ""})
    assert "owed-translations" in client.get(home).content.decode()
    assert cast.enter(Role.COORDINATORS).get(path).status_code in (302, 403)


def test_a_theme_promises_what_is_ticked(cast, section):
    theme = section.theme
    assert {"pages.callpage", "pages.homepage", "pages.accessibilitypage", "pages.privacypage"} == set(theme.promised_sv)
    assert theme.promised_en == []
    form = cast.enter(Role.ADMINISTRATORS).get(reverse("wagtailsnippets_themes_theme:edit", args=[theme.pk])).context["form"]
    assert "pages.callpage" in form["promised_sv"].value()
    bound = type(form)(form.initial | {"promised_sv": ["events.eventpage"], "promised_en": []}, instance=theme)
    bound.is_valid()
    assert bound.cleaned_data["promised_sv"] == ["events.eventpage"]


@pytest.mark.parametrize(
    ("text", "is_same"),
    [
        ("029 534 5000", True),
        ("WCAG 2.2 A, AA", True),
        ("kirjaamo@example.org", True),
        ("https://example.org/a", True),
        ("Lopuksi", False),
        ("A4-arkki", False),
    ],
)
def test_what_is_right_in_any_language_waits_for_no_words(text, is_same):
    assert bool(checks.IN_ANY_LANGUAGE.fullmatch(text)) is is_same


def test_a_page_that_goes_leaves_nothing_of_its_checks(section):
    story = factories.make_story(section)
    GateState.objects.filter(page=story.pk).delete()
    story.delete()
    connection.check_constraints()
    assert not GateState.objects.filter(page=story.pk).exists()
