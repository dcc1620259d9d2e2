"""The index: what each page says, and the basic forms of its words. The same on SQLite and PostgreSQL."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from base.languages import LanguageField
from pages.search.lemmas import LONGEST
from themes.models import SubTheme


class Entry(models.Model):
    """A live page. Whether a visitor may find it is asked of the page itself when somebody searches."""

    page = models.OneToOneField(Page, models.CASCADE, primary_key=True, related_name="+")
    language = LanguageField(_("language"))
    kind = models.CharField(max_length=100)
    title = models.TextField()
    lead = models.TextField(blank=True)
    text = models.TextField(blank=True)
    # Of the event, or of the publication.
    date = models.DateTimeField()
    # Of the date here: to read 10,000 moments costs more than to find them.
    year = models.PositiveSmallIntegerField()
    sub_themes = models.ManyToManyField(SubTheme, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["language"], name="search_entry_language")]

    def __str__(self) -> str:
        return self.title


class Word(models.Model):
    """That a page has a word, and how much it matters there."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="words")
    lemma = models.CharField(max_length=LONGEST * 2)
    weight = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["lemma", "entry"], name="a_word_stands_once_in_an_entry")]

    def __str__(self) -> str:
        return self.lemma
