"""People: who they are, where they are reached, and what they do in organisations."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from base.bounds import Bounded, BoundManager, BoundQuerySet
from base.languages import LanguageField
from base.spoken import SpokenField
from contacts.folding import words_of
from contacts.models.imports import ContactImport
from contacts.models.organisations import Organisation
from contacts.models.tags import Tag
from themes.models import Region, TargetGroup, Theme

if TYPE_CHECKING:
    from datetime import date


NO_PHONE = _("A telephone number has digits, spaces and hyphens, and a + before a country code.")
PHONE = re.compile(r"[+0-9 ()\-/.,;extEXT]*")


def is_phone(text: str) -> bool:
    return PHONE.fullmatch(text) is not None and sum(map(str.isdigit, text)) >= 3


class PersonQuerySet(BoundQuerySet["Person"]):
    def with_address(self, address: str) -> Self:
        """By the address that our mail goes to. Nobody has no address."""
        if not address:
            return self.none()
        # As the index has it.
        return self.exclude(email="").alias(address=Lower("email")).filter(address=address.lower())

    def bulk_create(self, objs: Any, *args: Any, **kwargs: Any) -> Any:
        """They can be found by what they are themselves; roles and further addresses are added by `contacts.search.index_people`."""
        rows = list(objs)
        for person in rows:
            person.sought = person.sought or person.own_words()
        return super().bulk_create(rows, *args, **kwargs)


class Person(Bounded, ClusterableModel):
    """A contact. Why we may hold it, and where it came from, is said for each purpose (`HeldFor`)."""

    theme = models.ForeignKey(Theme, models.PROTECT, related_name="people", verbose_name=_("national theme"))
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    external_id = models.CharField(
        _("number elsewhere"), max_length=64, blank=True, help_text=_("Of the register that the person was imported from.")
    )
    first_name = models.CharField(_("first name"), max_length=100, blank=True)
    last_name = models.CharField(_("last name"), max_length=100, blank=True)
    email = models.EmailField(_("e-mail"), blank=True, help_text=_("Our mail goes here. Further addresses stand below."))
    language = LanguageField(_("language"), help_text=_("Of what we send."))
    languages = SpokenField(_("speaks"), default=list, blank=True)
    city = models.CharField(_("municipality"), max_length=100, blank=True)
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("region"))
    target_group = models.ForeignKey(TargetGroup, models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("target group"))
    tags = models.ManyToManyField(Tag, blank=True, related_name="people", verbose_name=_("tags"))
    obtained_at = models.DateTimeField(_("obtained"), default=timezone.now)
    # Whoever typed or brought it was not the person: `people.person_at` says otherwise of what people write themselves.
    from_others = models.BooleanField(
        _("obtained from others"), default=True, help_text=_("Not from the person. They are then told within a month (GDPR, Article 14).")
    )
    brought_by = models.ForeignKey(ContactImport, models.SET_NULL, null=True, editable=False, related_name="people", verbose_name=_("import"))
    # Links to their own data that are older do not work (`contacts.privacy.links`).
    links_from = models.DateTimeField(null=True, editable=False)
    # The words that `contacts.search` finds the person by.
    sought = models.TextField(default="", editable=False)

    found_by: ClassVar = ("first_name", "last_name", "email", "city")
    by_name: ClassVar = ("last_name", "first_name", "pk")

    objects: ClassVar = BoundManager.from_queryset(PersonQuerySet)()
    # Those who come by forms and files by the thousand would not stand there, and half of them is no answer to who uses something.
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering: ClassVar = ["last_name", "first_name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                "theme", Lower("email"), condition=~Q(email=""), name="one_person_per_theme_and_address",
                violation_error_message=_("Another person in the register has this e-mail address."),
            ),
            models.UniqueConstraint(
                fields=["theme", "external_id"], condition=~Q(external_id=""), name="one_person_per_theme_and_number_elsewhere",
                violation_error_message=_("Another person in the register has this number."),
            ),
            models.CheckConstraint(
                condition=~Q(email="", last_name="", first_name=""), name="a_person_has_a_name_or_an_address",
                violation_error_message=_("Give a name or an e-mail address."),
            ),
        ]  # fmt: skip
        indexes: ClassVar = [models.Index(fields=["last_name", "first_name", "id"], name="people_by_name")]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.email

    def save(self, **kwargs: Any) -> None:
        if self._state.adding:
            self.sought = self.own_words()
        super().save(**kwargs)

    # Of lists that have read them (`held_for__purpose`).
    def sources(self) -> str:
        return "; ".join(dict.fromkeys(row.source for row in self.held_for.all()))

    def purposes(self) -> str:
        return "; ".join(f"{row.purpose} ({row.purpose.get_legal_basis_display().lower()})" for row in self.held_for.all())

    def own_words(self) -> str:
        return words_of(*(getattr(self, name) for name in self.found_by))


class TermQuerySet(BoundQuerySet[Any]):
    def current(self, today: date | None = None) -> Self:
        """In force on the day: an open end goes on."""
        day = today or timezone.localdate()
        return self.filter(Q(starts=None) | Q(starts__lte=day), Q(ends=None) | Q(ends__gte=day))


class Term(models.Model):
    """From a day to a day, both among it; either may be unknown."""

    starts = models.DateField(_("from"), null=True, blank=True)
    ends = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        if self.starts and self.ends and self.ends < self.starts:
            raise ValidationError({"ends": _("The last day is before the first.")})

    def is_current(self, today: date) -> bool:
        return (self.starts is None or self.starts <= today) and (self.ends is None or self.ends >= today)


def ends_after_it_starts(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(starts__isnull=True) | Q(ends__isnull=True) | Q(ends__gte=models.F("starts")), name=name)


class ContactPoint(Bounded, Term):
    """A further address of a person, of one medium, and how long it holds. `Person.email` alone is mailed to."""

    theme_path = "person__theme"

    class Medium(models.TextChoices):
        EMAIL = "email", _("E-mail")
        PHONE = "phone", _("Telephone")

    class Kind(models.TextChoices):
        WORK = "work", _("Work")
        MOBILE = "mobile", _("Mobile")
        HOME = "home", _("Home")
        OTHER = "other", _("Other")

    person = ParentalKey(Person, on_delete=models.CASCADE, related_name="contact_points", verbose_name=_("person"))
    medium = models.CharField(_("medium"), max_length=5, choices=Medium.choices, default=Medium.PHONE)
    kind = models.CharField(_("kind"), max_length=6, choices=Kind.choices, default=Kind.WORK)
    value = models.CharField(_("address or number"), max_length=254)
    brought_by = models.ForeignKey(ContactImport, models.SET_NULL, null=True, editable=False, related_name="contact_points", verbose_name=_("import"))

    objects: ClassVar = BoundManager.from_queryset(TermQuerySet)()

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        ordering: ClassVar = ["medium", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint("person", "medium", Lower("value"), name="one_row_per_person_and_address"),
            ends_after_it_starts("an_address_ends_after_it_starts"),
        ]
        indexes: ClassVar = [models.Index(Lower("value"), name="people_by_further_address")]

    def __str__(self) -> str:
        return self.value

    def clean(self) -> None:
        super().clean()
        self.value = " ".join(self.value.split())
        if self.medium == self.Medium.EMAIL:
            try:
                validate_email(self.value)
            except ValidationError as refused:
                raise ValidationError({"value": refused.messages}) from None
        elif not is_phone(self.value):
            raise ValidationError({"value": NO_PHONE})


class Role(Bounded, Term):
    """What a person does in an organisation, and from when to when."""

    theme_path = "person__theme"

    person = ParentalKey(Person, on_delete=models.CASCADE, related_name="roles", verbose_name=_("person"))
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="roles", verbose_name=_("organisation"))
    title = models.CharField(_("job title"), max_length=150, blank=True)
    brought_by = models.ForeignKey(ContactImport, models.SET_NULL, null=True, editable=False, related_name="roles", verbose_name=_("import"))

    objects: ClassVar = BoundManager.from_queryset(TermQuerySet)()

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints: ClassVar = [ends_after_it_starts("a_role_ends_after_it_starts")]

    def __str__(self) -> str:
        return f"{self.title or self.person}, {self.organisation}"
