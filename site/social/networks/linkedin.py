"""LinkedIn's versioned REST API, for the page of an organisation. No idempotency key; texts are in its "little text format"."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import requests
from django.conf import settings
from django.utils import timezone

from social.networks.wire import Figures, Item, Kind, Network, Problem, Profile, Sent, before_the_post, from_requests, kind_of, reset_of, session_for

if TYPE_CHECKING:
    from collections.abc import Collection

HOST, DOOR = "https://api.linkedin.com", "https://www.linkedin.com"
RESERVED = re.compile(r"([\\|{}@\[\]()<>#*_~])")
HASHTAG = re.compile(r"(?<![\w#])#(\w*[^\W\d_]\w*)")
SKEW = timedelta(minutes=15)


class LinkedIn(Network):
    most_asked = 20

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.session = session_for(HOST, settings.SOCIAL_HOSTS["linkedin"])
        self.session.mount(DOOR, session_for(DOOR, settings.SOCIAL_HOSTS["linkedin_login"]).get_adapter(DOOR))
        self.organisation = str(self.credentials.get("organisation", ""))

    def close(self) -> None:
        self.session.close()

    @property
    def urn(self) -> str:
        return f"urn:li:organization:{self.organisation}"

    def _ask(self, method: str, path: str, *, is_post: bool = False, url: str = "", **values: Any) -> requests.Response:
        """Where the token has ended, once more with a renewed one. What is not the post itself leaves nothing open."""
        for is_last in (False, True):
            headers = {
                "Authorization": f"Bearer {self.credentials.get('access_token', '')}",
                "Linkedin-Version": settings.SOCIAL_LINKEDIN_VERSION,
                "X-Restli-Protocol-Version": "2.0.0",
            } | values.pop("headers", {})
            try:
                response = self.session.request(method, url or f"{HOST}/rest/{path}", headers=headers, allow_redirects=False, **values)
            except requests.RequestException as error:
                problem = Problem(from_requests(error), type(error).__name__)
                raise problem if is_post else before_the_post(problem) from None
            if response.ok:
                return response
            values["headers"] = {name: value for name, value in headers.items() if name != "Authorization"}
            if response.status_code != 401 or is_last or not self._renew():
                problem = self._problem(response)
                raise problem if is_post else before_the_post(problem)
        raise Problem(Kind.TOKEN)

    def _problem(self, response: requests.Response) -> Problem:
        try:
            told = response.json().get("message", "")
        except (ValueError, AttributeError):
            told = ""
        words = self.clean(f"{response.status_code} {told or response.reason}")
        kind = Kind.TOKEN if response.status_code == 403 and "not enough permissions" in words.lower() else kind_of(response.status_code)
        return Problem(kind, words, status=response.status_code, until=reset_of(response.headers))

    def _renew(self) -> bool:
        """False where there is nothing to renew it with, or the network refuses."""
        names = ("refresh_token", "client_id", "client_secret")
        if not all(self.credentials.get(name) for name in names):
            return False
        values = {"grant_type": "refresh_token", **{name: self.credentials[name] for name in names}}
        try:
            response = self.session.post(f"{DOOR}/oauth/v2/accessToken", data=values, allow_redirects=False)
            told = response.json() if response.ok else {}
        except (requests.RequestException, ValueError):
            return False
        if not told.get("access_token"):
            return False
        ends = timezone.now() + timedelta(seconds=int(told.get("expires_in", 0)))
        self.renewed(access_token=told["access_token"], refresh_token=told.get("refresh_token", values["refresh_token"]), token_ends=ends.isoformat())
        return True

    def publish(self, item: Item) -> Sent:
        told: dict[str, Any] = {
            "author": self.urn,
            "commentary": little(item.text),
            "visibility": "PUBLIC",
            "distribution": {"feedDistribution": "MAIN_FEED", "targetEntities": [], "thirdPartyDistributionChannels": []},
            "lifecycleState": "PUBLISHED",
            "isReshareDisabledByAuthor": False,
        }
        if item.picture:
            told["content"] = {"media": {"id": self._upload(item), "altText": item.picture.alt[:4086]}}
        elif item.link and item.title:
            told["content"] = {"article": {"source": item.link, "title": item.title[:400], "description": item.lead[:4000]}}
        response = self._ask("POST", "posts", is_post=True, json=told)
        number = response.headers.get("x-restli-id", "")
        if not number:
            raise Problem(Kind.UNKNOWN, "The answer names no post.", status=response.status_code)
        return self._sent(number)

    def _sent(self, number: str) -> Sent:
        return Sent(number, f"https://www.linkedin.com/feed/update/{number}/", {"id": number})

    def _upload(self, item: Item) -> str:
        assert item.picture  # noqa: S101 — for mypy: asked by the caller
        begun = self._ask("POST", "images?action=initializeUpload", json={"initializeUploadRequest": {"owner": self.urn}}).json()["value"]
        self._ask("PUT", "", url=begun["uploadUrl"], data=item.picture.content, headers={"Content-Type": item.picture.mime})
        return str(begun["image"])

    def find(self, item: Item, since: datetime, known: Collection[str]) -> Sent | None:
        path = f"posts?author={quote(self.urn, safe='')}&q=author&count=50&sortBy=LAST_MODIFIED"
        wanted = little(item.text)
        for row in self._ask("GET", path, headers={"X-RestLi-Method": "FINDER"}).json().get("elements", ()):
            at = datetime.fromtimestamp(row["createdAt"] / 1000, UTC)
            is_same = little(item.link) in row["commentary"] if item.link else " ".join(row["commentary"].split()) == " ".join(wanted.split())
            if row["id"] not in known and at >= since - SKEW and is_same:
                return self._sent(row["id"])
        return None

    def there(self, ids: Collection[str]) -> set[str]:
        found = set()
        for number in ids:
            try:
                self._ask("GET", f"posts/{quote(number, safe='')}")
                found.add(number)
            except Problem as problem:
                if problem.kind is not Kind.GONE:
                    raise
        return found

    def figures(self, ids: Collection[str]) -> dict[str, Figures]:
        shares = ",".join(quote(number, safe="") for number in ids)
        path = f"organizationalEntityShareStatistics?q=organizationalEntity&organizationalEntity={quote(self.urn, safe='')}&shares=List({shares})"
        rows = self._ask("GET", path).json().get("elements", ())
        return {row["share"]: _figures(row["totalShareStatistics"]) for row in rows if "share" in row}

    def profile(self) -> Profile:
        me = self._ask("GET", f"organizations/{self.organisation}").json()
        size = self._ask("GET", f"networkSizes/{quote(self.urn, safe='')}?edgeType=COMPANY_FOLLOWED_BY_MEMBER").json()
        ends = self.credentials.get("token_ends")
        return Profile(
            self.organisation,
            me.get("vanityName") or me["localizedName"],
            size.get("firstDegreeSize"),
            datetime.fromisoformat(ends) if ends else None,
        )


def _figures(told: dict[str, int]) -> Figures:
    return Figures(told.get("impressionCount"), told.get("likeCount", 0), told.get("shareCount", 0), told.get("commentCount", 0))


def little(text: str) -> str:
    """LinkedIn's "little text format": what has a meaning in it is escaped, and a hashtag says that it is one."""
    parts, at = [], 0
    for found in HASHTAG.finditer(text):
        parts += [RESERVED.sub(r"\\\1", text[at : found.start()]), f"{{hashtag|\\#|{found[1]}}}"]
        at = found.end()
    return "".join([*parts, RESERVED.sub(r"\\\1", text[at:])])
