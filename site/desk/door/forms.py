"""The short forms. Each names the fields of its page that it fills."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateTimeInput

from base.pages import ENDONYMS
from desk.models import Submission
from events.models import EventPage, Mode
from pages.models import HomePage, PracticePage, ResultPage
from themes.models import Project

if TYPE_CHECKING:
    from base.models import User

Kind = Submission.Kind


class LongText(forms.CharField):
    """Paragraphs with an empty line between them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 6}), max_length=8000, **kwargs)

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value) or "").replace("\r\n", "\n")


class SubmissionForm(forms.Form):
    """`plain` are fields of the page, `rich` its rich texts, `body` the text of its blocks."""

    model: ClassVar[type[Any]]
    plain: ClassVar[tuple[str, ...]] = ("title", "lead")
    rich: ClassVar[tuple[str, ...]] = ()
    has_body: ClassVar[bool] = False

    project = forms.ModelChoiceField(label=_("Project"), queryset=Project.objects.none(), empty_label=None)
    language = forms.ChoiceField(label=_("Language of the text"))
    title = forms.CharField(label=_("Title"), max_length=110)
    lead = forms.CharField(
        label=_("In two sentences"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The whole in short, for somebody who reads nothing else. 300 characters at most."),
    )

    def __init__(self, *args: Any, user: User, submission: Submission | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        projects = Project.objects.filter(staff__user=user).order_by("name_fi", "pk")
        homes = HomePage.objects.live().filter(theme__in=projects.values("theme"))
        known = set(homes.values_list("locale__language_code", flat=True))
        self._field("project").queryset = projects
        self._field("language").choices = [(code, name) for code, name in ENDONYMS.items() if code in known]
        if submission:
            # What the page stands on is chosen once.
            del self.fields["project"], self.fields["language"]

    def _field(self, name: str) -> Any:
        return self.fields[name]


class ResultForm(SubmissionForm):
    model = ResultPage
    plain = ("title", "lead", "finding", "evidence", "material")
    has_body = True

    finding = LongText(label=_("What was found"))
    evidence = LongText(label=_("What it rests on"), help_text=_("How it was studied: who, how many, when, by what method."))
    material = LongText(label=_("Material"), required=False, help_text=_("Where readers find more, and under which terms it may be used."))
    body = LongText(label=_("More text"), required=False)


class PracticeForm(SubmissionForm):
    model = PracticePage
    rich = ("problem", "how_it_works", "who_has_used", "how_to_start")

    problem = LongText(label=_("What problem it solves"))
    how_it_works = LongText(label=_("How it works"))
    who_has_used = LongText(label=_("Who has used it"))
    how_to_start = LongText(label=_("How to take it into use"))


class EventForm(SubmissionForm):
    model = EventPage
    plain = ("title", "lead", "starts_at", "ends_at", "mode", "place", "online_link", "capacity")
    has_body = True

    starts_at = forms.DateTimeField(label=_("Starts"), widget=AdminDateTimeInput())
    ends_at = forms.DateTimeField(label=_("Ends"), widget=AdminDateTimeInput())
    mode = forms.ChoiceField(label=_("Way of taking part"), choices=Mode.choices)
    place = forms.CharField(label=_("Place"), max_length=250, required=False)
    online_link = forms.URLField(
        label=_("Link to the meeting"), required=False, assume_scheme="https", help_text=_("Sent to those who registered, never shown on the page.")
    )
    capacity = forms.IntegerField(label=_("Seats"), min_value=1, max_value=10_000, initial=30)
    body = LongText(label=_("Programme and other text"), required=False)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        starts, ends, mode = values.get("starts_at"), values.get("ends_at"), values.get("mode")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", _("The event must end after it starts."))
        if mode and mode != Mode.ONLINE and not values.get("place"):
            self.add_error("place", _("Tell where the event is held."))
        return values


FORMS: dict[str, type[SubmissionForm]] = {Kind.RESULT: ResultForm, Kind.PRACTICE: PracticeForm, Kind.EVENT: EventForm}


class ReturnForm(forms.Form):
    comment = forms.CharField(
        label=_("What is missing?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("The submitter gets it by mail and sees it above the form."),
    )
