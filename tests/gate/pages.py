"""Makes the pages of the corpus, unpublished."""

from __future__ import annotations

import copy
import re
from typing import Any

from wagtail.models import Locale, Page

from base.gate import Finding, examine
from base.gate.subject import Subject, render
from events.models import EventPage
from newsletters.models import IssuePage
from pages.models import PracticePage, ResultPage, StoryPage
from tests import factories
from tests.gate.corpus import CONTENT, LEAD, Ground
from tests.gate.files import make_document
from themes.models import Practice

MODELS = {"story": StoryPage, "result": ResultPage, "practice": PracticePage, "event": EventPage, "issue": IssuePage}


class Maker:
    """One page of each kind, made when first asked for; each draft is that page with the content asked for."""

    def __init__(self, section: Any, ground: Ground) -> None:
        self.section, self.ground, self.goal = section, ground, factories.make_goal(section.theme)
        self.made: dict[str, Any] = {}

    def examine(self, kind: str, changes: dict[str, Any], language: str = "fi") -> list[Finding]:
        """What the gate says of the page with the changes, those of its styles and its markup (`css`, `html`) too."""
        fields = {name: value for name, value in changes.items() if name not in {"css", "html"}}
        page = self.draft(kind, fields, language)
        if fields == changes:
            return examine(Subject(page))
        markup = render(page)
        for old, new in changes.get("html", ()):
            assert old in markup, f"nothing like that on the page: {old}"
            markup = markup.replace(old, new)
        return examine(Subject(page, markup.replace("</head>", f"<style>{changes.get('css', '')}</style></head>")))

    def draft(self, kind: str, changes: dict[str, Any], language: str = "fi") -> Any:
        page = MODELS[kind].objects.get(pk=self._page(kind).pk)
        content = {"search_description": LEAD} | CONTENT[kind] | changes
        page.goals = content.pop("goals", [self.goal])
        page.locale = Locale.objects.get(language_code=language)
        for name, value in content.items():
            setattr(page, name, self._blocks(value) if name == "body" else self.ground.fill(value))
        return page

    def _page(self, kind: str) -> Any:
        if kind not in self.made:
            make = {"event": self._event, "issue": self._issue, "practice": self._practice}.get(kind, lambda: self._article(kind))
            self.made[kind] = make()
        return self.made[kind]

    def _article(self, kind: str, **values: Any) -> Any:
        return factories.publish(MODELS[kind](slug=f"sivu-{kind}", **CONTENT[kind], **values), self.section, goals=[self.goal], live=False)

    def _practice(self) -> Any:
        practice = Practice.objects.create(theme=self.section.theme, key="vartti", name_fi="Vartti")
        return self._article("practice", practice=practice)

    def _event(self) -> Any:
        home = self.section.get_parent().specific
        return factories.make_event_page(factories.make_events_page(home), goals=[self.goal])

    def _issue(self) -> Any:
        home = self.section.get_parent().specific
        letter = factories.make_newsletter_page(home, factories.make_newsletter(self.section.theme), goals=[self.goal])
        return factories.make_issue(letter, goals=[self.goal])

    def _blocks(self, blocks: list[Any]) -> list[Any]:
        return [(kind, self._block(kind, value)) for kind, value in blocks]

    def _block(self, kind: str, value: Any) -> Any:
        if kind == "figure":
            image = copy.copy(self.ground.image)
            image.contextual_alt_text = value["image"]["alt_text"]
            image.decorative = value["image"]["decorative"]
            return {**value, "image": image}
        if kind == "item":
            return Page.objects.get(pk=int(self.ground.fill(value)))
        if isinstance(value, str):
            value = value.replace("IMAGEID", str(self.ground.image.pk))
            value = re.sub(r"\{(pdf|docx)\|([^}]*)\}", lambda found: str(make_document(found[1], found[2]).pk), value)
        return self.ground.fill(value)
