"""A labelled register of people and organisations in Finland, in Finnish and Swedish: who is the same as whom is known.

It was written before the rules that find duplicates in it (`contacts.duplicates`). The rules were tuned on the seeds in TUNED; what is reported is
found on UNSEEN, which nobody looked at while they were tuned.
"""

from tests.contacts.corpus.organisations import make_organisations
from tests.contacts.corpus.people import Corpus, Record, make_people

TUNED = (*range(1, 21), *range(31, 51))
UNSEEN = (201, 202, 203, 204, 205)

__all__ = ["TUNED", "UNSEEN", "Corpus", "Record", "make_organisations", "make_people"]
