"""Seeds of the rule of promised translations: written and kept before the rule was. Each is a history of a page and of its Swedish translation.

What may be done, one after the other: `publish` the source, `change` its lead and publish it, `start` the translation, give `words` to all of its
texts or to `some`, `show` (make the words the translation's draft), `translate` (all of that and publish), `by_hand` (a translation kept without
wagtail-localize), `unpublish` it, `touch` it (a word mended there by hand).
"""

from __future__ import annotations

from typing import NamedTuple

MISSING, OUTDATED, PARTIAL = "translation.sv", "translation.outdated", "translation.partial"
STARTED = ("publish", "start")


class Owed(NamedTuple):
    """`of` is the page that is looked at, `source` or `translation`; `is_promised` whether its theme promises its kind in Swedish."""

    code: str
    blocking: bool
    kind: str
    of: str
    bad: tuple[str, ...]
    clean: tuple[str, ...]
    is_promised: bool = True
    held_out: bool = False


OWED = [
    # ---- promised, and not there: known, and no obstacle, since nobody can translate what is not there
    Owed(MISSING, False, "story", "source", (), ("publish", "translate")),
    Owed(MISSING, False, "story", "source", ("publish",), ("publish", "translate")),
    Owed(MISSING, False, "story", "source", STARTED, ("publish", "by_hand")),
    Owed(MISSING, False, "story", "source", (*STARTED, "words", "show"), ("publish", "translate", "change")),
    Owed(MISSING, False, "event", "source", ("publish",), ("publish", "translate")),
    Owed(MISSING, False, "event", "source", ("publish", "translate", "unpublish"), ("publish", "translate"), held_out=True),
    Owed(MISSING, False, "result", "source", ("publish", "change"), ("publish", "change", "translate"), held_out=True),
    # ---- behind its source, and public: told, whatever is promised
    Owed(OUTDATED, False, "story", "translation", ("publish", "translate", "change"), ("publish", "translate")),
    Owed(OUTDATED, False, "story", "translation", ("publish", "translate", "change"), ("publish", "change", "translate"), is_promised=False),
    Owed(OUTDATED, False, "story", "translation", ("publish", "by_hand", "change"), ("publish", "by_hand")),
    Owed(OUTDATED, False, "event", "translation", ("publish", "translate", "change"), ("publish", "translate")),
    Owed(OUTDATED, False, "story", "translation", ("publish", "translate", "change", "touch"), ("publish", "translate", "touch"), held_out=True),
    Owed(OUTDATED, False, "result", "translation", ("publish", "translate", "change"), ("publish", "translate", "touch"), held_out=True),
    # ---- behind its source, and not public yet: kept from it
    Owed(OUTDATED, True, "story", "translation", (*STARTED, "words", "show", "change"), (*STARTED, "words", "show")),
    Owed(OUTDATED, True, "event", "translation", (*STARTED, "words", "show", "change"), (*STARTED, "words", "show")),
    Owed(OUTDATED, True, "story", "translation", ("publish", "translate", "unpublish", "change"), ("publish", "translate", "unpublish"), False),
    Owed(OUTDATED, True, "result", "translation", (*STARTED, "words", "show", "change"), (*STARTED, "words", "show"), held_out=True),
    # ---- the source's words where the translation's should be
    Owed(PARTIAL, True, "story", "translation", STARTED, (*STARTED, "words", "show")),
    Owed(PARTIAL, True, "story", "translation", (*STARTED, "some", "show"), (*STARTED, "some", "words", "show")),
    Owed(PARTIAL, True, "event", "translation", (*STARTED, "some", "show"), (*STARTED, "words", "show")),
    Owed(PARTIAL, True, "story", "translation", ("publish", "translate", "change", "show"), ("publish", "translate", "change", "words", "show")),
    Owed(PARTIAL, True, "result", "translation", (*STARTED, "some", "show"), (*STARTED, "words", "show"), False, True),
    Owed(PARTIAL, True, "result", "translation", ("publish", "translate", "change", "show"), ("publish", "translate", "words", "show"), True, True),
]  # fmt: skip
# Where nobody owes anything.
QUIET = [
    Owed("", False, "story", "source", ("publish",), (), is_promised=False),
    Owed("", False, "event", "source", STARTED, (), is_promised=False),
    Owed("", False, "story", "translation", ("publish", "translate"), ()),
    Owed("", False, "story", "translation", ("publish", "by_hand", "touch"), ()),
]
