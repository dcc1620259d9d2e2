"""How alike two records are: weights of evidence as Fellegi and Sunter add them up (doi 10.1080/01621459.1969.10501049), computed by splink.

The weights of people were fitted (logistic regression on the levels) on the seeds TUNED of `tests.contacts.corpus`, and rounded; they are settings,
not learnt anew from each register: the same two records score alike today and tomorrow. How rare a name is in the register weighs too, but less than
independence would have it: of a rare name there are namesakes as well, mostly relatives in one town.

Comparisons have to be independent, or the same likeness counts twice. So a place is one comparison (of the same office means: of the same town), and
an address that two share counts only as far as their first names allow: families and offices have one address, and one last name.
"""

from __future__ import annotations

from math import log2
from typing import TYPE_CHECKING, Any, NamedTuple

from splink import SettingsCreator, block_on
from splink.blocking_rule_library import CustomRule
from splink.comparison_level_library import CustomLevel, ElseLevel
from splink.comparison_library import CustomComparison

if TYPE_CHECKING:
    from collections.abc import Sequence

# log2 of the odds of two records of which nothing but the names is known, in a register of this size; and what a register of twice the size takes.
PRIOR, SIZE, GROWTH = -4.4, 20_000, 0.28
COMMON = 0.001
# The same for two organisations: of one name there are several, in several towns.
ALIKE = -1.2


class Level(NamedTuple):
    """`by` names the column whose rarity weighs, by `weight` for each halving."""

    sql: str
    bits: float
    by: str = ""
    weight: float = 1.0


def _slipped(column: str, long: int = 4, longer: int = 9) -> str:
    """One slip of the fingers, two in a long word."""
    one, other = f"{column}_l", f"{column}_r"
    least = f"least(length({one}), length({other}))"
    distance = f"damerau_levenshtein({one}, {other})"
    return f"(({least} >= {long} AND {distance} <= 1) OR ({least} >= {longer} AND {distance} <= 2))"


def _near(column: str, least: float = 0.88) -> str:
    return f"jaro_winkler_similarity({column}_l, {column}_r) >= {least}"


def _in_both(column: str) -> str:
    return f"len(list_intersect({column}_l, {column}_r)) > 0"


def _comparison(name: str, unknown: str, bits: float, levels: Sequence[Level], rest: float) -> CustomComparison:
    """`bits` is the weight where it is not known of both, `rest` where none of the levels holds."""
    made = [_level(level) for level in ([Level(unknown, bits)] if bits else []) + list(levels)]
    null = [] if bits else [CustomLevel(unknown, "null").configure(is_null_level=True)]
    otherwise = ElseLevel().configure(**_chances(rest))
    return CustomComparison(output_column_name=name, comparison_levels=[*null, *made, otherwise])


def _level(level: Level) -> Any:
    told: dict[str, Any] = _chances(level.bits)
    if level.by:
        told |= {"tf_adjustment_column": level.by, "tf_adjustment_weight": level.weight, "disable_tf_exact_match_detection": True}
        told |= {"tf_minimum_u_value": 1e-5}
    return CustomLevel(level.sql).configure(**told)


def _chances(bits: float) -> dict[str, Any]:
    """The pair of m and u that weighs so much. For a rarity u is what the weight is at: one in a thousand."""
    return {"m_probability": COMMON * 2**bits, "u_probability": COMMON}


# First and last name in each other's place, with a slip at most in each.
CROSSED = (
    "(first_l = last_r AND last_l = first_r OR least(length(first_l), length(last_l)) >= 4 AND least("
    "damerau_levenshtein(first_l, last_r) + damerau_levenshtein(last_l, main_r), "
    "damerau_levenshtein(main_l, last_r) + damerau_levenshtein(last_l, first_r)) <= 2)"
)
INITIAL = "(least(length(first_l), length(first_r)) = 1 AND first_l[1] = first_r[1])"
# One is a nickname of the other, or both of a third: brothers and sisters are that too.
CALLED_ALIKE = _in_both("called")
FIRST_ALIKE = f"(first_l = first_r OR {CROSSED} OR {_in_both('parts')} OR {_slipped('main', long=3)} OR {_near('first')} OR {INITIAL})"
# The last name of the one stands in an address of the other.
IN_MAIL = "(list_contains(other_lasts_l, last_r) OR list_contains(other_lasts_r, last_l))"
TWO_SHARED = "len(list_intersect(phones_l, phones_r)) + len(list_intersect(emails_l, emails_r)) > 1"
# Nothing known of one of the two is no clash.
NO_CLASH = f"(first_l IS NULL OR first_r IS NULL OR {CALLED_ALIKE})"


def people() -> list[CustomComparison]:
    first = _comparison(
        "given", "first_l IS NULL OR first_r IS NULL", 1.5,
        [
            Level("first_l = first_r", 3.5, "first", 0.32),
            Level(CROSSED, 1.2),
            Level(_in_both("parts"), 3.7),
            Level(CALLED_ALIKE, -1.3),
            Level(_slipped("main"), 3.3),
            Level(_slipped("main", long=3), 1.8),
            Level(INITIAL, 2.8),
            Level(_near("first"), -6.0),
        ],
        -8.5,
    )  # fmt: skip
    last = _comparison(
        "family", "last_l IS NULL OR last_r IS NULL", 1.0,
        [
            Level("last_l = last_r", 1.8, "last", 0.34),
            Level(CROSSED, 2.6),
            Level("last_sound_l = last_sound_r", 3.7),
            Level(_in_both("last_parts"), 4.4),
            Level(_slipped("last"), 2.5),
            Level(IN_MAIL, 3.6),
            Level(_near("last"), -6.2),
        ],
        -7.0,
    )  # fmt: skip
    email = _comparison(
        "email", "len(emails_l) = 0 OR len(emails_r) = 0", 0.0,
        [
            Level(f"{_in_both('emails')} AND {FIRST_ALIKE}", 8.5),
            Level(f"{_in_both('emails')} AND {NO_CLASH}", 4.5),
            Level(_in_both("emails"), 3.3),
            Level(_slipped("emails[1]").replace("emails[1]_l", "emails_l[1]").replace("emails[1]_r", "emails_r[1]"), 3.3),
        ],
        -2.5,
    )  # fmt: skip
    phone = _comparison(
        "phone", "len(phones_l) = 0 OR len(phones_r) = 0", 0.0,
        [
            Level(f"{_in_both('phones')} AND {FIRST_ALIKE}", 8.2),
            Level(f"{_in_both('phones')} AND {NO_CLASH}", 5.8),
            Level(f"{_in_both('phones')} AND {TWO_SHARED}", 8.4),
            Level(_in_both("phones"), 3.5),
            Level("damerau_levenshtein(phones_l[1], phones_r[1]) <= 1", 7.5),
        ],
        -2.4,
    )  # fmt: skip
    place = _comparison(
        "place", "(body_l IS NULL OR body_r IS NULL) AND (city_l IS NULL OR city_r IS NULL)", 0.0,
        [
            Level("body_l = body_r AND city_l <> city_r", 4.4),
            Level("body_l = body_r", 6.6),
            Level(f"{_in_both('bodies')} OR {_slipped('body', long=6)}", 8.5),
            Level("city_l = city_r AND body_l <> body_r", -0.4),
            # A name is at home somewhere: those of one name are often of one town.
            Level("city_l = city_r", 2.3),
            Level(_slipped("city", long=5), 3.9),
            Level("city_l <> city_r AND body_l <> body_r", -5.9),
            Level("city_l <> city_r", -3.7),
        ],
        -3.2,
    )  # fmt: skip
    return [first, last, email, phone, place]


def people_settings(records: int) -> SettingsCreator:
    blocking = [
        CustomRule("l.emails = r.emails", arrays_to_explode=["emails"]),
        CustomRule("l.phones = r.phones", arrays_to_explode=["phones"]),
        CustomRule("l.last_sound = r.last_sound AND l.first[1] = r.first[1]"),
        CustomRule("l.main = r.last AND l.last[1:2] = r.first[1:2]"),
        CustomRule("l.last = r.main AND l.first[1:2] = r.last[1:2]"),
        CustomRule("l.all_lasts = r.all_lasts AND l.main = r.main", arrays_to_explode=["all_lasts"]),
        block_on("first", "city"),
        block_on("first", "body"),
        CustomRule("l.body = r.body AND l.first[1] = r.first[1]"),
        block_on("last", "body"),
        block_on("last", "city"),
        CustomRule("l.first = r.first AND l.last[1:3] = r.last[1:3]"),
    ]
    odds = 2 ** (PRIOR - GROWTH * log2(max(2, records) / SIZE))
    return _settings(odds, people(), blocking)


def organisations() -> list[CustomComparison]:
    name = _comparison(
        "name", "name_l IS NULL OR name_r IS NULL", -9.0,
        [
            Level(f"name_l = name_r OR {_in_both('names')}", 1.0),
            Level("name_sound_l = name_sound_r", 1.0),
            Level(_slipped("name", long=6, longer=12), 1.0),
            Level(_near("name", 0.94), -3.0),
        ],
        -9.0,
    )  # fmt: skip
    city = _comparison(
        "city", "city_l IS NULL OR city_r IS NULL", 0.0,
        [Level("city_l = city_r", 3.5), Level(_slipped("city", long=5), 3.0)], -6.0,
    )  # fmt: skip
    email = _comparison("email", "len(emails_l) = 0 OR len(emails_r) = 0", 0.0, [Level(_in_both("emails"), 4.5)], -1.0)
    phone = _comparison("phone", "len(phones_l) = 0 OR len(phones_r) = 0", 0.0, [Level(_in_both("phones"), 7.0)], -2.0)
    # The register has a business ID once: two different ones are two organisations.
    number = _comparison("number", "business_id_l IS NULL OR business_id_r IS NULL", 0.0, [Level("business_id_l = business_id_r", 12.0)], -9.0)
    above = _comparison("unit", "above_l IS NULL AND above_r IS NULL", 0.0, [Level("above_l = above_r", 2.0)], -4.0)
    return [name, city, email, phone, number, above]


def organisations_settings(_records: int) -> SettingsCreator:
    """Names of organisations do not get more alike with the size of the register."""
    blocking = [
        block_on("name"),
        block_on("name_sound"),
        CustomRule("l.emails = r.emails", arrays_to_explode=["emails"]),
        CustomRule("l.phones = r.phones", arrays_to_explode=["phones"]),
        CustomRule("l.names = r.names", arrays_to_explode=["names"]),
        CustomRule("l.name[1:4] = r.name[1:4] AND l.city = r.city"),
        CustomRule("l.name_sound[-7:] = r.name_sound[-7:] AND l.name[1:2] = r.name[1:2]"),
        CustomRule("l.name_sound[1:7] = r.name_sound[1:7]"),
    ]
    return _settings(2**ALIKE, organisations(), blocking)


def _settings(odds: float, comparisons: list[CustomComparison], blocking: list[Any]) -> SettingsCreator:
    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=list(comparisons),
        blocking_rules_to_generate_predictions=blocking,
        probability_two_random_records_match=odds / (1 + odds),
        retain_matching_columns=False,
    )
