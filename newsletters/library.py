"""The pages that an issue shows or leads to, in every language: read once, whatever the number of blocks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from bs4 import BeautifulSoup
from wagtail.models import Locale, Page

from base import coming
from base.pages import Digest, Digestible, web_address
from newsletters.models.blocks import IssueBlocks, ListedBlock
from themes.models import Scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.http import HttpRequest

    from newsletters.models import IssuePage

LISTED: dict[str, ListedBlock] = {name: block for name, block in IssueBlocks().child_blocks.items() if isinstance(block, ListedBlock)}


@dataclass(frozen=True)
class Rule:
    """What a block lists. Blocks of two languages that ask for the same show the same."""

    kind: str
    sub_theme: str
    region: str
    number: int

    @classmethod
    def of(cls, block_type: str, value: Any) -> Rule:
        return cls(LISTED[block_type].kind, value["sub_theme"] or "", value["region"] or "", int(value["number"] or 0))

    @property
    def name(self) -> str:
        """Under which it is kept once the issue is sent."""
        return f"{self.kind}|{self.sub_theme}|{self.region}|{self.number}"


@dataclass
class Library:
    keys: dict[int, UUID] = field(default_factory=dict)
    pages: dict[tuple[UUID, str], Any] = field(default_factory=dict)
    lists: dict[str, list[UUID]] = field(default_factory=dict)
    digests: dict[tuple[type, str], dict[int, Digest]] = field(default_factory=dict)

    @classmethod
    def of(cls, issues: Iterable[IssuePage]) -> Library:
        """`issues` are one issue in its languages."""
        issues = list(issues)
        ids = {pk for issue in issues for block in raw_blocks(issue.body.raw_data) for pk in (*shown_ids(block), *_linked_ids(block))}
        library = cls(dict(Page.objects.filter(pk__in=ids).values_list("pk", "translation_key")))
        for issue in issues:
            library.lists |= lists_of(issue, library)
        wanted = {*library.keys.values(), *(key for keys in library.lists.values() for key in keys)}
        codes = dict(Locale.objects.values_list("pk", "language_code"))
        for page in Page.objects.live().filter(translation_key__in=wanted).specific().order_by("-pk"):
            library.pages[page.translation_key, codes[page.locale_id]] = page
            # The source is the oldest, so it comes last.
            library.pages[page.translation_key, ""] = page
        return library

    def find(self, pk: int, language: str) -> Any | None:
        """The page in the language, else its source; None when nothing of it is live."""
        key = self.keys.get(pk)
        return self.find_key(key, language) if key else None

    def find_key(self, key: UUID, language: str) -> Any | None:
        return self.pages.get((key, language)) or self.pages.get((key, ""))

    def pages_of(self, block: Any, language: str) -> list[Any]:
        """The pages that a block shows, in its order. Those that are not live any more are left out: a link to them would lead nowhere."""
        kind, value = block.block_type, block.value
        if kind in LISTED:
            keys = self.lists.get(Rule.of(kind, value).name, [])
        else:
            chosen = [value] if kind == "item" else list(value["pages"])
            keys = [self.keys[page.pk] for page in chosen if page and page.pk in self.keys]
        found = (self.find_key(key, language) for key in keys)
        return [page for page in found if page is not None]

    def shown_keys(self, issue: IssuePage) -> list[UUID]:
        """Of the pages that the issue shows, whether they are live or not."""
        chosen = [self.keys[pk] for block in raw_blocks(issue.body.raw_data) for pk in shown_ids(block) if pk in self.keys]
        return list(dict.fromkeys([*chosen, *(key for rule in rules_of(issue) for key in self.lists[rule.name])]))

    def digest(self, page: Any, language: str, request: HttpRequest | None = None) -> Digest:
        """In the active language, which is the reader's. A kind whose digest asks the database asks once for all of its pages."""
        kind: Any = type(page)
        if not issubclass(kind, Digestible):
            return Digest(page.title, "", web_address(page), "", None)
        if (kind, language) not in self.digests:
            own = list({one.pk: one for one in self.pages.values() if type(one) is kind}.values())
            self.digests[kind, language] = dict(zip([one.pk for one in own], kind.digests(own, request), strict=True))
        return self.digests[kind, language][page.pk]


def raw_blocks(raw: Iterable[Any]) -> Iterator[Any]:
    """The blocks as they are stored, also those within blocks for a part of the readers."""
    for block in raw:
        yield block
        if block["type"] == "only_for":
            yield from raw_blocks(block["value"]["content"])


def shown_ids(block: Any) -> list[int]:
    """The pages that a stored block shows."""
    kind, value = block["type"], block["value"]
    match kind:
        case "item":
            found = [value]
        case "cards":
            found = [entry["value"] if isinstance(entry, dict) else entry for entry in value["pages"]]
        case "call_to_action":
            found = [value.get("page")]
        case _:
            found = []
    return [int(pk) for pk in found if pk]


def _linked_ids(block: Any) -> Iterator[int]:
    if block["type"] == "paragraph":
        for anchor in BeautifulSoup(block["value"], "html.parser").find_all("a", linktype="page"):
            yield int(str(anchor["id"]))


def rules_of(issue: IssuePage) -> list[Rule]:
    return [Rule.of(block["type"], block["value"]) for block in raw_blocks(issue.body.raw_data) if block["type"] in LISTED]


def lists_of(issue: IssuePage, library: Library) -> dict[str, list[UUID]]:
    """What each rule of the issue lists: as it was sent, else as of now, without the pages that the issue shows anyway."""
    rules = rules_of(issue)
    kept = issue.kept_lists() if rules else {}
    own = {library.keys[pk] for block in raw_blocks(issue.body.raw_data) for pk in shown_ids(block) if pk in library.keys}
    return {rule.name: [UUID(key) for key in kept[rule.name]] if rule.name in kept else _ask(rule, issue, own) for rule in rules}


def _ask(rule: Rule, issue: IssuePage, own: set[UUID]) -> list[UUID]:
    is_internal = issue.newsletter.scope == Scope.INTERNAL
    wanted = coming.Wanted(issue.theme_id, rule.sub_theme, rule.region, is_internal)
    return [key for key in coming.keys(rule.kind, wanted) if key not in own][: rule.number]
