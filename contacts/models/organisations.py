"""Organisations, and the units that belong to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy as _
from stdnum.exceptions import InvalidChecksum
from stdnum.exceptions import ValidationError as NotValid
from stdnum.fi import ytunnus

from base.bounds import Bounded, BoundManager, BoundQuerySet, everywhere
from base.languages import Named
from contacts.folding import words_of
from contacts.models.imports import ContactImport
from contacts.models.tags import Tag
from themes.models import Region, TargetGroup, Theme

if TYPE_CHECKING:
    from collections.abc import Collection

# UNION, not UNION ALL: a cycle that somebody brought into the database ends the walk too.
ABOVE = """
WITH RECURSIVE above (id) AS (
    SELECT CAST(%s AS BIGINT) UNION SELECT parent_id FROM contacts_organisation JOIN above USING (id) WHERE parent_id IS NOT NULL
) SELECT id FROM above
"""
BELOW = """
WITH RECURSIVE below (id) AS (
    SELECT CAST(%s AS BIGINT) UNION SELECT unit.id FROM contacts_organisation unit JOIN below ON unit.parent_id = below.id
) SELECT id FROM below
"""


def business_id_of(text: str) -> str:
    """A Finnish business ID as the register has it, 1234567-1; of a VAT number (FI12345671) and of an old one with six digits too.

    Raises ValidationError.
    """
    digits = text.strip().upper().removeprefix("FI").strip()
    head, _sign, check = digits.replace("–", "-").rpartition("-")
    if len(head) == 6:
        digits = f"0{head}-{check}"
    try:
        return ytunnus.format(ytunnus.validate(digits))
    except InvalidChecksum:
        raise ValidationError(_("The check digit is wrong: one of the digits of the business ID is mistyped."), code="check_digit") from None
    except NotValid:
        raise ValidationError(_("A business ID has seven digits, a hyphen and a check digit: 1234567-1."), code="form") from None


class BusinessIdField(models.CharField):  # type: ignore[type-arg]  # not subscriptable at run time
    """Empty, or a business ID with the right check digit, however it was typed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_length": 9, "blank": True} | kwargs)

    def formfield(self, **kwargs: Any) -> Any:
        # Typed with spaces or as a VAT number it is longer than it is kept.
        return super().formfield(**{"max_length": 20} | kwargs)

    def clean(self, value: Any, model_instance: Any) -> Any:
        return super().clean(business_id_of(value) if value and value.strip() else "", model_instance)


class OrganisationQuerySet(BoundQuerySet["Organisation"]):
    """Writing past `save` cannot name a parent: only there is it looked at whether the organisation is above itself."""

    def update(self, **values: Any) -> int:
        _refuse_parents(values)
        return super().update(**values)

    def bulk_create(self, objs: Any, *args: Any, **kwargs: Any) -> Any:
        _refuse_parents(kwargs.get("update_fields") or ())
        rows = list(objs)
        for organisation in rows:
            organisation.find_by_words()
        return super().bulk_create(rows, *args, **kwargs)

    def units_of(self, organisation: Organisation) -> Self:
        """The organisation and all below it."""
        return self.filter(pk__in=organisation.with_units())


def _refuse_parents(names: Collection[str]) -> None:
    if {"parent", "parent_id"} & set(names):
        raise TypeError("a parent is set by saving the organisation: nothing else sees a cycle")


class Organisation(Bounded, Named):
    class Sector(models.TextChoices):
        PUBLIC = "public", _("Public sector")
        PRIVATE = "private", _("Private sector")
        THIRD = "third", _("Third sector")
        EDUCATION = "education", _("Education")
        RESEARCH = "research", _("Research")

    class Size(models.TextChoices):
        """Of staff, by the Commission's Recommendation 2003/361/EC."""

        MICRO = "micro", _("Micro: fewer than 10")
        SMALL = "small", _("Small: 10–49")
        MEDIUM = "medium", _("Medium: 50–249")
        LARGE = "large", _("Large: 250 or more")

    theme = models.ForeignKey(Theme, models.PROTECT, related_name="organisations", verbose_name=_("national theme"))
    key = models.SlugField(_("key"), max_length=80)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="units", verbose_name=_("part of"),
        help_text=_("The organisation that this is a unit of."),
    )  # fmt: skip
    business_id = BusinessIdField(_("business ID"), help_text=_("1234567-1. A unit has that of the organisation it is part of: leave it empty."))
    sector = models.CharField(_("sector"), max_length=10, choices=Sector.choices, default=Sector.PRIVATE)
    size = models.CharField(_("size"), max_length=6, choices=Size.choices, blank=True, help_text=_("By the number of staff."))
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="organisations", verbose_name=_("region"))
    target_group = models.ForeignKey(TargetGroup, models.PROTECT, null=True, blank=True, related_name="organisations", verbose_name=_("target group"))
    address = models.CharField(
        _("address of the office"), max_length=200, blank=True, help_text=_("Street and town; shown with its people on the site.")
    )
    city = models.CharField(_("municipality"), max_length=100, blank=True)
    email = models.EmailField(_("e-mail"), blank=True, help_text=_("Of the office, not of a person."))
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    website = models.URLField(_("website"), blank=True)
    tags = models.ManyToManyField(Tag, blank=True, related_name="organisations", verbose_name=_("tags"))
    brought_by = models.ForeignKey(ContactImport, models.SET_NULL, null=True, editable=False, related_name="bodies", verbose_name=_("import"))
    # The words that `contacts.search` finds it by.
    sought = models.TextField(default="", editable=False)

    by_name: ClassVar = ("name_fi", "pk")
    # Whether the last saving changed what it, and so its people, are found by.
    was_renamed = False

    objects: ClassVar = BoundManager.from_queryset(OrganisationQuerySet)()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["theme", "key"], name="one_organisation_per_theme_and_key"),
            models.UniqueConstraint(
                fields=["theme", "business_id"], condition=~models.Q(business_id=""), name="one_organisation_per_theme_and_business_id",
                violation_error_message=_("Another organisation has this business ID. A unit of it leaves the field empty."),
            ),
            models.CheckConstraint(condition=~models.Q(parent=models.F("id")), name="an_organisation_is_no_unit_of_itself"),
        ]  # fmt: skip

    def clean(self) -> None:
        if self.parent_id:
            self.check_parent(self.parent_id)

    def save(self, **kwargs: Any) -> None:
        """Raises ValidationError for a cycle of parents (of two people who close one at once, for the second), and for another theme's parent."""
        self.business_id = business_id_of(self.business_id) if self.business_id.strip() else ""
        self.find_by_words()
        if not self.parent_id:
            super().save(**kwargs)
            return
        with transaction.atomic(), everywhere():
            # All who set a parent in the theme take turns.
            Theme.objects.select_for_update().get(pk=self.theme_id)
            self.check_parent(self.parent_id)
            super().save(**kwargs)

    def find_by_words(self) -> None:
        sought = words_of(self.name_fi, self.name_sv, self.name_en, self.business_id, self.email, self.city)
        self.was_renamed, self.sought = sought != self.sought, sought

    def check_parent(self, parent_id: int) -> None:
        with everywhere():
            if self.pk and self.pk in _walked(ABOVE, parent_id):
                told = _("This organisation would be a part of itself: “%(name)s” is one of its own units.")
                raise ValidationError({"parent": told % {"name": self.parent}})
            if not Organisation.objects.filter(pk=parent_id, theme=self.theme_id).exists():
                raise ValidationError({"parent": _("Choose an organisation of the same theme.")})

    def with_units(self) -> set[int]:
        """The numbers of the organisation and of all below it, at any depth. One query."""
        return _walked(BELOW, self.pk)

    def above(self) -> list[Organisation]:
        """The organisations that this is a part of, the nearest first. Two queries."""
        rows = {row.pk: row for row in Organisation.objects.filter(pk__in=_walked(ABOVE, self.parent_id))} if self.parent_id else {}
        found: list[Organisation] = []
        number = self.parent_id
        while number in rows:
            found.append(rows.pop(number))
            number = found[-1].parent_id
        return found


def _walked(query: str, number: int | None) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(query, [number])
        return {pk for (pk,) in cursor.fetchall()}
