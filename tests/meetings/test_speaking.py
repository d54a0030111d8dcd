"""Who has the floor: given, taken, ended by itself, and seen where it may be seen."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Act
from meetings import actions, speaking
from meetings.models import Meeting, Speech
from meetings.room import item_stream_of, panels_in, render_panel, stream_of
from realtime.models import Entry
from realtime.refusals import Refusal
from tests.council import Council, client_of


def under_way(council: Council) -> Council:
    council.start()
    council.take_up()
    return council


def give(council: Council, who: str = "member", **more: int) -> Speech:
    person = council.cast[who]
    return speaking.give_the_floor(council.meeting, council.participant(person), by=council.secretary, **more)


def refused(council: Council, who: str = "member") -> str:
    with pytest.raises(Refusal) as refusal:
        give(council, who)
    return refusal.value.code


def panel(council: Council, name: str, audience: str) -> str:
    meeting = Meeting.objects.get(pk=council.meeting.pk)
    return next(render_panel(one, meeting, audience) for one in panels_in(audience) if one.name == name)


def touched(stream: str) -> set[str]:
    return {panel for entry in Entry.objects.filter(stream__name=stream) for panel in entry.body["panels"]}


def test_the_next_speaker_ends_the_one_before(council: Council) -> None:
    under_way(council)
    first = give(council, allotted_seconds=180)
    second = give(council, "chair")
    first.refresh_from_db()
    assert (first.ended_at, first.item, first.recorded_by) == (second.began_at, council.item, council.secretary)
    assert second.ended_at is None
    assert (
        list(Act.objects.filter(act="floor_given").values_list("by", "about"))
        == [(council.secretary.pk, f"item:{council.item.pk}")] * 2
    )


def test_a_speech_is_ended_once(council: Council) -> None:
    under_way(council)
    speech = give(council)
    speaking.end_speech(speech, by=council.chair)
    with pytest.raises(Refusal, match=r".") as refusal:
        speaking.end_speech(speech, by=council.chair)
    assert refusal.value.code == "speech_ended"


@pytest.mark.parametrize("act", ["take_up", "pause", "adjourn", "close", "check_out", "finish"])
def test_leaving_the_item_breaking_off_and_going_out_end_the_speech(council: Council, act: str) -> None:
    under_way(council)
    speech = give(council)
    {
        "take_up": lambda: council.take_up(council.second_item),
        "pause": lambda: actions.pause(council.meeting, by=council.chair),
        "adjourn": lambda: actions.adjourn(council.meeting, by=council.chair),
        "close": lambda: actions.close(council.meeting, by=council.chair),
        "check_out": lambda: actions.check_out(council.participant(council.member), by=council.member),
        "finish": lambda: actions.finish_item(council.item, by=council.chair),
    }[act]()
    speech.refresh_from_db()
    assert speech.ended_at is not None


def test_the_floor_is_given_only_in_session_on_an_item_to_somebody_there(council: Council) -> None:
    assert refused(council) == "not_in_session"
    council.start()
    assert refused(council) == "no_item"
    council.take_up()
    assert refused(council, "invitee") == "not_there"
    give(council)
    assert refused(council) == "already_speaking"
    actions.pause(council.meeting, by=council.chair)
    assert refused(council) == "not_in_session"
    actions.close(council.meeting, by=council.chair)
    assert refused(council) == "not_in_session"


def test_only_the_desk_gives_the_floor(council: Council) -> None:
    under_way(council)
    for name, status in (("member", 403), ("unit_admin", 403), ("outsider", 404), ("secretary", 204), ("chair", 204)):
        url = reverse("meetings:speeches", args=[council.meeting.pk])
        who = council.participant(council.member if name == "secretary" else council.second_member)
        answer = client_of(council.cast[name]).post(url, {"participant": who.pk}, headers={"HX-Request": "true"})
        assert answer.status_code == status, name
    speech = Speech.objects.get(ended_at=None)
    url = reverse("meetings:speech_ending", args=[council.meeting.pk, speech.pk])
    assert client_of(council.member).post(url).status_code == 403
    with pytest.raises(Refusal):
        speaking.give_the_floor(council.meeting, council.participant(council.chair), by=council.member)
    with pytest.raises(Refusal):
        speaking.end_speech(speech, by=council.member)


@pytest.mark.parametrize(
    "fields", [{}, {"participant": "x"}, {"participant": "1", "minutes": "-3"}, {"participant": "\x00"}]
)
def test_nonsense_is_answered_with_a_sentence(council: Council, fields: dict[str, str]) -> None:
    under_way(council)
    url = reverse("meetings:speeches", args=[council.meeting.pk])
    answer = client_of(council.chair).post(url, fields, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert not Speech.objects.exists()


def test_the_speaker_is_seen_by_everybody_and_the_clock_counts_down_what_was_given(council: Council) -> None:
    under_way(council)
    Entry.objects.all().delete()
    give(council, allotted_seconds=180)
    for audience, name in (("desk", "speaking"), ("floor", "head"), ("gallery", "head"), ("wall", "stage")):
        html = panel(council, name, audience)
        assert council.member.full_name in html, audience
        assert 'data-planned-seconds="180"' in html
        assert name in touched(stream_of(council.meeting, audience))


def test_who_speaks_on_a_closed_item_stays_inside(council: Council) -> None:
    actions.change_item(council.item, by=council.secretary, is_closed=True, admitted=[council.third_member])
    under_way(council)
    Entry.objects.all().delete()
    give(council, "second_member")
    name = council.second_member.full_name
    for audience in ("floor", "gallery", "wall"):
        html = "".join(render_panel(one, council.meeting, audience) for one in panels_in(audience))
        assert name not in html, audience
        assert touched(stream_of(council.meeting, audience)) == set()
    assert name in panel(council, "speaking", "desk")
    assert "head" in touched(item_stream_of(council.item))
    floor = reverse("meetings:floor", args=[council.meeting.pk])
    assert name in client_of(council.third_member).get(floor).content.decode()
    assert name not in client_of(council.member).get(floor).content.decode()


def test_the_length_of_a_speech(council: Council) -> None:
    under_way(council)
    speech = give(council)
    now = timezone.now()
    speech.began_at, speech.ended_at = now - timedelta(seconds=125), now
    assert speech.seconds() == 125
