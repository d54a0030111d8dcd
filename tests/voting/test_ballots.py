"""A ballot as a tablet sends it: received, repeated, changed, late; given aloud; of latecomers and stand-ins."""

import hashlib
import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from accounts.acts import breaks
from accounts.models import Act
from accounts.personal import PersonalStream
from meetings import actions as meeting_actions
from meetings.models import Participant, RuleSet
from realtime.models import Entry
from realtime.panel_streams import rendered_panels
from tests.council import Council, client_of
from tests.voting.polls import act, opened, panels_heard, send
from voting import actions
from voting.models import Ballot, Elector

pytestmark = pytest.mark.django_db


def allow(council: Council, **terms: bool) -> None:
    """The same rule set, but for these terms."""
    RuleSet.objects.filter(pk=council.rule_set.pk).update(terms={**council.rule_set.terms, **terms})


def test_a_ballot_is_acknowledged_with_the_time_it_was_received(council: Council) -> None:
    poll = opened(council)
    op = str(uuid4())

    ack = send(council.member, poll, "for", op=op)

    ballot = Ballot.objects.get()
    assert (ballot.elector.person, ballot.choice, ballot.how) == (council.member, "for", "tablet")
    assert ack == {
        "t": "ack",
        "op": op,
        "poll": str(poll.pk),
        "choice": "for",
        "received_at": ballot.cast_at.isoformat(),
        "time": actions.clock(ballot.cast_at),
        "how": "tablet",
    }


def test_the_log_of_acts_holds_a_sealed_ballot_not_a_choice(council: Council) -> None:
    poll = opened(council)

    send(council.member, poll, "against")

    kept = Act.objects.get(act="ballot_cast")
    ballot = Ballot.objects.get()
    assert (kept.by, kept.about, kept.facts["elector"]) == (council.member, f"poll:{poll.pk}", council.member.pk)
    assert "against" not in str(kept.facts)
    told = f"{ballot.salt}|{poll.pk}|{ballot.elector_id}|against"
    assert kept.facts["hash"] == hashlib.sha256(told.encode()).hexdigest()
    assert list(breaks()) == []


def test_a_repeat_of_the_operation_gets_the_same_answer_also_after_closing(council: Council) -> None:
    poll = opened(council)
    op = str(uuid4())
    first = send(council.member, poll, "for", op=op)

    while_open = send(council.member, poll, "for", op=op)
    actions.close_poll(poll, by=council.secretary)
    after_closing = send(council.member, poll, "for", op=op)

    assert first == while_open == after_closing
    assert (Ballot.objects.count(), Act.objects.filter(act="ballot_cast").count()) == (1, 1)


def test_the_same_choice_from_a_second_tablet_is_answered_with_what_is_there(council: Council) -> None:
    poll = opened(council)
    first = send(council.member, poll, "for")

    second = send(council.member, poll, "for")

    assert (second["t"], second["received_at"]) == ("ack", first["received_at"])
    assert Ballot.objects.count() == 1


def test_another_choice_is_refused_kindly_where_a_ballot_may_not_be_changed(council: Council) -> None:
    poll = opened(council)
    first = send(council.member, poll, "for")

    second = send(council.member, poll, "against")

    assert (second["t"], second["code"]) == ("nack", "already_voted")
    assert first["time"] in second["text"]
    assert second["now"]["choice"] == "for"
    assert Ballot.objects.get().choice == "for"


def test_where_the_rule_set_allows_it_a_new_operation_changes_the_one_ballot(council: Council) -> None:
    allow(council, ballot_may_change=True)
    poll = opened(council)
    send(council.member, poll, "for")

    ack = send(council.member, poll, "against")

    ballot = Ballot.objects.get()
    assert (ack["t"], ballot.choice, ballot.changed_at is not None) == ("ack", "against", True)
    assert list(Act.objects.filter(act__startswith="ballot_").order_by("number").values_list("act", flat=True)) == [
        "ballot_cast",
        "ballot_changed",
    ]


def test_a_tap_made_before_a_vote_given_aloud_does_not_change_it(council: Council) -> None:
    """The tablet had no line; the member spoke, and only then the old tap arrived."""
    allow(council, ballot_may_change=True)
    poll = opened(council)
    aloud = actions.record_aloud(poll, person=council.member, choice="against", by=council.secretary)
    opened_at = poll.opened_at.isoformat()

    late_tap = send(council.member, poll, "for", opened_at=opened_at, ballot_of="")

    assert late_tap["code"] == "another_since"
    assert (late_tap["now"]["choice"], late_tap["now"]["how"]) == ("against", "aloud")
    assert Ballot.objects.get().choice == "against"
    ack = send(council.member, poll, "for", opened_at=opened_at, ballot_of=aloud.received_at.isoformat())
    assert (ack["t"], Ballot.objects.get().choice) == ("ack", "for")


def test_an_older_tap_on_another_tablet_does_not_change_a_newer_ballot(council: Council) -> None:
    allow(council, ballot_may_change=True)
    poll = opened(council)
    opened_at = poll.opened_at.isoformat()
    first = send(council.member, poll, "for", opened_at=opened_at, ballot_of="")
    second = send(council.member, poll, "not_voting", opened_at=opened_at, ballot_of=first["received_at"])

    old_tap = send(council.member, poll, "against", opened_at=opened_at, ballot_of=first["received_at"])

    assert (second["t"], old_tap["code"], old_tap["now"]["choice"]) == ("ack", "another_since", "not_voting")
    assert Ballot.objects.get().choice == "not_voting"


def test_a_ballot_filled_in_for_one_opening_does_not_count_in_the_next(council: Council) -> None:
    poll = opened(council)
    before = poll.opened_at.isoformat()
    actions.undo_opening(poll, by=council.chair)
    actions.change_poll(poll, by=council.secretary, question="Không thông qua dự toán", rule_set=council.rule_set)
    actions.open_poll(poll, by=council.chair)
    poll.refresh_from_db()

    assert send(council.member, poll, "for", opened_at=before, ballot_of="")["code"] == "taken_back"
    assert not Ballot.objects.exists()
    assert send(council.member, poll, "for", opened_at=poll.opened_at.isoformat(), ballot_of="")["t"] == "ack"


def test_after_closing_a_new_ballot_is_refused_and_says_what_stands(council: Council) -> None:
    poll = opened(council)
    first = send(council.member, poll, "for")
    actions.close_poll(poll, by=council.secretary)

    with_a_ballot = send(council.member, poll, "against")
    without_one = send(council.second_member, poll, "for")

    assert (with_a_ballot["code"], with_a_ballot["now"]["choice"]) == ("closed", "for")
    assert first["time"] in with_a_ballot["text"]
    assert (without_one["code"], "now" in without_one) == ("closed", False)
    assert "không được ghi nhận" in without_one["text"]
    poll.refresh_from_db()
    assert (Ballot.objects.count(), poll.result["counts"]["cast"]) == (1, 1)


def test_the_database_lets_in_one_ballot_per_elector(council: Council) -> None:
    poll = opened(council)
    send(council.member, poll, "for")
    first = Ballot.objects.get()

    with pytest.raises(IntegrityError, match=r"one_ballot_per_elector|UNIQUE"), transaction.atomic():
        Ballot.objects.create(
            poll=poll, elector=first.elector, choice="against", cast_at=first.cast_at, salt="0" * 32, op=uuid4()
        )


@pytest.mark.parametrize("poll_key", ["", "x", "00000000-0000-0000-0000-000000000000"])
def test_nonsense_is_refused(council: Council, poll_key: str) -> None:
    poll = opened(council)

    assert send(council.member, poll, "maybe")["code"] == "invalid"
    assert send(council.member, poll_key, "for")["code"] in {"invalid", "not_on_the_roll"}  # type: ignore[arg-type]
    assert not Ballot.objects.exists()


def test_who_is_on_the_roll_but_not_checked_in_is_told_to_check_in(council: Council) -> None:
    poll = opened(council, with_members=3)

    nack = send(council.third_member, poll, "for")

    assert nack["code"] == "not_checked_in"
    assert not Ballot.objects.exists()


def test_a_latecomer_votes_as_soon_as_checked_in(council: Council) -> None:
    poll = opened(council, with_members=3)

    meeting_actions.check_in(council.participant(council.third_member), by=council.third_member)

    assert send(council.third_member, poll, "for")["t"] == "ack"
    elector = Elector.objects.get(poll=poll, person=council.third_member)
    assert (elector.present_at_opening, elector.admitted_at is not None) == (False, True)
    touched = [entry.body["panels"] for entry in Entry.objects.filter(stream__name=f"room:{council.meeting.pk}:floor")]
    assert "poll" in touched[-2]  # the check-in made the ballot appear, the ballot only moved the count
    assert touched[-1] == ["poll_count"]


def test_a_latecomer_does_not_vote_where_the_rule_set_says_so(council: Council) -> None:
    allow(council, latecomers_may_vote=False)
    poll = opened(council, with_members=3)

    meeting_actions.check_in(council.participant(council.third_member), by=council.third_member)

    assert send(council.third_member, poll, "for")["code"] == "not_checked_in"


def test_who_was_there_at_the_opening_and_left_for_a_moment_keeps_the_vote(council: Council) -> None:
    poll = opened(council)
    participant = council.participant(council.member)
    meeting_actions.check_out(participant, by=council.member)
    meeting_actions.check_in(participant, by=council.member)

    assert send(council.member, poll, "for")["t"] == "ack"
    assert Elector.objects.get(poll=poll, person=council.member).admitted_at is None


def stand_in_for_third_member(council: Council) -> None:
    place = council.participant(council.stand_in)
    Participant.objects.filter(pk=place.pk).update(stands_for=council.participant(council.third_member), has_vote=True)
    meeting_actions.check_in(council.participant(council.stand_in), by=council.stand_in)


def test_a_stand_in_cannot_vote_unless_the_rule_set_says_so(council: Council) -> None:
    stand_in_for_third_member(council)
    poll = opened(council, with_members=3)

    assert send(council.stand_in, poll, "for")["code"] == "not_on_the_roll"
    assert not poll.electors.filter(person=council.stand_in).exists()


def test_a_stand_in_votes_in_the_absent_members_place_where_the_rule_set_says_so(council: Council) -> None:
    allow(council, stand_ins_may_vote=True)
    stand_in_for_third_member(council)
    poll = opened(council, with_members=3)

    assert send(council.stand_in, poll, "for")["t"] == "ack"
    assert poll.electors.count() == 4
    assert poll.electors.get(person=council.stand_in).stands_for == council.third_member


def test_a_stand_in_votes_for_the_head_but_does_not_decide_a_tie_as_the_head(council: Council) -> None:
    allow(council, stand_ins_may_vote=True)
    council.meeting.participants.update(is_head=False)
    council.meeting.participants.filter(person=council.third_member).update(is_head=True)
    stand_in_for_third_member(council)
    poll = opened(council, with_members=3)
    for person, choice in ((council.stand_in, "for"), (council.chair, "for"), (council.member, "against")):
        assert send(person, poll, choice)["t"] == "ack"
    send(council.second_member, poll, "against")
    actions.close_poll(poll, by=council.chair)
    poll.refresh_from_db()
    assert not poll.electors.filter(is_head=True).exists()
    assert (poll.outcome, poll.result["tie"]["no_side"]) == ("not_passed", "no_head")


def test_a_stand_in_steps_back_for_the_member_who_came(council: Council) -> None:
    allow(council, stand_ins_may_vote=True)
    stand_in_for_third_member(council)
    poll = opened(council, with_members=4)

    assert send(council.stand_in, poll, "for")["code"] == "not_on_the_roll"
    assert send(council.third_member, poll, "for")["t"] == "ack"


def test_a_vote_given_aloud_is_marked_with_who_wrote_it_down(council: Council) -> None:
    poll = opened(council)

    answer = act(client_of(council.secretary), poll, "aloud", person=str(council.member.pk), choice="against")

    ballot = Ballot.objects.get()
    assert answer.status_code == 204
    assert (ballot.choice, ballot.how, ballot.recorded_by) == ("against", "aloud", council.secretary)
    kept = Act.objects.get(act="ballot_cast")
    assert (kept.by, kept.facts["elector"], kept.facts["how"]) == (council.secretary, council.member.pk, "aloud")


def test_a_vote_given_aloud_does_not_replace_a_ballot(council: Council) -> None:
    poll = opened(council)
    send(council.member, poll, "for")

    answer = act(client_of(council.secretary), poll, "aloud", person=str(council.member.pk), choice="against")

    assert answer.status_code == 422
    assert council.member.full_name in answer.content.decode()
    assert Ballot.objects.get().choice == "for"


def test_who_has_voted_is_not_offered_for_a_vote_given_aloud(council: Council) -> None:
    poll = opened(council)
    send(council.member, poll, "for")
    heard = panels_heard(council.meeting, "desk")
    voted = (
        rf'<option value="{council.member.pk}"[^>]* disabled>{council.member.full_name}: đã biểu quyết lúc \d\d:\d\d<'
    )
    assert re.search(voted, heard["poll"])
    assert re.search(rf'<option value="{council.chair.pk}" data-name="[^"]*">{council.chair.full_name}<', heard["poll"])
    count = heard["poll_count"]
    assert re.findall(r'data-person="(\d+)" data-voted-at="\d\d:\d\d"', count) == [str(council.member.pk)]


def test_a_tablet_that_comes_back_learns_of_the_vote_given_aloud(council: Council) -> None:
    poll = opened(council)
    actions.record_aloud(poll, person=council.member, choice="against", by=council.secretary)

    panel = PersonalStream().render(f"person:{council.member.pk}", f"votes:{council.meeting.pk}", "vi")

    assert str(poll.pk) in panel
    assert '"how": "aloud"' in panel
    assert send(council.member, poll, "for")["code"] == "already_voted"


def test_a_vote_aloud_of_someone_not_there_is_refused(council: Council) -> None:
    poll = opened(council, with_members=3)
    client = client_of(council.secretary)

    absent = act(client, poll, "aloud", person=str(council.third_member.pk), choice="for")
    stranger = act(client, poll, "aloud", person=str(council.invitee.pk), choice="for")
    nonsense = act(client, poll, "aloud", person=str(council.member.pk), choice="maybe")

    assert (absent.status_code, stranger.status_code, nonsense.status_code) == (422, 422, 422)
    assert "điểm danh" in absent.content.decode()
    assert not Ballot.objects.exists()


def test_ones_own_ballot_is_shown_without_asking_the_other_apps(
    council: Council, django_assert_num_queries: Any
) -> None:
    poll = opened(council)
    send(council.member, poll, "for")
    stream, panel = f"person:{council.member.pk}", f"votes:{poll.meeting_id}"
    with django_assert_num_queries(1):
        names, panels = rendered_panels(PersonalStream(), stream, "vi", [panel], all_but=None)
    assert names is None
    assert str(poll.pk) in (panels[panel] or "")
    foreign = f"person:{council.outsider.pk}"
    assert rendered_panels(PersonalStream(), foreign, "vi", [panel, "nothing"], all_but=None)[1] == {
        panel: "",
        "nothing": "",
    }
