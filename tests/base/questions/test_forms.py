"""A form of an editor's questions: what it asks, what it takes, and that it loses nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.datastructures import MultiValueDict

from base.models import HeldFile
from base.public_forms import new_token
from base.questions import QuestionBlocks, QuestionsForm, questions_of
from base.questions.files import forget_held, private
from tests.base.questions.asked import EVERY_KIND, LUNCH, block, option, stream

if TYPE_CHECKING:
    from collections.abc import Iterator

PDF = b"%PDF-1.7\n%%EOF\n"


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def form(*blocks: dict[str, Any], data: str = "", files: dict[str, bytes] | None = None, **options: Any) -> QuestionsForm:
    sent = QueryDict(f"{data}&token={new_token()}")
    brought = MultiValueDict({name: [SimpleUploadedFile(f"{name}.pdf", content)] for name, content in (files or {}).items()})
    return QuestionsForm(sent, brought, questions=questions_of(stream(*(blocks or EVERY_KIND))), **options)


def test_every_kind_is_asked_and_answered(db: None) -> None:
    data = (
        "q-title=Johtaja&q-hopes=Paljon&q-lunch=own&q-fridge=Hylly&q-tracks=a&q-tracks=b&q-first=no&q-when=2024&q-photo=on"
        "&q-second=a@example.org&q-tel=040 1234567&q-diet=Vegaani"
    )
    sent = form(data=data, files={"q-plan": PDF})
    assert sent.errors == {}
    values = {given.question.key: (given.value, given.chosen) for given in sent.given()}
    assert values == {
        "title": ("Johtaja", ()),
        "hopes": ("Paljon", ()),
        "lunch": ("Omat eväät", ("own",)),
        "fridge": ("Hylly", ()),
        "tracks": ("Johtaminen; Tuottavuus", ("a", "b")),
        "first": ("No", ("no",)),
        "when": ("2024", ()),
        "photo": ("Yes", ()),
        "plan": ("q-plan.pdf", ()),
        "second": ("a@example.org", ()),
        "tel": ("040 1234567", ()),
        "diet": ("Vegaani", ()),
    }
    kept = {given.question.key: given.question.kept_days for given in sent.given() if given.question.kept_days is not None}
    assert kept == {"tel": 3, "diet": 14}


def test_a_question_that_hangs_on_an_answer_counts_with_it_alone() -> None:
    assert form(LUNCH, data="q-lunch=soup").errors == {}
    assert "q-fridge" in form(LUNCH, data="q-lunch=own").errors
    lying = form(LUNCH, data="q-lunch=soup&q-fridge=Hylly")
    assert lying.is_valid()
    assert [given.question.key for given in lying.given()] == ["lunch"]


def test_a_wrong_answer_to_what_is_not_asked_stops_nobody() -> None:
    hanging = block("yes_no", "more", "Lisää?", if_yes=[block("email", "mail", "Osoite", is_required=True)], if_no=[])
    assert form(hanging, data="q-more=no&q-mail=roskaa").errors == {}
    assert "q-mail" in form(hanging, data="q-more=yes&q-mail=roskaa").errors


def test_only_what_was_offered_can_be_chosen() -> None:
    assert "q-lunch" in form(LUNCH, data="q-lunch=lobster").errors
    limited = form(LUNCH, data="q-lunch=soup")
    assert limited.is_valid()
    assert limited.given()[0].pools == [("lunch", "soup")]


def test_what_is_full_says_so_and_cannot_be_chosen_by_hand() -> None:
    shown = str(QuestionsForm(questions=questions_of(stream(LUNCH)), full={("lunch", "soup")})["q-lunch"])
    assert "Keitto (no places left)" in shown
    assert "disabled" in shown


@pytest.mark.parametrize(
    ("kind", "value", "is_right"),
    [
        ("phone", "+358 40 123 4567", True),
        ("phone", "soita vaan", False),
        ("email", "a@example.org", True),
        ("email", "a@", False),
        ("short", "x" * 301, False),
    ],
)
def test_each_kind_knows_what_is_wrong(kind: str, value: str, *, is_right: bool) -> None:
    sent = form(block(kind, "asked", "Kysymys"), data=f"q-asked={value.replace('+', '%2B')}")
    assert sent.is_valid() is is_right


def test_a_file_is_told_by_what_it_holds(db: None) -> None:
    asked = block("file", "plan", "Suunnitelma", is_required=True)
    assert form(asked, files={"q-plan": PDF}).is_valid()
    assert "program" in str(form(asked, files={"q-plan": b"MZ\x90\x00" * 9}).errors["q-plan"]).lower()
    assert "q-plan" in form(asked).errors


def test_a_good_file_is_held_while_the_rest_is_mended(db: None) -> None:
    asked = [block("file", "plan", "Suunnitelma", is_required=True), block("email", "mail", "Osoite", is_required=True)]
    first = form(*asked, data="q-mail=roskaa", files={"q-plan": PDF})
    page = render_to_string("base/form.html", {"form": first, "submit_label": "Lähetä"})
    assert "We have q-plan.pdf" in page
    assert "roskaa" in page
    key = first["q-plan"].value()[1]
    assert f'value="{key}"' in page
    second = form(*asked, data=f"q-mail=a@example.org&q-plan-held={key}")
    assert second.is_valid(), second.errors
    assert second.given()[0].file.read() == PDF
    assert "q-plan" in form(*asked, data="q-mail=a@example.org&q-plan-held=forged").errors


def test_a_trap_or_a_limit_holds_no_file(db: None) -> None:
    asked = block("file", "plan", "Suunnitelma")
    assert not form(asked, data="website=spam", files={"q-plan": PDF}).is_valid()
    limited = form(asked, files={"q-plan": PDF})
    limited.limit()
    assert HeldFile.objects.count() == 0


def test_what_is_held_goes_after_a_day_with_its_file(db: None, django_capture_on_commit_callbacks: Any) -> None:
    asked = [block("file", "plan", "Suunnitelma"), block("email", "mail", "Osoite", is_required=True)]
    form(*asked, files={"q-plan": PDF}).is_valid()
    held = HeldFile.objects.get()
    assert private().exists(held.file.name)
    assert forget_held() == 0
    HeldFile.objects.update(at=timezone.now() - timedelta(days=2))
    with django_capture_on_commit_callbacks(execute=True):
        assert forget_held() == 1
    assert not private().exists(held.file.name)


def test_the_consent_keeps_the_words_that_were_agreed_to() -> None:
    consent = block("consent", "photo", "Suostun", help_text="Kuvia käytetään sivuilla", version="3")
    sent = form(consent, data="q-photo=on")
    assert sent.is_valid()
    (given,) = sent.given()
    assert (given.asked, given.question.version) == ("Suostun\nKuvia käytetään sivuilla", "3")
    assert form(consent).is_valid()
    assert form(consent).errors == {}


def test_the_page_groups_what_hangs_on_an_answer() -> None:
    page = render_to_string("base/form.html", {"form": QuestionsForm(questions=questions_of(stream(*EVERY_KIND))), "submit_label": "Send"})
    assert 'data-only-if="q-lunch" data-option="own"' in page
    assert "<legend>Only if you chose “Omat eväät”</legend>" in page
    assert page.index("Päivästä") < page.index("Tehtävä") < page.index("Lounas")
    assert 'enctype="multipart/form-data"' in page


@pytest.mark.parametrize("label", ["Ruokavalio ja allergiat", "Dietary needs", "Allergier", "Tarvitsetko esteettömän paikan?"])
def test_what_is_asked_of_health_is_sensitive(label: str) -> None:
    with pytest.raises(ValidationError):
        QuestionBlocks().clean(stream(block("short", "diet", label)))
    QuestionBlocks().clean(stream(block("short", "diet", label, kept="sensitive")))


def test_a_choice_has_two_answers_and_days_are_said() -> None:
    for wrong in (block("one", "lunch", "Lounas", options=[option("a", "Keitto")]), block("short", "tel", "Puhelin", kept="days")):
        with pytest.raises(ValidationError):
            QuestionBlocks().clean(stream(wrong))
