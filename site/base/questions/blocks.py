"""The blocks with which an editor asks. Words are for translators; what decides (required, kept how long, how many places) is not.

What hangs on an answer stands inside that answer: it moves, is copied and is deleted with it, and can never point at nothing.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.fields import StreamField

KEPT = [
    ("registration", _("As long as the registration")),
    ("days", _("So many days after the event")),
    ("sensitive", _("Sensitive: deleted 14 days after the event")),
]
# Health and conviction (GDPR, Article 9), in the words that people ask with.
SENSITIVE = re.compile(
    r"ruokaval|allergi|allergy|erityisruok|esteett|apuväline|avustaj|vammai|sairau|terveydentil|diet|special meal|accessib|disab|wheelchair|pyörätuol"
    r"|specialkost|\bkost\b|matpreferens|tillgänglig|funktionsneds|rullstol|uskonto|religio|etnis|ethnic",
    re.IGNORECASE,
)
MOST_QUESTIONS, MOST_OPTIONS = 40, 30


class QuestionBlock(blocks.StructBlock):
    label = blocks.CharBlock(label=_("Question"), max_length=250)
    help_text = blocks.CharBlock(label=_("Help"), max_length=300, required=False, help_text=_("What the answer is for, or how to write it."))
    is_required = blocks.BooleanBlock(label=_("Must be answered"), required=False)
    kept = blocks.ChoiceBlock(label=_("How long the answer is kept"), choices=KEPT, default="registration")
    days = blocks.IntegerBlock(label=_("Days after the event"), required=False, min_value=0, max_value=1095)

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        wrong: dict[str, ValidationError] = {}
        if cleaned["kept"] == "days" and cleaned["days"] is None and not self.is_deferred_validation:
            wrong["days"] = ValidationError(_("Say after how many days the answers are deleted."))
        if cleaned["kept"] != "sensitive" and asks_for_sensitive(f"{cleaned['label'] or ''} {cleaned['help_text'] or ''}"):
            words = _("The question seems to be about health, diet, access or conviction. Such answers are sensitive: choose that.")
            wrong["kept"] = ValidationError(words)
        if wrong:
            raise blocks.StructBlockValidationError(wrong)
        return cleaned


def asks_for_sensitive(words: str) -> bool:
    return bool(SENSITIVE.search(words))


class ShortBlock(QuestionBlock):
    class Meta:
        icon = "minus"
        label = _("Short text")
        help_text = _("An answer of one line.")


class LongBlock(QuestionBlock):
    class Meta:
        icon = "pilcrow"
        label = _("Long text")
        help_text = _("An answer of several lines.")


class EmailBlock(QuestionBlock):
    class Meta:
        icon = "mail"
        label = _("E-mail address")


class PhoneBlock(QuestionBlock):
    class Meta:
        icon = "mobile-alt"
        label = _("Telephone number")


class FileBlock(QuestionBlock):
    class Meta:
        icon = "doc-empty-inverse"
        label = _("File")
        help_text = _("A document or a picture. What it holds is checked, and only the staff can open it.")


class ConsentBlock(QuestionBlock):
    label = blocks.CharBlock(
        label=_("Text of the consent"),
        max_length=500,
        help_text=_("The exact words, beginning with “I agree”. They are kept with each answer as evidence."),
    )
    version = blocks.CharBlock(label=_("Version of the text"), max_length=20, default="1", help_text=_("Raise it when the words change."))

    class Meta:
        icon = "check"
        label = _("Consent")
        help_text = _("A box that the person ticks.")


class HeadingBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Heading"), max_length=120)
    text = blocks.CharBlock(label=_("Text"), max_length=500, required=False)

    class Meta:
        icon = "title"
        label = _("Heading of a part")
        help_text = _("Parts a long form.")


class OptionBlock(blocks.StructBlock):
    text = blocks.CharBlock(label=_("Answer"), max_length=200)
    capacity = blocks.IntegerBlock(
        label=_("How many can choose it"), required=False, min_value=1, max_value=100_000, help_text=_("Empty: as many as register.")
    )


class ChoiceQuestion(QuestionBlock):
    options = blocks.ListBlock(OptionBlock(label=_("Answer")), label=_("Answers to choose from"), min_num=2, max_num=MOST_OPTIONS)


class OneBlock(ChoiceQuestion):
    class Meta:
        icon = "radio-full"
        label = _("One choice")


class SeveralBlock(ChoiceQuestion):
    class Meta:
        icon = "list-ul"
        label = _("Several choices")


class YesNoBlock(QuestionBlock):
    class Meta:
        icon = "help"
        label = _("Yes or no")


class FollowUpBlocks(blocks.StreamBlock):
    """What is asked only after one answer."""

    short = ShortBlock()
    long = LongBlock()
    one = OneBlock()
    several = SeveralBlock()
    yes_no = YesNoBlock()
    consent = ConsentBlock()
    file = FileBlock()
    email = EmailBlock()
    phone = PhoneBlock()

    class Meta:
        required = False
        max_num = 10
        collapsed = True


class LeadingOptionBlock(OptionBlock):
    follow_ups = FollowUpBlocks(label=_("Ask also who chose this"), required=False)


class LeadingOneBlock(OneBlock):
    options = blocks.ListBlock(LeadingOptionBlock(label=_("Answer")), label=_("Answers to choose from"), min_num=2, max_num=MOST_OPTIONS)


class LeadingSeveralBlock(SeveralBlock):
    options = blocks.ListBlock(LeadingOptionBlock(label=_("Answer")), label=_("Answers to choose from"), min_num=2, max_num=MOST_OPTIONS)


class LeadingYesNoBlock(YesNoBlock):
    if_yes = FollowUpBlocks(label=_("Ask also who said yes"), required=False)
    if_no = FollowUpBlocks(label=_("Ask also who said no"), required=False)


class QuestionBlocks(blocks.StreamBlock):
    heading = HeadingBlock()
    short = ShortBlock()
    long = LongBlock()
    one = LeadingOneBlock()
    several = LeadingSeveralBlock()
    yes_no = LeadingYesNoBlock()
    consent = ConsentBlock()
    file = FileBlock()
    email = EmailBlock()
    phone = PhoneBlock()

    class Meta:
        required = False
        max_num = MOST_QUESTIONS
        collapsed = True
        block_counts: ClassVar[dict[str, dict[str, int]]] = {}


class QuestionsField(StreamField):
    """A form of an editor's making."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(QuestionBlocks, **{"blank": True, **kwargs})

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        # Of a plain field, as `base.blocks.library` says.
        name, path, _args, kwargs = super(StreamField, self).deconstruct()
        return name, path, [], kwargs
