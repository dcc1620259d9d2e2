"""The basic form of a word: "työpaikkojen" and "työpaikat" are both "työpaikka".

By simplemma's dictionaries, kept as tries on disk. They are made once, in some seconds and some hundred megabytes (`make setup` does it, with
`manage.py rebuild_search --dictionaries`), and then cost a process some 30 MB.
"""

from __future__ import annotations

import fcntl
import os
import re
import sys
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simplemma import Lemmatizer
from simplemma.__metadata__ import __version__
from simplemma.strategies import DefaultStrategy
from simplemma.strategies.dictionaries.trie_dictionary_factory import TrieDictionaryFactory

from base.languages import CODES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
# Shorter than other parts, and too many compounds have it to be left out.
WORK_ITSELF = "työ"
# "työ", "työssä", "töiden", "työmme"; but neither compounds nor "työntää".
WORK = re.compile(r"(työ|töi)(n|tä|ssä|stä|hön|llä|ltä|lle|nä|ksi|t|den|hin|ttä|h)?(ni|si|nsä|mme|nne|än|en)?$")
LONGEST = 60
KEPT_WORDS = 50_000
# A compound that no dictionary has is split before an end that one has: so long must either part be.
PART = 4
MOST_STEPS = 3
# An end of a compound that stands behind something that no dictionary has ("esi", "varhais") is longer: "osto" in "verkosto" is chance.
SURE_PART = 6
SHORTEST_START = 3
# Alone they say nothing; a query that holds more is answered without them.
STOPPED = {
    "fi": frozenset({"ja", "tai", "että", "se", "ei", "olla", "joka", "kun", "kuin", "niin", "myös", "mikä", "hän", "minä", "sinä", "tämä"}),
    "sv": frozenset({"och", "eller", "att", "det", "den", "en", "i", "på", "av", "för", "med", "som", "är", "vara", "till", "om", "vad", "hur"}),
    "en": frozenset({"and", "or", "the", "a", "an", "of", "to", "in", "on", "for", "with", "be", "what", "how", "who", "at", "by", "it"}),
}


class Dictionaries(TrieDictionaryFactory):
    """Several processes may want one that is not made yet: one makes it, the others wait. None reads half of it."""

    __slots__ = ()

    def _write_trie_to_disk(self, lang: str, trie: Any) -> None:
        new = self._cache_dir / f"{lang}.{os.getpid()}"
        trie.save(str(new))
        new.replace(self._cache_dir / f"{lang}.dic")

    def _get_dictionary_uncached(self, lang: str) -> Mapping[str, str]:
        self._cache_dir.mkdir(parents=True, exist_ok=True)
        with (self._cache_dir / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            return super()._get_dictionary_uncached(lang)


def folder() -> Path:
    """Beside the installed packages, or in the data folder where that is not ours to write."""
    shared = Path(sys.prefix) / "share" / "kantama" / f"lemmas-{__version__}"
    if all((shared / f"{code}.dic").exists() for code in CODES) or os.access(sys.prefix, os.W_OK):
        return shared
    from django.conf import settings

    return Path(settings.DATA) / f"lemmas-{__version__}"


@cache
def _dictionaries() -> Dictionaries:
    return Dictionaries(cache_max_size=len(CODES), disk_cache_dir=str(folder()))


@cache
def _lemmatizer() -> Lemmatizer:
    return Lemmatizer(lemmatization_strategy=DefaultStrategy(dictionary_factory=_dictionaries()))


@lru_cache(maxsize=KEPT_WORDS)
def lemma(word: str, language: str) -> str:
    """Read again until nothing changes: "meetings" is "meeting", and that is "meet"."""
    word = word.casefold()[:LONGEST]
    for _ in range(MOST_STEPS):
        found = _step(word, language)
        if found == word:
            break
        word = found
    return word


def _step(word: str, language: str) -> str:
    # The dictionary takes every form of "työ" for the "te" of Savo, and that for "sinä".
    if language == "fi" and WORK.match(word):
        return WORK_ITSELF
    known = _dictionaries().get_dictionary(language)
    if basic := known.get(word):
        return basic.casefold()
    return _by_its_end(word, known) or _lemmatizer().lemmatize(word, lang=language).casefold()


def _by_its_end(word: str, known: Mapping[str, str]) -> str:
    """The longest known end of a compound decides: "arbetshälsan" is "arbets" and "hälsan", so "arbetshälsa"."""
    for cut in range(PART, len(word) - PART + 1):
        if basic := known.get(word[cut:]):
            return word[:cut] + basic.casefold()
    return ""


@lru_cache(maxsize=KEPT_WORDS)
def parts(word: str, language: str) -> frozenset[str]:
    """Of a compound in its basic form: "työvuorosuunnittelu" has "suunnittelu", "työvuoro", "vuoro" and "työ". Empty for other words."""
    known = _dictionaries().get_dictionary(language)
    for cut in range(SHORTEST_START, len(word) - SHORTEST_START + 1):
        start, end = word[:cut], word[cut:]
        is_word = end == WORK_ITSELF or (len(end) >= PART and known.get(end) == end)
        if is_word and (start in known or end == WORK_ITSELF or len(end) >= SURE_PART):
            # What stands before the end is often no word by itself: "esi", "varhais".
            first = {lemma(start, language)} if len(start) >= PART or start == WORK_ITSELF else set()
            return frozenset({end, *first}.union(*(parts(one, language) for one in {end, *first})))
    return frozenset()


def said(word: str, language: str) -> frozenset[str]:
    """Everything by which a word is found."""
    basic = lemma(word, language)
    return parts(basic, language) | {basic}


def words(text: str) -> Iterator[re.Match[str]]:
    return WORD.finditer(text)


def lemmas(text: str, language: str) -> list[str]:
    return [lemma(found.group(), language) for found in words(text)]


def make_dictionaries() -> None:
    """Those that are not there yet."""
    for code in CODES:
        lemma("a", code)
