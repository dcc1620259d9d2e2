"""People, some of them twice or three times, and people who only look like others."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import combinations
from random import Random

from tests.contacts.corpus import words
from tests.contacts.corpus.noise import folded, phone_otherwise, slip, spelt_otherwise
from tests.contacts.corpus.organisations import workplace

# How many of the people have a second record, and how many of those a third.
AGAIN, THIRD = 0.12, 0.10
# People who are not the same: with the whole name of another; in one family, with one address or one telephone; of one last name at one workplace.
NAMESAKES, FAMILIES, COLLEAGUES = 0.03, 0.03, 0.01
# What a person's own record has, and the telephone and the mailbox that a whole workplace shares.
HAS_EMAIL, HAS_PHONE, HAS_WORK, HAS_TOWN, SWITCHBOARD, OFFICE_MAIL = 0.85, 0.7, 0.85, 0.9, 0.08, 0.02
PEOPLE_PER_WORKPLACE = 5
MAILS = ("gmail.com", "hotmail.com", "outlook.com", "kolumbus.fi", "luukku.com", "elisanet.fi")


@dataclass(frozen=True)
class Record:
    external_id: str
    first_name: str
    last_name: str
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    organisation: str = ""
    city: str = ""


@dataclass
class Corpus:
    """`pairs` are the numbers of records of one and the same, the lesser first."""

    records: list[Record] = field(default_factory=list)
    pairs: set[tuple[str, str]] = field(default_factory=set)


@dataclass(frozen=True)
class Work:
    name: str
    domain: str
    city: str
    switchboard: str


class _Maker:
    def __init__(self, seed: int, people: int) -> None:
        self.dice, self.people = Random(seed), people
        self.works = [self._work() for _ in range(max(3, people // PEOPLE_PER_WORKPLACE))]
        self.records: list[Record] = []

    def chance(self, share: float) -> bool:
        return self.dice.random() < share

    def _work(self) -> Work:
        name, city = workplace(self.dice)
        domain = "".join(sign for sign in folded(name).lower() if sign.isalnum())[:20]
        return Work(name, f"{domain}.example.fi", city, self._phone("9"))

    def _phone(self, start: str = "40") -> str:
        return f"+358{start}{self.dice.randrange(10**6, 10**7)}"

    # ---- people as they are
    def somebody(self) -> Record:
        tongue = "sv" if self.chance(words.SWEDISH) else "fi"
        first = words.FIRST[tongue, self.dice.choice("fm")].one(self.dice)
        last = words.LAST[tongue].one(self.dice)
        work = self.dice.choice(self.works)
        return self.living(first, last, work)

    def living(self, first: str, last: str, work: Work) -> Record:
        has_work = self.chance(HAS_WORK)
        city = work.city if has_work and self.chance(0.8) else words.TOWNS.one(self.dice)
        email = self.work_mail(first, last, work) if has_work and self.chance(0.75) else self.own_mail(first, last)
        if has_work and self.chance(OFFICE_MAIL):
            email = f"info@{work.domain}"
        phone = work.switchboard if has_work and self.chance(SWITCHBOARD) else self._phone()
        return Record(
            "", first, last, (email,) if self.chance(HAS_EMAIL) else (), (phone,) if self.chance(HAS_PHONE) else (),
            work.name if has_work else "", city if self.chance(HAS_TOWN) else "",
        )  # fmt: skip

    def work_mail(self, first: str, last: str, work: Work) -> str:
        name = f"{folded(first)}.{folded(last)}".lower().replace(" ", "")
        return f"{name}@{work.domain}"

    def own_mail(self, first: str, last: str) -> str:
        name = self.dice.choice((f"{first}.{last}", f"{first[0]}{last}", f"{last}{first[:2]}", f"{first}{last}"))
        return f"{folded(name).lower()}{self.dice.choice(('', self.dice.randrange(1, 99)))}@{self.dice.choice(MAILS)}"

    def make(self) -> Corpus:
        corpus = Corpus()
        for number in range(self.people):
            person = self._one_like_another() if corpus.records and self.chance(NAMESAKES + FAMILIES + COLLEAGUES) else self.somebody()
            records = [person]
            if self.chance(AGAIN):
                records += [self.again(person) for _ in range(2 if self.chance(THIRD) else 1)]
            records = [replace(record, external_id=f"{number}-{place}") for place, record in enumerate(records)]
            corpus.records += records
            self.records.append(person)
            corpus.pairs |= {_ordered(one.external_id, other.external_id) for one, other in combinations(records, 2)}
        self.dice.shuffle(corpus.records)
        return corpus

    # ---- others who look alike
    def _one_like_another(self) -> Record:
        like, kind = self.dice.choice(self.records), self.dice.random() * (NAMESAKES + FAMILIES + COLLEAGUES)
        other = self.somebody()
        if kind < NAMESAKES:
            made = self.living(like.first_name, like.last_name, self.dice.choice(self.works))
            return replace(made, city=like.city) if self.chance(0.2) else made
        if kind < NAMESAKES + FAMILIES:
            shares_mail = self.chance(0.5)
            return replace(
                other, last_name=like.last_name, city=like.city,
                emails=like.emails if shares_mail else other.emails, phones=other.phones if shares_mail else like.phones,
            )  # fmt: skip
        work = next((work for work in self.works if work.name == like.organisation), self.works[0])
        return replace(self.living(other.first_name, like.last_name, work), organisation=work.name)

    # ---- one who is there already
    def again(self, person: Record) -> Record:
        """Each field takes its chances. What two records then share may be little."""
        first, last = self._first(person.first_name), self._last(person)
        if self.chance(0.03):
            first, last = last, first
        record = Record("", first, last, self._emails(person), self._phones(person), self._organisation(person), self._city(person))
        if not (record.first_name or record.last_name or record.emails):
            record = replace(record, last_name=person.last_name)
        return record

    def _first(self, name: str) -> str:
        kind = self.dice.random()
        if kind < 0.06 and name in words.NICKNAMES:
            return self.dice.choice(words.NICKNAMES[name])
        changes = (
            (0.12, lambda: slip(name, self.dice)),
            (0.15, lambda: f"{name} {words.FIRST['fi', 'f'].one(self.dice)}"),
            (0.18, lambda: name[:1]),
            (0.20, lambda: ""),
            (0.26, lambda: folded(name)),
            (0.28, lambda: name.upper()),
            (0.30, lambda: spelt_otherwise(name, self.dice)),
        )
        return next((change() for until, change in changes if kind < until), name)

    def _last(self, person: Record) -> str:
        name, kind = person.last_name, self.dice.random()
        changes = (
            (0.06, lambda: slip(name, self.dice)),
            (0.10, lambda: words.LAST["fi"].one(self.dice)),  # married, or not any more
            (0.13, lambda: f"{name}-{words.LAST['fi'].one(self.dice)}"),
            (0.19, lambda: folded(name)),
            (0.21, lambda: spelt_otherwise(name, self.dice)),
            (0.23, lambda: name.upper()),
        )
        return next((change() for until, change in changes if kind < until), name)

    def _emails(self, person: Record) -> tuple[str, ...]:
        other, kind = self.own_mail(person.first_name, person.last_name), self.dice.random()
        if not person.emails:
            return (other,) if kind < 0.3 else ()
        if kind < 0.50:
            return person.emails
        if kind < 0.58:
            return (*person.emails, other)
        if kind < 0.63:
            return (slip(person.emails[0], self.dice),)
        return (other,) if kind < 0.78 else ()

    def _phones(self, person: Record) -> tuple[str, ...]:
        kind = self.dice.random()
        if not person.phones:
            return (self._phone(),) if kind < 0.3 else ()
        own = person.phones[0]
        if kind < 0.62:
            return (phone_otherwise(own, self.dice),)
        if kind < 0.65:
            return (own[:5] + slip(own[5:], self.dice),)
        return (self._phone(),) if kind < 0.75 else ()

    def _organisation(self, person: Record) -> str:
        name, kind = person.organisation, self.dice.random()
        if not name:
            return self.dice.choice(self.works).name if kind < 0.2 else ""
        if kind < 0.10:
            return name.removesuffix(" Oy").removesuffix(" ry").removesuffix(" Ab").lower()
        if kind < 0.15:
            return slip(name, self.dice)
        if kind < 0.23:
            return self.dice.choice(self.works).name
        return "" if kind < 0.33 else name

    def _city(self, person: Record) -> str:
        name, kind = person.city, self.dice.random()
        if kind < 0.05:
            return words.TOWNS_SV.get(name, name)
        if kind < 0.08:
            return slip(name, self.dice)
        if kind < 0.14:
            return words.TOWNS.one(self.dice)
        return "" if kind < 0.25 else name


def make_people(seed: int, people: int) -> Corpus:
    """The same for the same seed and number. Some 13 % more records than people."""
    return _Maker(seed, people).make()


def _ordered(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)
