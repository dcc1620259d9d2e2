"""What servers say in words: in English, in Finnish and in Swedish."""

from __future__ import annotations

import re


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


# The sender or the message was refused: nothing against the address.
ABOUT_US = _any(
    r"\bspam\b(?!\.)",
    r"\bjunk\b",
    r"unsolicited",
    r"\bblocked\b",
    r"block ?list",
    r"black ?list",
    r"deny ?list",
    r"reputation",
    r"\bpolicy\b",
    r"policies\b",
    r"\bdmarc\b",
    r"\bspf\b",
    r"sender policy",
    r"spoof",
    r"relay(ing)? (is )?(access )?denied",
    r"too (large|big)",
    r"(message|maximum) size",
    r"\bvirus",
    r"content (was )?(rejected|filter)",
    r"restrict",
    r"authentication required",
    r"bad outbound sender",
    r"sender (address )?(rejected|denied)",
    r"roskaposti",
    r"estett[yi]",
    r"liian suuri",
    r"skräppost",
    r"blockera",
    r"för stort?\b",
)
# The message did not arrive, and the address may live.
SOFT = _any(
    r"mailbox (is )?full",
    r"inbox is (full|out of)",
    r"over\s*(its |their |the )?quota",
    r"quota (was |is |has been )?exceeded",
    r"exceed\w* \w*\s*(\w+ )?quota",
    r"out of storage",
    r"insufficient \w* ?storage",
    r"not enough space",
    r"disk (is )?full",
    r"grey ?list",
    r"gray ?list",
    r"rate.?limit",
    r"deferred",
    r"try (again|later)",
    r"temporar",
    r"not yet been delivered",
    r"hasn't been delivered yet",
    r"still undelivered",
    r"timed? ?out",
    r"timeout",
    r"not reachable",
    r"unreachable",
    r"not responding",
    r"connection (refused|dropped|lost|reset)",
    r"too many hops",
    r"hop count",
    r"\bloop",
    r"too many (messages|connections|recipients)",
    r"täynnä",
    r"tila on loppu",
    r"kiintiö",
    r"viivästy",
    r"ei ole vielä",
    r"myöhemmin uudelleen",
    r"jatkaa yrittämistä",
    r"\bär full\b",
    r"utrymme",
    r"\bkvot",
    r"försena",
    r"fördröj",
    r"ännu inte",
    r"försök\w* (igen|senare)",
    r"fortsätter att försöka",
)
# It is not there, or takes no mail any more.
HARD = _any(
    r"(user|recipient|addressee|mailbox|account|address|alias|person)s? (is |was )?unknown",
    r"unknown (or illegal |local |virtual )?(user|recipient|mailbox|account|address|alias)",
    r"no such (\w+ )?(user|recipient|mailbox|account|address|person|domain|host)",
    r"no mailbox (here )?by that name",
    r"(user|recipient|mailbox|account|address|domain|name|host)\b(?:[^.]|\.(?=\S)){0,70}"
    r"\b(not (found|listed|known|recognized|valid)|could ?n[o']t be found|wasn't found|"
    r"do(es)? ?n[o']t exist|no longer|is (disabled|inactive|closed|invalid))",
    r"(mailbox|account|user(\(s\))?)[^.\n]{0,30}(is |has been )(disabled|deactivated|closed|terminated|suspended)",
    r"invalid (recipient|mailbox|user|address)",
    r"recipient (address )?rejected: access denied",
    r"mailbox unavailable",
    r"does ?n[o']t have an? \S+ account",
    r"unrouteable address",
    r"null ?mx",
    r"no longer (accepts|available|in use|valid|active|employed)",
    r"host unknown",
    r"nxdomain",
    r"bad destination",
    r"(vastaanottajaa|osoitetta|käyttäjää|postilaatikkoa|tiliä)[^.\n]{0,40}ei (ole|löyd|löyt)",
    r"tuntematon (vastaanottaja|käyttäjä|osoite)",
    r"ei ole (enää )?(käytössä|olemassa)",
    r"(vastaanottaja|käyttäjä|osoite|postilaatikko|tili) (on |ei ole )?(tuntematon|poistettu|suljettu|voimassa)",
    r"virheellinen (vastaanottaja|osoite)",
    r"okänd (mottagare|användare|adress)",
    r"(mottagar|användar|adress|brevlåd|konto)\w*[^.\n]{0,40}"
    r"(okänd|finns (inte|ej)|hittades (inte|ej)|existerar (inte|ej)|avslutat|stängt?s?\b|upphört|inaktiver)",
    r"ogiltig (mottagare|adress)",
)
# The server still tries.
DELAY = _any(
    r"\bdelay(ed)?\b",
    r"^warning:",
    r"not yet been delivered",
    r"still being retried",
    r"could not send message for past",
    r"viiväst",
    r"försena",
    r"fördröj",
    r"ännu inte levererats",
    r"ei ole vielä toimitettu",
)
FAILURE = _any(
    r"undeliver",
    r"delivery (status|report|failure|problem|has failed)",
    r"(delivery|mail|message).{0,12}fail",
    r"failure notice",
    r"returned mail",
    r"return(ed|ing).{0,20}sender",
    r"could ?n[o']t be delivered",
    r"was not delivered",
    r"did not reach",
    r"not (been )?deliver",
    r"message (you sent )?(was )?(blocked|rejected|status)",
    r"mail system error",
    r"ei voi(tu)? toimittaa",
    r"ei voitu välittää",
    r"toimitus epäonnistui",
    r"palaut(ettu|unut)",
    r"hylätty",
    r"ei välitetty",
    r"ei ole enää käytössä",
    r"viiväst",
    r"delayed",
    r"(kan|kunde|gick) inte (att )?lever",
    r"inte levereras",
    r"leverans\w* (misslyckades|försena|fördröj)",
    r"obeställbar",
    r"returner",
)
AUTO_SUBJECT = _any(
    r"^(re: |vs: |sv: )?\[?auto(matic|matisk|maatti)?[\w-]*\]?( reply| response| vastaus| svar| re)?\b ?:",
    r"\[auto\]",
    r"^autosvar",
    r"automaattinen (vastaus|kuittaus)",
    r"automati\w+ (reply|response|svar)",
    r"auto.?reply",
    r"out of (the )?office",
    r"\booo\b",
    r"on vacation",
    r"away from (the |my )?(office|desk|mail)",
    r"poissaolo",
    r"\bloma(lla|viesti| re:)",
    r"frånvar",
    r"semester",
    r"ticket\s*#",
    r"\[(ticket|case|#)",
    r"received your (request|message|mail|e-?mail)",
    r"request received",
    r"vastaanottaneet",
    r"vastaanottokuittaus",
    r"kuittaus",
    r"tukipyyntö",
    r"ärende\b.{0,30}(registrer|mottag)",
    r"vi har tagit emot",
    r"mottagningsbekräftelse",
    r"confirm your (message|e-?mail)",
    r"action required",
    r"sender (verification|confirmation)",
    r"^(read|not read|luettu|ei luettu|läst|oläst)\s?:",
)
AUTO_TEXT = _any(
    r"this is an automat",
    r"automated (message|reply|response)",
    r"tämä on automaattinen",
    r"automaattinen (vastaus|viesti|kuittaus)",
    r"det(ta|) är ett automatiskt",
    r"i('m| am) (currently )?(out of|away from) (the |my )?office",
    r"olen (poissa|lomalla|vuosilomalla|perhevapaalla|virkavapaalla|matkoilla)",
    r"(jag )?är (på semester|inte på kontoret|föräldraledig|tjänstledig|bortrest)",
    r"limited access to e-?mail",
    r"asks senders to confirm",
    r"verify that you are not a robot",
    r"will not be reading my mail",
    r"en ole enää .{0,40}palveluksessa",
    r"ticket (was|has been) created",
)


def is_soft(text: str) -> bool:
    return bool(SOFT.search(_flat(text))) or is_about_us(text)


def is_about_us(text: str) -> bool:
    return bool(ABOUT_US.search(_flat(text)))


def is_hard(text: str) -> bool:
    return bool(HARD.search(_flat(text)))


def is_delay(text: str) -> bool:
    return bool(DELAY.search(_flat(text)))


def is_failure(text: str) -> bool:
    return bool(FAILURE.search(_flat(text)))


def is_automatic(subject: str, text: str) -> bool:
    """An answer in a thread is a person's, whatever it says of holidays."""
    if AUTO_SUBJECT.search(_flat(subject)):
        return True
    return not re.match(r"(re|vs|sv|fwd?|vl)\s*:", subject.strip(), re.IGNORECASE) and bool(AUTO_TEXT.search(_flat(text)))


def _flat(text: str) -> str:
    """Servers fold their lines in the middle of what they say; only an empty line ends it."""
    return " ".join(re.sub(r"\n\s*\n", " . ", text).split())
