"""Before closing nobody learns what was voted, on no channel; before announcing only those who announce it."""

import json
import re
from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.personal import PersonalStream
from meetings import actions as meeting_actions
from meetings.room import panels_in, render_panel
from realtime.models import Entry, Operation
from tests.council import Council, client_of
from tests.voting.polls import all_that_is_heard, announced, closed, opened, panels_heard, send
from voting import actions

pytestmark = pytest.mark.django_db

# Two for and one against: which way 2 and 1 lie is what nobody may learn.
VOTES = {"member": "for", "second_member": "for", "chair": "against"}


def room_panels_with(council: Council, votes: dict[str, str]) -> dict[str, str]:
    for name, choice in votes.items():
        assert send(getattr(council, name), council.meeting.polls.get(), choice)["t"] == "ack"
    return all_that_is_heard(council, but=tuple(getattr(council, name) for name in votes))


@pytest.fixture
def one_moment() -> Iterator[None]:
    """Clocks stand still, so that only what was voted can make a difference."""
    with time_machine.travel(timezone.now(), tick=False):
        yield


def test_while_open_the_room_looks_the_same_whatever_was_voted(council: Council, one_moment: None) -> None:
    poll = opened(council)
    heard = room_panels_with(council, VOTES)
    poll.ballots.filter(elector__person=council.chair).update(choice="for")
    poll.ballots.filter(elector__person=council.member).update(choice="not_voting")

    turned = all_that_is_heard(council, but=tuple(getattr(council, name) for name in VOTES))

    assert turned == heard
    assert "Đã biểu quyết 3/4 thành viên có mặt" in heard["floor/poll_count"]
    assert "poll_count" in str(panels_heard(council.meeting, "wall").keys())


def test_after_closing_the_desk_alone_sees_what_was_voted(council: Council, one_moment: None) -> None:
    poll = closed(council, VOTES)
    mine = tuple(getattr(council, name) for name in VOTES)
    before = all_that_is_heard(council, but=mine)
    poll.result["counts"]["by_option"] = {"for": 0, "against": 3, "not_voting": 0}
    poll.outcome = "not_passed"
    poll.save()

    after = all_that_is_heard(council, but=mine)

    assert {key for key, html in after.items() if html != before[key]} == {"desk/poll"}


def test_a_vote_cancelled_after_its_closing_tells_the_record_nothing_by_choice(council: Council) -> None:
    first = announced(council, VOTES)
    second = actions.repeat_poll(first, by=council.secretary)
    actions.open_poll(second, by=council.secretary)
    for person in council.voters:
        actions.cast_ballot(second.pk, by=person, choice="for")
    actions.close_poll(second, by=council.secretary)
    actions.cancel_poll(second, by=council.secretary, reason="Mở nhầm")
    meeting_actions.close(council.meeting, by=council.chair)

    told = client_of(council.secretary).get(reverse("meetings:meeting", args=[council.meeting.pk]), follow=True)

    words = told.content.decode()
    assert words.count("Mở nhầm") == 1
    for announced_alone, never in (("Tán thành 2", "Tán thành 4"), ("Tán thành (2)", "Tán thành (4)")):
        assert (announced_alone in words, never in words) == (True, False)


def test_what_is_prepared_is_heard_by_the_desk_alone(council: Council) -> None:
    first = announced(council, {"chair": "for", "member": "for", "second_member": "for"})
    prepared = actions.draft_poll(council.item, by=council.secretary, question="Thông qua kế hoạch năm 2028")

    heard = all_that_is_heard(council)

    assert {key for key, html in heard.items() if prepared.question in html} == {"desk/poll"}
    for audience in ("floor", "gallery", "wall"):
        assert first.question in heard[f"{audience}/poll"]


def test_my_own_panel_tells_me_my_ballot_and_no_other(council: Council) -> None:
    poll = opened(council)
    for name, choice in VOTES.items():
        send(getattr(council, name), poll, choice)

    def told(name: str) -> dict[str, dict[str, str]]:
        person = council.cast[name]
        html = PersonalStream().render(f"person:{person.pk}", f"votes:{council.meeting.pk}", "vi")
        return json.loads(re.sub(r"</?script[^>]*>", "", html) or "{}")

    assert {name: told(name)[str(poll.pk)]["choice"] for name in VOTES} == VOTES
    assert told("third_member") == told("secretary") == told("observer") == {}


def test_entries_name_panels_and_never_what_is_in_them(council: Council) -> None:
    poll = opened(council)
    first = Entry.objects.order_by("-pk").values_list("pk", flat=True).first()

    send(council.member, poll, "against")

    bodies = [entry.body for entry in Entry.objects.filter(pk__gt=first).order_by("pk")]
    assert sorted(body["panels"] for body in bodies) == [
        ["bar", "poll_count"],  # the desk, whose bar no longer offers to take the opening back
        ["poll_count"],
        ["poll_count"],
        ["poll_count"],
        [f"votes:{council.meeting.pk}"],
    ]


def test_only_the_voter_is_sent_the_answer_of_the_operation(council: Council) -> None:
    poll = opened(council)

    send(council.member, poll, "for")

    assert list(Operation.objects.filter(kind="cast_ballot").values_list("actor", flat=True)) == [
        council.member.principal_key
    ]


def test_a_panel_holds_no_token_and_nobodys_choice(council: Council) -> None:
    opened(council)
    for audience in ("desk", "floor", "gallery", "wall"):
        for name in ("poll", "poll_count"):
            html = panels_heard(council.meeting, audience)[name]
            assert "csrfmiddlewaretoken" not in html
            assert len(html.encode()) < 8 * 1024


def test_the_floor_shows_the_ballot_to_dress_and_the_wall_and_the_gallery_only_the_question(council: Council) -> None:
    poll = opened(council, with_members=3)
    floor = panels_heard(council.meeting, "floor")["poll"]

    present = " ".join(str(person.pk) for person in council.voters[:3])
    assert f'data-roll="{present}"' in floor
    assert f'data-waiting="{council.third_member.pk}"' in floor
    for words in ("Tán thành", "Không tán thành", "Không biểu quyết"):
        assert words in floor
    for audience in ("wall", "gallery"):
        html = panels_heard(council.meeting, audience)["poll"]
        assert poll.question in html
        assert "data-roll" not in html
        assert "<button" not in html
    assert council.member.full_name not in panels_heard(council.meeting, "wall")["poll"]


def test_after_the_announcement_wall_and_tablets_show_the_result_in_words(council: Council) -> None:
    announced(council, {"chair": "for", "member": "for", "second_member": "for", "third_member": "not_voting"})

    for audience in ("desk", "floor", "gallery", "wall"):
        html = panels_heard(council.meeting, audience)["poll"]
        assert "Được thông qua" in html, audience
        assert "<strong>3</strong>" in html, audience
    english = panels_heard(council.meeting, "wall", "en")["poll"]
    assert "Passed" in english


def test_a_poll_on_a_closed_item_is_heard_by_the_desk_and_by_those_admitted(council: Council) -> None:
    council.item.is_closed = True
    council.item.save()
    council.item.admitted.set([council.member, council.second_member, council.third_member])
    poll = opened(council)
    first = Entry.objects.order_by("-pk").values_list("pk", flat=True).first()
    send(council.member, poll, "for")

    heard = {
        key
        for key, html in all_that_is_heard(council).items()
        if poll.question in html or "3/4" in html or "1/4" in html
    }

    assert heard == {
        "desk/poll",
        "desk/poll_count",
        f"item-{council.item.pk}/poll",
        f"item-{council.item.pk}/poll_count",
    }
    streams = set(Entry.objects.filter(pk__gt=first).values_list("stream__name", flat=True))
    room = f"room:{council.meeting.pk}"
    assert streams == {f"{room}:desk", f"{room}:item-{council.item.pk}", f"person:{council.member.pk}"}


def test_a_member_not_admitted_to_the_closed_item_is_on_the_roll_and_not_asked(council: Council) -> None:
    council.item.is_closed = True
    council.item.save()
    council.item.admitted.set([council.member, council.second_member])

    poll = opened(council)

    assert poll.electors.get(person=council.third_member).is_present is False
    assert poll.electors.count() == 4
    assert send(council.third_member, poll, "for")["code"] == "not_checked_in"


def test_panels_cost_the_same_however_many_vote(council: Council) -> None:
    poll = opened(council)
    panels = [panel for panel in panels_in("desk") if panel.name in {"poll", "poll_count"}]

    def cost() -> dict[str, int]:
        found = {}
        meeting = type(council.meeting).objects.select_related("current_item", "rule_set", "organisation").get()
        for panel in panels:
            for audience in ("desk", "floor", "wall"):
                with CaptureQueriesContext(connection) as queries:
                    render_panel(panel, meeting, audience)
                found[f"{audience}/{panel.name}"] = len(queries)
        return found

    send(council.member, poll, "for")
    with_one = cost()
    send(council.chair, poll, "for")
    send(council.second_member, poll, "against")
    assert cost() == with_one
    assert max(with_one.values()) <= 5


def test_the_names_cost_the_same_however_many_voted(council: Council) -> None:
    poll = opened(council)
    client = client_of(council.secretary)
    url = reverse("voting:poll", args=[poll.pk])
    counts = []
    for names in (("member",), ("chair", "second_member", "third_member")):
        poll.refresh_from_db()
        poll.state = "open"
        poll.save()
        for name in names:
            actions.cast_ballot(poll.pk, by=council.cast[name], choice="for")
        actions.close_poll(poll, by=council.secretary)
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counts.append(len(queries))
    assert counts[0] == counts[1]
