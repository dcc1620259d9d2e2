"""What somebody types for a text: checked at once, and kept where wagtail-localize's editor has it too."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Locale, Page
from wagtail_localize.models import String, StringTranslation, Translation, TranslationContext, TranslationSource
from wagtail_localize.strings import INLINE_TAGS, StringValue

from base.translations.starting import start_translations

if TYPE_CHECKING:
    from base.translations.texts import Text

EMPTY_TAGS = {"br"}


class _Tags(HTMLParser):
    """Which tags stand open, and what is wrong with them."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.wrong = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        if tag not in INLINE_TAGS:
            self.wrong = self.wrong or _("<%(tag)s> is not allowed here. Use the tags of the source.") % {"tag": tag}
        elif set(names) - ({"id"} if tag == "a" else set()):
            self.wrong = self.wrong or _("<%(tag)s> may not have attributes, save the id of a link.") % {"tag": tag}
        if tag == "a":
            self.links.append(names.get("id") or "")
        if tag not in EMPTY_TAGS:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in EMPTY_TAGS:
            return
        if not self.open or self.open.pop() != tag:
            self.wrong = self.wrong or _("</%(tag)s> ends what is not open there.") % {"tag": tag}


def stored(text: Text, typed: str) -> str:
    """The words as wagtail-localize keeps them; "" for none. Raises ValidationError, with words for the translator."""
    typed = typed.replace("\r\n", "\n").strip()
    if not typed:
        return ""
    if text.is_rich:
        return _checked_tags(text, typed)
    return str(StringValue.from_plaintext(str(text.checker.clean(typed))).data)


def _checked_tags(text: Text, typed: str) -> str:
    tags = _Tags()
    tags.feed(typed)
    tags.close()
    if tags.wrong:
        raise ValidationError(tags.wrong)
    if tags.open:
        raise ValidationError(_("<%(tag)s> is never closed: write </%(tag)s> where it ends.") % {"tag": tags.open[-1]})
    if missing := [link for link in text.links if link not in tags.links]:
        told = _('The link is missing: put <a id="%(id)s"> and </a> around its words.')
        raise ValidationError(told % {"id": missing[0]})
    if foreign := [link for link in tags.links if link not in text.links]:
        raise ValidationError(_("The source has no link “%(id)s”. Use the ids of its links.") % {"id": foreign[0]})
    return str(BeautifulSoup(typed, "html.parser"))


@transaction.atomic
def keep_words(*, page: Any, words: dict[str, dict[Text, str]], by: Any) -> list[Page]:
    """Of the page as it is in memory (`texts.state_to_translate`), by language: what `stored` made of it; "" takes the words away.

    Starts the languages that it needs, returns the pages that were started, and brings drafts up to date. A public translation stays as it is
    until it is published.
    """
    source, _is_new = TranslationSource.update_or_create_from_instance(page)
    locales = {locale.language_code: locale for locale in Locale.objects.filter(language_code__in=words)}
    started = start_translations(pages=[Page.objects.get(pk=page.pk)], locales=list(locales.values()), by=by)
    for code, entries in words.items():
        for text, data in entries.items():
            _keep(source, locales[code], text, data, by)
    for row in Translation.objects.filter(source=source, target_locale__in=locales.values(), enabled=True):
        if not row.get_target_instance().live:
            row.save_target(user=by, publish=False)
    return started


def _keep(source: TranslationSource, locale: Locale, text: Text, data: str, by: Any) -> None:
    string = String.objects.get(locale_id=source.locale_id, data_hash=String._get_data_hash(text.data))
    context = TranslationContext.objects.get(object_id=source.object_id, path=text.path)
    place = {"translation_of": string, "locale": locale, "context": context}
    if not data:
        for row in StringTranslation.objects.filter(**place):
            row.delete()
        return
    facts = {"translation_type": StringTranslation.TRANSLATION_TYPE_MANUAL, "tool_name": "", "has_error": False, "field_error": ""}
    StringTranslation.objects.update_or_create(**place, defaults={"data": data, "last_translated_by": by, **facts})
