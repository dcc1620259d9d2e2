"""Runs beside the server (`Server.call`): an issue with every block, in three languages, made and sent by the product's own actions."""

from __future__ import annotations

from typing import Any

from base.models import SiteImage, User
from base.translations.publishing import publish_together
from base.translations.texts import state_to_translate, texts_of
from base.translations.words import keep_words, stored
from events.models import EventPage
from mail import engine
from newsletters.issues import send_issue
from newsletters.models import IssuePage, NewsletterPage, Subscription
from newsletters.models.blocks import IssueBlocks
from pages.models import PracticePage, ResultPage, StoryPage
from themes.models import Goal, SubTheme

WORDS = {
    "Kaikki lohkot: vuorot, tulokset ja tapahtumat": ("Alla block: skift, resultat och evenemang", "Every block: shifts and results"),
    "Mitä marraskuussa tapahtui ja mitä on tulossa.": ("Vad som hände i november och vad som kommer.", "What happened in November and what comes."),
    "Marraskuussa moni työpaikka sopi vuorot yhdessä.": ("I november kom många överens.", "In November many agreed on shifts."),
    'Lue <a id="a1">kyselyn tulokset</a> ja <b>kerro omasi</b>.': (
        'Läs <a id="a1">enkätens svar</a> och <b>berätta ditt</b>.',
        'Read <a id="a1">the answers to the survey</a> and <b>tell yours</b>.',
    ),
    "Ensin sovitaan, sitten kokeillaan": ("Först kommer man överens, sedan prövar man", "First agree, then try"),
    "Lopuksi mitataan": ("Till sist mäter man", "Last, measure"),
    "Tällä viikolla": ("Den här veckan", "This week"),
    "Vuorot sovittiin tunnissa, ja kaikki tietävät ne.": ("Skiften avtalades på en timme.", "The shifts were agreed in an hour, and all know them."),
    "Aamuvuoron vetäjä": ("Ledaren för morgonskiftet", "The leader of the morning shift"),
    "Vuorotaulu verstaan seinällä": ("Skifttavlan på verkstadens vägg", "The board of shifts on the workshop's wall"),
    "Taulu on kaikkien nähtävillä": ("Tavlan syns för alla", "Everybody sees the board"),
    "vähemmän sairauspoissaoloja": ("mindre sjukfrånvaro", "less absence for sickness"),
    "Hankkeen kysely 2026": ("Projektets enkät 2026", "The project's survey 2026"),
    "Kerro, miten teillä sovitaan": ("Berätta hur ni kommer överens", "Tell how you agree"),
    "Kysely kestää viisi minuuttia.": ("Enkäten tar fem minuter.", "The survey takes five minutes."),
    "Vastaa kyselyyn": ("Svara på enkäten", "Answer the survey"),
    "Tämä osa on hyvinvoinnin tilaajille": ("Den här delen är för dem som följer arbetshälsa", "This part is for those who follow well-being"),
}  # fmt: skip

LINKED = '<p>Lue <a href="https://example.org/kysely">kyselyn tulokset</a> ja <b>kerro omasi</b>.</p>'
LIST = "<ul><li>Ensin sovitaan, sitten kokeillaan</li><li>Lopuksi mitataan</li></ul>"


def send_issue_with_every_block() -> dict[str, str]:
    """Sent from here, by the transport of the settings. The subject by language."""
    letter = NewsletterPage.objects.filter(locale__language_code="fi", newsletter__scope="external").first()
    issue = letter.add_child(instance=IssuePage(**words_of_issue(), body=body(), live=False))
    issue.goals.set(Goal.objects.filter(theme=letter.theme)[:1])
    issue.save_revision()
    by = User.objects.get(username="viestija")
    page = state_to_translate(IssuePage.objects.get(pk=issue.pk))
    assert {block.block_type for block in page.body} == set(IssueBlocks().child_blocks)
    languages = {"sv": 0, "en": 1}
    words = {
        code: {text: stored(text, WORDS[text.shown][place] if text.shown in WORDS else text.shown) for text in texts_of(page)}
        for code, place in languages.items()
    }
    keep_words(page=page, words=words, by=by)
    publish_together(page=page, codes=list(languages), by=by)
    for code in ("fi", "sv", "en"):
        assert Subscription.objects.mailable().filter(newsletter=letter.newsletter, language=code).exists(), code
    mailing = send_issue(IssuePage.objects.get(pk=issue.pk), by=by)
    engine.deliver_now(mailing.pk)
    title = words_of_issue()["title"]
    return {"fi": title, "sv": WORDS[title][0], "en": WORDS[title][1]}


def words_of_issue() -> dict[str, str]:
    title, preview, lead = list(WORDS)[:3]
    return {"title": title, "slug": "kaikki-lohkot", "preview_text": preview, "lead": lead}


def body() -> list[tuple[str, Any]]:
    finnish = {"locale__language_code": "fi", "live": True}
    stories, result, practice = (
        StoryPage.objects.filter(**finnish)[:2],
        ResultPage.objects.filter(**finnish).first(),
        PracticePage.objects.filter(**finnish).first(),
    )
    picture = SiteImage.objects.exclude(credit="").order_by("pk").first()
    assert picture is not None
    picture.contextual_alt_text, picture.decorative = "Vuorotaulu verstaan seinällä", False
    rule = {"title": "", "sub_theme": None, "region": None, "number": 2}
    sub_theme = SubTheme.objects.filter(theme__isnull=False).order_by("pk").first()
    assert sub_theme is not None
    return [
        ("paragraph", LINKED + LIST),
        ("heading", "Tällä viikolla"),
        ("quote", {"text": "Vuorot sovittiin tunnissa, ja kaikki tietävät ne.", "source": "Aamuvuoron vetäjä", "language": ""}),
        ("picture", {"image": picture, "caption": "Taulu on kaikkien nähtävillä"}),
        ("key_figures", {"items": [{"value": "12 %", "label": "vähemmän sairauspoissaoloja", "source": "Hankkeen kysely 2026"}]}),
        ("item", stories[0]),
        ("item", EventPage.objects.filter(**finnish).order_by("-starts_at").first()),
        ("cards", {"pages": [result, practice]}),
        ("coming_events", rule),
        ("open_calls", rule),
        ("call_to_action", {
            "title": "Kerro, miten teillä sovitaan", "text": "Kysely kestää viisi minuuttia.", "label": "Vastaa kyselyyn", "page": None,
            "url": "https://example.org/kysely",
        }),
        ("only_for", {
            "sub_themes": [sub_theme.key], "regions": [],
            "content": [("paragraph", "<p>Tämä osa on hyvinvoinnin tilaajille</p>"), ("item", stories[1])],
        }),
    ]  # fmt: skip
