"""The real speaker libraries against servers that speak each network's wire format, faults included."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from PIL import Image

from social import networks
from social.networks.linkedin import little
from social.networks.wire import Kind, Picture, Problem, reset_of
from tests.social.conftest import SECRETS, item
from tests.social.servers.base import Fault

LINK = "https://kantama.example.org/s/abc-123_x"


def publish(speaker, **values):
    with pytest.raises(Problem) as caught:
        speaker.publish(item(**values))
    return caught.value


def test_a_post_is_made_once_as_it_was_written(fake, speaker, name):
    sent = speaker.publish(item())
    assert [post.id for post in fake.accepted] == [sent.id]
    assert sent.url.startswith("https://")
    assert fake.accepted[0].text == (little(item().text) if name == "linkedin" else item().text)


def test_a_thread_hangs_together(fake, speaker, name):
    if name == "linkedin":
        pytest.skip("LinkedIn has no threads")
    first = speaker.publish(item("Ensimmäinen"))
    second = speaker.publish(item("Toinen", key="key-2", reply=first.reply))
    third = speaker.publish(item("Kolmas", key="key-3", reply=second.reply))
    if name == "bluesky":
        told = fake.posts[third.id].facts["record"]["reply"]
        assert (told["parent"]["uri"], told["root"]["uri"]) == (second.id, first.id)
    else:
        assert fake.posts[third.id].facts["reply"] == second.id


def test_a_picture_goes_with_its_alternative_text(fake, speaker, name):
    made = BytesIO()
    Image.new("RGB", (640, 480), "#14506b").save(made, "JPEG")
    content = made.getvalue()
    speaker.publish(item(picture=Picture(content, "image/jpeg", "Punainen ruutu sinisellä", 640, 480)))
    kept = next(iter(fake.pictures.values()))
    assert kept["size"] >= len(content)
    match name:
        case "bluesky":
            shown = fake.accepted[0].facts["record"]["embed"]["images"][0]
            assert (shown["alt"], shown["aspectRatio"]["width"]) == ("Punainen ruutu sinisellä", 640)
        case "linkedin":
            assert fake.accepted[0].facts["content"]["media"]["altText"] == "Punainen ruutu sinisellä"
        case _:
            assert kept["alt"] == "Punainen ruutu sinisellä"


@pytest.mark.parametrize(
    ("fault", "kind", "is_kept"),
    [
        (Fault.BAD, Kind.MEND, False),
        (Fault.FORBIDDEN, Kind.MEND, False),
        (Fault.LIMIT, Kind.LIMIT, False),
        (Fault.LIMIT_UNTIL, Kind.LIMIT, False),
        (Fault.ERROR, Kind.UNKNOWN, False),
        (Fault.ERROR_KEPT, Kind.UNKNOWN, True),
        (Fault.BUSY, Kind.LATER, False),
        (Fault.HANG_BEFORE, Kind.UNKNOWN, False),
        (Fault.HANG_AFTER, Kind.UNKNOWN, True),
    ],
)
def test_each_fault_is_told_apart(fake, speaker, fault, kind, is_kept):
    """Whatever may have made a post is UNKNOWN, and only that."""
    fake.play(fault)
    problem = publish(speaker)
    assert problem.kind is kind
    assert bool(fake.accepted) is is_kept
    if fault is Fault.LIMIT_UNTIL:
        assert problem.until is not None
        assert timezone.now() - timedelta(seconds=2) < problem.until < timezone.now() + timedelta(seconds=5)
    if fault is Fault.LIMIT:
        assert problem.until is None


def test_a_body_that_does_not_end_leaves_the_outcome_open(fake, speaker, name, settings):
    """LinkedIn says the number in a header, before the body."""
    settings.SOCIAL_TIMEOUT = 0.15
    fake.play(Fault.SLOW)
    if name == "linkedin":
        speaker.publish(item())
        return
    assert publish(speaker).kind is Kind.UNKNOWN
    assert len(fake.accepted) == 1


def test_what_was_kept_without_a_word_is_found(fake, speaker):
    fake.play(Fault.HANG_AFTER)
    since = timezone.now()
    publish(speaker)
    found = speaker.find(item(), since, set())
    assert found is not None
    assert found.id == fake.accepted[0].id
    assert speaker.find(item("Jotain muuta", key="key-2", at=timezone.now()), since, set()) is None


def test_what_was_kept_is_found_by_its_link_alone(fake, speaker, name):
    fake.skew = -400
    fake.play(Fault.ERROR_KEPT)
    since = timezone.now()
    text = f"Lue lisää (täältä) {LINK} #työ"
    publish(speaker, text=text, link=LINK)
    found = speaker.find(item(text, link=LINK), since, set())
    assert found is not None
    if name != "bluesky":
        assert speaker.find(item(text, link=LINK), since, {found.id}) is None
        assert speaker.find(item(text, link=LINK + "y"), since, set()) is None


def test_a_repeat_by_the_same_key_makes_no_second_post_where_the_network_has_keys(fake, speaker):
    if speaker.repeats_for is None:
        pytest.skip("no keys")
    fake.play(Fault.HANG_AFTER)
    publish(speaker)
    sent = speaker.publish(item())
    assert [post.id for post in fake.accepted] == [sent.id]


def test_what_was_lost_is_not_there(fake, speaker):
    kept = speaker.publish(item())
    fake.play(Fault.LOSE)
    lost = speaker.publish(item("Tämä katoaa", key="key-2"))
    assert speaker.there([kept.id, lost.id]) == {kept.id}


def test_a_revoked_token_is_told(fake, speaker):
    fake.revoked = True
    assert publish(speaker).kind is Kind.TOKEN
    assert not fake.accepted


def test_a_token_that_has_ended_is_renewed_and_kept(fakes):
    kept = []
    fakes.linkedin.tokens = set()
    speaker = networks.network("linkedin", dict(SECRETS["linkedin"]), "", kept.append)
    speaker.publish(item())
    assert kept[0]["access_token"] == "linkedin-access-2"
    assert kept[0]["token_ends"] > timezone.now().isoformat()
    assert len(fakes.linkedin.accepted) == 1


def test_a_session_is_used_again_and_renewed_when_it_ends(fakes):
    kept = []

    def enter(secrets):
        return networks.network("bluesky", dict(secrets), fakes.urls["bluesky"], kept.append)

    enter(SECRETS["bluesky"]).publish(item())
    assert fakes.bluesky.sessions == 1
    enter(kept[-1]).publish(item("Toinen", key="key-2"))
    assert fakes.bluesky.sessions == 1
    # The server has forgotten it.
    fakes.bluesky.access.clear()
    enter(kept[-1]).publish(item("Kolmas", key="key-3"))
    assert fakes.bluesky.sessions == 2
    assert len(fakes.bluesky.accepted) == 3


def test_a_withdrawn_version_of_linkedin_is_no_fault_of_the_text(fakes, settings):
    fakes.linkedin.withdrawn = settings.SOCIAL_LINKEDIN_VERSION
    speaker = networks.network("linkedin", dict(SECRETS["linkedin"]))
    assert publish(speaker).kind is Kind.LATER


def test_no_server_leaves_nothing_open(settings, name):
    settings.SOCIAL_HOSTS = dict.fromkeys(("x", "linkedin", "linkedin_login"), "http://127.0.0.1:9")
    speaker = networks.network(name, dict(SECRETS[name]), "http://127.0.0.1:9")
    assert publish(speaker).kind is Kind.LATER


def test_figures_and_followers_come_back(fake, speaker, name):
    sent = speaker.publish(item())
    fake.followers = 321
    names = {
        "x": {"impression_count": 50, "like_count": 4, "retweet_count": 2, "quote_count": 1, "reply_count": 5},
        "mastodon": {"favourites_count": 4, "reblogs_count": 3, "replies_count": 5},
        "bluesky": {"likeCount": 4, "repostCount": 2, "quoteCount": 1, "replyCount": 5},
        "linkedin": {"impressionCount": 50, "likeCount": 4, "shareCount": 3, "commentCount": 5},
    }
    fake.posts[sent.id].figures = names[name]
    found = speaker.figures([sent.id])[sent.id]
    assert (found.likes, found.reposts, found.replies) == (4, 3, 5)
    assert found.impressions == (50 if name in ("x", "linkedin") else None)
    assert speaker.profile().followers == 321


def test_a_limit_is_read_however_it_is_said():
    now = timezone.now()
    past = {"x-rate-limit-reset": str(int(now.timestamp()) - 9000)}
    assert reset_of(past) > now, "a network whose clock is behind"
    assert reset_of({"X-RateLimit-Reset": (now + timedelta(days=900)).isoformat()}) <= timezone.now() + timedelta(days=1)
    assert reset_of({"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}) is None
    assert reset_of({"ratelimit-reset": "99999999999999999999"}) is None
    assert reset_of({}) is None
