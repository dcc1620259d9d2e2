"""The search: it finds words in other forms, shows what is public alone, and takes anything that an address can hold."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from wagtail.models import Locale, PageViewRestriction

from pages.search import index
from pages.search.excerpts import excerpt, marked
from pages.search.lemmas import lemma
from pages.search.models import Entry
from tests import factories
from tests.pages.search_corpus import CHANCE, PAGES, PARTS, QUESTIONS, TYPOS
from themes.models import Scope, SubTheme

LEAST_RECALL = 0.9


def ask(client, language="fi", **asked):
    answer = client.get(f"/{language}/search/", asked)
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def titles(soup):
    return [title.get_text() for title in soup.select(".story-row__title")]


def of_language(section, language):
    if language == "fi":
        return section
    return section.copy_for_translation(Locale.objects.get(language_code=language), copy_parents=True)


@pytest.fixture(params=PAGES)
def language_of_corpus(section, request):
    language = request.param
    place = of_language(section, language)
    place.live = True
    place.save()
    for key, (title, lead, text) in PAGES[language].items():
        slug = f"p-{list(PAGES[language]).index(key)}"
        factories.make_story(place, title=title, slug=slug, lead=lead, body=[("paragraph", f"<p>{text}</p>")])
    return language


def share(what, language, missed, number):
    recall = 1 - len(missed) / number
    print(f"\nsearch, {what}, {language}: {number - len(missed)} of {number} ({recall:.0%}); missed: {missed}")
    return recall


def test_the_corpus(client, language_of_corpus):
    language = language_of_corpus
    questions = QUESTIONS[language]
    first = {question: titles(ask(client, language, q=question))[:1] for question in questions}
    missed = {question: first[question] for question, key in questions.items() if first[question] != [PAGES[language][key][0]]}
    assert share("other forms", language, missed, len(questions)) >= LEAST_RECALL, missed
    missed = {word: found for word, key in PARTS[language].items() if PAGES[language][key][0] not in (found := titles(ask(client, language, q=word)))}
    assert share("parts of compounds", language, missed, len(PARTS[language])) >= LEAST_RECALL, missed
    wrong = {word: found for word in CHANCE[language] if (found := titles(ask(client, language, q=word)))}
    assert share("ends by chance", language, wrong, len(CHANCE[language])) >= LEAST_RECALL, wrong
    missed = {typed: word for typed, word in TYPOS[language].items() if not leads_to(client, language, typed, word)}
    assert share("mistyped", language, missed, len(TYPOS[language])) >= LEAST_RECALL, missed


def leads_to(client, language, typed, word):
    """By a question back, or at once where the basic form is the same."""
    soup = ask(client, language, q=typed)
    return suggested(soup) == word or titles(soup)[:1] == titles(ask(client, language, q=word))[:1]


def suggested(soup):
    return next((link.get_text() for link in soup.select("#main a[href^='?q=']") if not link.find_parent(class_="search")), "")


def test_every_process_makes_the_same_of_a_word():
    assert {lemma(word, "fi") for word in ("työpaikkojen", "Työpaikat", "TYÖPAIKKA")} == {"työpaikka"}
    assert lemma("arbetshälsan", "sv") == lemma("arbetshälsa", "sv")
    assert lemma("x" * 5000, "fi") == lemma("x" * 60, "fi")


# ---- what is found
def test_the_title_weighs_more_than_the_text(client, section):
    factories.make_story(section, title="Toinen", body=[("paragraph", "<p>kahvitauko kahvitauko kahvitauko</p>")])
    factories.make_story(section, title="Kahvitauko")
    assert titles(ask(client, q="kahvitaukoja")) == ["Kahvitauko", "Toinen"]


def test_all_words_first_and_some_of_them_else(client, section):
    factories.make_story(section, title="Kahvi ja pulla")
    factories.make_story(section, title="Kahvi")
    assert titles(ask(client, q="kahvi pulla")) == ["Kahvi ja pulla"]
    partial = ask(client, q="pullan leipominen")
    assert titles(partial) == ["Kahvi ja pulla"]
    assert "No page has all" not in partial.get_text()
    assert "Millään sivulla ei ole kaikkia sanoja" in partial.get_text()


def test_only_what_is_public_is_found(client, section):
    factories.make_story(section, title="Julkinen kahvi")
    factories.make_story(section, title="Poistettu kahvi").unpublish()
    factories.make_story(section, title="Hävitetty kahvi").delete()
    PageViewRestriction.objects.create(page=factories.make_story(section, title="Salainen kahvi"), restriction_type="login")
    calendar = factories.make_events_page(section.get_parent().specific)
    factories.make_event_page(calendar, title="Sisäinen kahvi", scope=Scope.INTERNAL)
    factories.make_event_page(calendar, title="Avoin kahvi", online_link="https://kahvi.example.org/salaisuus")
    assert sorted(titles(ask(client, q="kahvi"))) == ["Avoin kahvi", "Julkinen kahvi"]
    assert titles(ask(client, q="salaisuus")) == []
    assert not Entry.objects.filter(text__contains="salaisuus").exists()


def test_a_page_follows_its_changes(client, section):
    story = factories.make_story(section, title="Kahvi")
    story.title = "Tee"
    story.save_revision()
    assert titles(ask(client, q="kahvi")) == ["Kahvi"]
    story.save_revision().publish()
    assert titles(ask(client, q="kahvi")) == []
    elsewhere = factories.make_section(section.get_parent().specific)
    story.move(elsewhere, pos="last-child")
    (link,) = ask(client, q="tee").select(".story-row__title a")
    assert client.get(link["href"]).status_code == 200


def test_the_index_can_be_written_anew(section, capsys):
    factories.make_story(section, title="Kahvi")
    Entry.objects.all().delete()
    call_command("rebuild_search")
    assert "1" in capsys.readouterr().out
    assert Entry.objects.get().title == "Kahvi"


def test_a_mistyped_word_is_answered_with_what_a_visitor_may_find(client, section):
    PageViewRestriction.objects.create(page=factories.make_story(section, title="Salainen perehdytys"), restriction_type="login")
    assert suggested(ask(client, q="perehdyts")) == ""
    factories.make_story(section, title="Avoin perehdytys ja kahvi")
    assert suggested(ask(client, q="Perehdyts kahvi")) == "perehdytys kahvi"
    # Nothing of another word is changed.
    assert suggested(ask(client, q="kahv kahvi")) == "kahvi kahvi"
    assert suggested(ask(client, q="perehdytys")) == suggested(ask(client, q="xyzzy")) == ""


# ---- narrowing
def test_facets_count_and_narrow(client, section):
    theme = SubTheme.objects.create(theme=section.theme, key="hyvinvointi", name_fi="Työhyvinvointi")
    story = factories.make_story(section, title="Kahvi")
    story.sub_themes.set([theme])
    story.save_revision().publish()
    factories.make_story(section, title="Kahvi toinen")
    calendar = factories.make_events_page(section.get_parent().specific)
    factories.make_event_page(calendar, title="Kahvi kolmas")
    soup = ask(client, q="kahvi")
    choices = {link.contents[0].strip(): (link.select_one(".meta").get_text(), link["href"]) for link in soup.select(".search__choices a")}
    assert choices["Juttu"][0] == "(2)"
    assert choices["Tapahtuma"][0] == "(1)"
    assert choices["Työhyvinvointi"][0] == "(1)"
    narrowed = BeautifulSoup(client.get("/fi/search/" + choices["Työhyvinvointi"][1]).content, "html.parser")
    assert titles(narrowed) == ["Kahvi"]
    (chosen,) = narrowed.select(".search__choices [aria-current]")
    assert len(titles(BeautifulSoup(client.get("/fi/search/" + chosen["href"]).content, "html.parser"))) == 3
    assert titles(ask(client, q="kahvi", kind="no.such", year="x")) == []


def test_ten_a_sheet(client, section):
    for number in range(12):
        factories.make_story(section, title=f"Kahvi {number}")
    assert [len(titles(ask(client, q="kahvi", page=page))) for page in ("1", "2", "9", "x")] == [10, 2, 2, 10]


# ---- odd input
@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "x" * 10_000,
        "\x00kahvi",
        '"kahvi',
        "kahvi' OR 1=1 --",
        "kahvi AND (",
        "NEAR/2 * ^",
        "🙂",
        "a b " * 500,
        "%",
        "\\",
        "<script>",
        "ääkköset",
    ],
)
def test_anything_can_be_asked(client, section, text):
    factories.make_story(section, title="Kahvi")
    soup = ask(client, q=text)
    assert soup.select_one("h1")
    assert not soup.select("main script")


def test_it_only_reads_and_is_not_to_be_found(client, section):
    assert client.post("/fi/search/", {"q": "x"}).status_code == 405
    answer = client.get("/fi/search/", {"q": "x"})
    assert answer["X-Robots-Tag"] == "noindex"
    assert "X-Page-Cache" not in answer
    assert answer.cookies == {}
    assert client.get("/xx/search/").status_code == 404


def test_the_other_languages_get_the_same_question(client, section):
    links = {link["hreflang"]: link["href"] for link in ask(client, q="å & b").select(".menu__languages a")}
    assert links["sv"] == "/sv/search/?q=%C3%A5+%26+b"


def test_each_page_has_the_form(client, section):
    form = BeautifulSoup(client.get(section.url).content, "html.parser").select_one("form[role=search]")
    field = form.select_one("input[name=q]")
    assert form.select_one(f"label[for={field['id']}]").get_text()
    assert client.get(form["action"], {"q": "x"}).status_code == 200


# ---- marking
def test_marks_stand_on_escaped_words():
    assert marked("<b>Työpaikkojen & muut</b>", {"työpaikka"}, "fi") == "&lt;b&gt;<mark>Työpaikkojen</mark> &amp; muut&lt;/b&gt;"
    long = "alku " * 100 + "tässä työpaikat ovat" + " loppu" * 100
    cut = excerpt(long, {"työpaikka"}, "fi")
    assert cut.startswith("… ")
    assert cut.endswith(" …")
    assert "<mark>työpaikat</mark>" in cut
    assert len(cut) < 300
    assert excerpt("ei mitään", {"työpaikka"}, "fi") == ""


def test_weights_hold_title_lead_and_text():
    weights = index.weigh("Kahvi", "kahvin", "kahvia " * 9, "fi")
    assert weights["kahvi"] == index.IN_TITLE + index.IN_LEAD + index.MOST_IN_TEXT
