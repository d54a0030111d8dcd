"""Elections, ratings of a list, votes that close by themselves, corrections, the order of drafts."""

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.acts import breaks
from accounts.models import Act
from meetings import actions as meeting_actions
from meetings.models import Participant, RuleSet
from realtime.refusals import Refusal
from tests.council import Council, client_of
from tests.voting.polls import act, all_that_is_heard, announced, drafted, opened, panels_heard, send
from voting import actions
from voting.models import Ballot, Poll
from voting.results import table_of
from voting.terms import own_choices, subjects_of
from voting.words import spoken

pytestmark = pytest.mark.django_db

CANDIDATES = ["Trần Thị Sáu, Sở Tài chính", "Lê Văn Bảy, Sở Nội vụ", "Hồ Thị Tám, Văn phòng"]
RATED = [f"Người thứ {number}, Giám đốc Sở" for number in range(1, 13)]


def election(council: Council, **more: object) -> Poll:
    return opened(council, kind="election", options=own_choices(CANDIDATES), seats=2, **more)


def rating(council: Council) -> Poll:
    levels = RuleSet.objects.get(code="confidence-rating")
    return opened(council, kind="rating", subjects=subjects_of(RATED), rule_set=levels)


def levels(*, low: frozenset[int] | set[int] = frozenset()) -> str:
    return ";".join(f"p-{n}={'low' if n in low else 'high'}" for n in range(1, 13))


def end(council: Council, poll: Poll) -> Poll:
    actions.close_poll(poll, by=council.secretary)
    actions.announce_result(poll, by=council.secretary)
    poll.refresh_from_db()
    return poll


# -- Elections ---------------------------------------------------------------------------------------------------------


def test_an_election_is_drafted_voted_announced_and_shown_with_names(council: Council) -> None:
    poll = election(council)
    for name, choice in {"chair": "own-2+own-1", "member": "own-1", "second_member": "own-1+own-3"}.items():
        assert send(getattr(council, name), poll, choice)["t"] == "ack"
    assert Ballot.objects.get(elector__person=council.chair).choice == "own-1+own-2"

    poll = end(council, poll)

    assert (poll.result["elected"], poll.outcome) == (["own-1"], "seats_left")
    told = client_of(council.member).get(reverse("voting:poll", args=[poll.pk])).content.decode()
    for words in (*CANDIDATES, "trúng cử", "Chưa bầu đủ", council.chair.full_name, "Cần 3 phiếu"):
        assert words in told
    assert list(breaks()) == []


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        ("", "ít nhất một người"),
        ("own-1+own-2+own-3", "tối đa 2 người"),
        ("own-1+own-9", "không có trên phiếu"),
        ("for", "không có trên phiếu"),
    ],
)
def test_a_ballot_that_cannot_stand_in_an_election_is_refused_in_words(
    council: Council, choice: str, words: str
) -> None:
    poll = election(council)

    answer = send(council.member, poll, choice)

    assert (answer["code"], Ballot.objects.count()) == ("invalid", 0)
    assert words in answer["text"]


@pytest.mark.parametrize(
    "terms",
    [
        {"kind": "election", "seats": 2},
        {"kind": "election", "seats": 2, "options": own_choices(CANDIDATES[:1])},
        {"kind": "election", "options": own_choices(CANDIDATES)},
        {"kind": "rating", "subjects": subjects_of(RATED)},  # the council's own rules know no levels
    ],
)
def test_a_draft_that_cannot_be_voted_on_is_refused_and_nothing_is_kept(council: Council, terms: dict) -> None:
    with pytest.raises(Refusal) as refused:
        drafted(council, **terms)
    assert (refused.value.code, Poll.objects.count()) == ("unfit", 0)


def test_candidates_are_elected_where_more_for_than_against_decides(council: Council) -> None:
    poll = election(council, rule_set=RuleSet.objects.get(code="simple-meeting"))
    for person, choice in zip(council.voters, ["own-1+own-2", "own-1+own-2", "own-1+own-2", "own-1"], strict=True):
        assert send(person, poll, choice)["t"] == "ack"

    poll = end(council, poll)

    assert (poll.result["elected"], poll.outcome) == (["own-1", "own-2"], "elected")


def test_those_with_as_many_votes_for_the_last_seat_are_named_aloud(council: Council) -> None:
    poll = election(council)
    for person, choice in zip(
        council.voters, ["own-1+own-2", "own-2+own-3", "own-1+own-3", "own-1+own-2"], strict=True
    ):
        assert send(person, poll, choice)["t"] == "ack"
    poll = end(council, poll)
    assert poll.outcome == "elected"  # 3, 3, 2: no tie, nobody is named
    assert "Bằng phiếu" not in spoken(poll, table_of(poll))

    poll.result["elected"], poll.result["undecided"], poll.outcome = ["own-1"], ["own-2", "own-3"], "border_tie"
    words = spoken(poll, table_of(poll))

    assert f"Bằng phiếu: {CANDIDATES[1]}, {CANDIDATES[2]}." in words


def test_after_as_many_votes_for_the_last_seat_it_is_voted_again_on_those_alone(council: Council) -> None:
    poll = election(council)
    send(council.member, poll, "own-1")
    poll = end(council, poll)
    poll.result["elected"], poll.result["undecided"], poll.outcome = ["own-1"], ["own-2", "own-3"], "border_tie"
    poll.save()

    again = actions.repeat_poll(poll, by=council.secretary)

    assert [choice["label"] for choice in again.options] == CANDIDATES[1:3]
    assert (again.seats, again.repeats, again.kind) == (1, poll, "election")
    assert "chưa phân định: bằng phiếu" in panels_heard(council.meeting, "wall")["poll"]


def test_a_question_is_not_decided_by_levels_of_confidence(council: Council) -> None:
    with pytest.raises(Refusal) as refused:
        drafted(council, rule_set=RuleSet.objects.get(code="confidence-rating"))
    assert (refused.value.code, Poll.objects.count()) == ("unfit", 0)


def test_a_cancelled_vote_says_that_nothing_of_it_stands(council: Council) -> None:
    poll = opened(council, rule_set=RuleSet.objects.get(code="simple-meeting"))
    assert send(council.member, poll, "for")["t"] == "ack"
    actions.cancel_poll(poll, by=council.secretary, reason="Nhầm")
    answer = send(council.member, poll, "against")
    assert "đã hủy" in answer["text"]
    assert "now" not in answer


def test_a_name_that_is_too_long_for_a_ballot_is_refused_and_not_cut(council: Council) -> None:
    council.start()
    council.take_up()
    typed = {"item": council.item.pk, "question": "Bầu", "kind": "election", "seats": 1}
    typed |= {"candidates": f"An\n{'B' * 121}", "rule_set": council.rule_set.pk}

    answer = client_of(council.secretary).post(
        reverse("voting:polls", args=[council.meeting.pk]), typed, headers={"HX-Request": "true"}
    )

    assert (answer.status_code, Poll.objects.count()) == (422, 0)
    assert "Dòng 2 có 121 ký tự" in answer.content.decode()


def test_the_item_of_a_vote_under_way_is_closed_to_nobody(council: Council) -> None:
    poll = opened(council)
    with pytest.raises(Refusal) as refused:
        meeting_actions.change_item(council.item, by=council.secretary, is_closed=True, admitted=[council.chair])
    assert refused.value.code == "poll_open"
    assert send(council.member, poll, "for")["t"] == "ack"
    meeting_actions.change_item(council.item, by=council.secretary, admitted=[council.invitee])  # lets nobody fewer in
    end(council, poll)
    meeting_actions.change_item(council.item, by=council.secretary, is_closed=True, admitted=[council.chair])


# -- Ratings -----------------------------------------------------------------------------------------------------------


def test_a_list_of_twelve_is_rated_on_one_ballot(council: Council) -> None:
    poll = rating(council)
    for name, low in {"chair": {1, 2}, "member": {1, 2}, "second_member": {1}, "third_member": {1, 3}}.items():
        assert send(getattr(council, name), poll, levels(low=low))["t"] == "ack"

    poll = end(council, poll)

    found = {key: one["outcome"] for key, one in poll.result["subjects"].items()}
    # Of four ballots: 4 low are two thirds and more; 2 are not more than half; 1 is not.
    assert (found["p-1"], found["p-2"], found["p-3"]) == ("removal_procedure", "keeps_office", "keeps_office")
    told = client_of(council.member).get(reverse("voting:poll", args=[poll.pk])).content.decode()
    assert all(name in told for name in RATED)
    assert "Người thứ 1, Giám đốc Sở: " in told


def test_nobody_is_left_out_of_a_rating(council: Council) -> None:
    poll = rating(council)
    answer = send(council.member, poll, levels().removesuffix(";p-12=high"))
    assert (answer["code"], Ballot.objects.count()) == ("invalid", 0)


@pytest.mark.parametrize(("make", "choices"), [(election, ("own-1", "own-3")), (rating, (levels(), levels(low={7})))])
def test_the_room_looks_the_same_whatever_is_on_a_ballot(council: Council, make: Any, choices: tuple[str, str]) -> None:
    poll = make(council)
    heard = []
    for choice in choices:
        assert send(council.member, poll, choice)["t"] == "ack"
        told = all_that_is_heard(council, but=(council.member,))
        heard.append({name: html for name, html in told.items() if name.endswith(("/poll", "/poll_count"))})
        Ballot.objects.all().delete()
    assert heard[0] == heard[1]


# -- By the clock ------------------------------------------------------------------------------------------------------


def over(poll: Poll) -> None:
    began = timezone.now() - timedelta(minutes=10)
    Poll.objects.filter(pk=poll.pk).update(opened_at=began, ends_at=began + timedelta(seconds=poll.open_seconds))


def test_a_vote_closes_by_itself_and_no_ballot_comes_after_its_time(council: Council) -> None:
    poll = opened(council, open_seconds=120)
    assert poll.ends_at == poll.opened_at + timedelta(seconds=120)
    assert send(council.member, poll, "for")["t"] == "ack"
    actions.close_those_out_of_time()
    poll.refresh_from_db()
    assert poll.is_open

    over(poll)
    assert send(council.chair, poll, "for")["code"] == "closed"
    actions.close_those_out_of_time()
    actions.close_those_out_of_time()

    poll.refresh_from_db()
    assert (poll.state, poll.closed_by, poll.result["counts"]["for_"]) == ("closed", None, 1)
    assert Act.objects.filter(act="poll_closed", by=None).count() == 1
    assert "tự kết thúc" in panels_heard(council.meeting, "desk")["poll"]


def test_a_vote_given_aloud_after_the_time_is_not_recorded(council: Council) -> None:
    poll = opened(council, open_seconds=60)
    over(poll)
    with pytest.raises(Refusal) as refused:
        actions.record_aloud(poll, person=council.member, choice="for", by=council.secretary)
    assert (refused.value.code, Ballot.objects.count()) == ("not_open", 0)


def test_taking_an_opening_back_takes_the_end_back(council: Council) -> None:
    poll = opened(council, open_seconds=60)
    actions.undo_opening(poll, by=council.secretary)
    poll.refresh_from_db()
    assert (poll.ends_at, poll.open_seconds) == (None, 60)


# -- Corrections -------------------------------------------------------------------------------------------------------


def test_a_correction_stands_beside_the_result_which_stays(council: Council) -> None:
    poll = announced(council, {"chair": "for", "member": "for", "second_member": "for"})
    kept = dict(poll.result)

    assert (
        act(client_of(council.secretary), poll, "correction", words="Ghi nhầm tên người vắng mặt.").status_code == 204
    )
    assert act(client_of(council.secretary), poll, "correction", words="  ").status_code == 422
    assert act(client_of(council.member), poll, "correction", words="Tôi không đồng ý.").status_code == 403

    poll.refresh_from_db()
    assert poll.result == kept
    for audience in ("desk", "floor", "wall"):
        assert "Ghi nhầm tên người vắng mặt." in panels_heard(council.meeting, audience)["poll"]
    assert Act.objects.filter(act="result_corrected").count() == 1


def test_a_correction_is_written_on_the_page_of_the_vote_long_after_the_item(council: Council) -> None:
    poll = announced(council, {"chair": "for", "member": "for", "second_member": "for"})
    meeting_actions.take_up_item(council.second_item, by=council.chair)
    page, secretary = reverse("voting:poll", args=[poll.pk]), client_of(council.secretary)
    assert f'name="next" value="{page}"' in secretary.get(page).content.decode()
    assert "correct-" not in client_of(council.member).get(page).content.decode()

    without_a_script = secretary.post(
        reverse("voting:correction", args=[poll.pk]), {"words": "Ghi nhầm tên.", "next": page}
    )
    by_htmx = act(secretary, poll, "correction", words="Bổ sung.", next=page)
    elsewhere = act(secretary, poll, "correction", words="Nữa.", next="https://example.org/")

    assert (without_a_script.status_code, without_a_script["Location"]) == (302, page)
    assert (by_htmx.status_code, by_htmx["HX-Redirect"]) == (204, page)
    assert (elsewhere.status_code, "HX-Redirect" in elsewhere) == (204, False)
    assert "Ghi nhầm tên." in secretary.get(page).content.decode()


@pytest.mark.parametrize(("noun", "field", "most"), [("correction", "words", 1000), ("cancellation", "reason", 240)])
def test_what_is_too_long_for_the_record_is_refused_and_not_cut(
    council: Council, noun: str, field: str, most: int
) -> None:
    choices = {"chair": "for", "member": "for", "second_member": "for"}
    poll = announced(council, choices) if noun == "correction" else opened(council)
    secretary = client_of(council.secretary)

    refused = act(secretary, poll, noun, **{field: "a" * (most + 1)})

    assert refused.status_code == 422
    assert f"{most + 1} ký tự" in refused.content.decode()
    assert act(secretary, poll, noun, **{field: "a" * most}).status_code == 204


def test_only_an_announced_result_is_corrected(council: Council) -> None:
    with pytest.raises(Refusal) as refused:
        actions.correct_result(opened(council), by=council.secretary, words="Sai.")
    assert refused.value.code == "not_announced"


# -- Drafts ------------------------------------------------------------------------------------------------------------


def order(council: Council) -> list[str]:
    return list(Poll.objects.filter(item=council.item).order_by("position", "pk").values_list("question", flat=True))


def test_drafts_are_opened_in_the_order_the_secretary_gives_them(council: Council) -> None:
    polls = [actions.draft_poll(council.item, by=council.secretary, question=word) for word in ("một", "hai", "ba")]
    assert order(council) == ["một", "hai", "ba"]
    secretary = client_of(council.secretary)

    act(secretary, polls[2], "moving", to="earlier")
    assert order(council) == ["một", "ba", "hai"]
    act(secretary, polls[0], "moving", to="later")
    assert order(council) == ["ba", "một", "hai"]
    act(secretary, polls[2], "moving", to="earlier")
    assert order(council) == ["ba", "một", "hai"]  # it is the first already

    assert act(client_of(council.member), polls[0], "moving", to="later").status_code == 404
    council.start()
    council.take_up()
    assert str(polls[2].pk) in panels_heard(council.meeting, "desk")["bar"]


def test_before_the_meeting_a_draft_is_moved_where_there_is_another_on_its_item(council: Council) -> None:
    secretary, page = client_of(council.secretary), reverse("meetings:meeting", args=[council.meeting.pk])
    alone = actions.draft_poll(council.second_item, by=council.secretary, question="một mình")
    polls = [actions.draft_poll(council.item, by=council.secretary, question=word) for word in ("một", "hai")]
    html = secretary.get(page).content.decode()
    moved = [poll for poll in [alone, *polls] if reverse("voting:moving", args=[poll.pk]) in html]
    assert moved == polls
    assert (
        secretary.post(
            reverse("voting:moving", args=[polls[1].pk]),
            {"to": "earlier", "next": page},
            headers={"HX-Request": "true"},
        )["HX-Redirect"]
        == page
    )


def test_drafts_of_before_there_was_an_order_can_be_moved(council: Council) -> None:
    polls = [actions.draft_poll(council.item, by=council.secretary, question=word) for word in ("một", "hai")]
    Poll.objects.update(position=0)
    last = Poll.objects.filter(item=council.item).order_by("position", "pk").last()
    actions.move_draft(last, by=council.secretary, earlier=True)
    assert order(council)[0] == last.question
    assert len({poll.position for poll in Poll.objects.all()}) == len(polls)


@pytest.mark.parametrize(
    "made",
    [
        {"open_seconds": 300},
        {"options": own_choices(["Phương án 1", "Phương án 2"])},
        {"kind": "election", "options": own_choices(["Nguyễn Thị Hoa", "Trần Văn Lâm"]), "seats": 1},
    ],
)
def test_a_draft_is_changed_on_its_page_and_keeps_what_is_not_touched(council: Council, made: dict) -> None:
    poll = drafted(council, **made)
    page, secretary = reverse("voting:poll", args=[poll.pk]), client_of(council.secretary)
    fields = fields_in(secretary.get(page).content.decode())
    before = Poll.objects.filter(pk=poll.pk).values().get()

    assert secretary.post(page, {**fields, "question": "Câu hỏi đã sửa"}).status_code == 302

    after = Poll.objects.filter(pk=poll.pk).values().get()
    assert after == before | {"question": "Câu hỏi đã sửa"}
    refused = secretary.post(page, {**fields, "question": "a" * 401}, headers={"HX-Request": "true"})
    assert refused.status_code == 422
    assert "401 ký tự" in refused.content.decode()
    assert act(secretary, poll, "poll", **{**fields, "rule_set": "99999"}).status_code == 422


def test_once_it_was_opened_a_vote_is_not_changed_and_its_page_offers_nothing(council: Council) -> None:
    poll = opened(council)
    page, secretary = reverse("voting:poll", args=[poll.pk]), client_of(council.secretary)
    assert "poll-draft" not in secretary.get(page).content.decode()
    typed = {"question": "Câu hỏi khác", "kind": "question"}
    assert act(secretary, poll, "poll", **typed).status_code == 422
    assert Poll.objects.get(pk=poll.pk).question == poll.question


def fields_in(html: str) -> dict[str, str]:
    """What a browser would send of the form for changing a draft."""
    form = re.search(r'<form class="form poll-draft".*?</form>', html, re.DOTALL)
    assert form
    text = form.group(0)
    areas = re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', text, re.DOTALL)
    inputs = re.findall(r'<input[^>]*name="(seats|minutes)"[^>]*value="([^"]+)"', text)
    radios = re.findall(r'<input type="radio" name="(kind)" value="([^"]+)" checked>', text)
    chosen = re.findall(r'<option value="([^"]+)" selected>', text)
    return {**dict(areas), **dict(inputs), **dict(radios), "rule_set": chosen[0]}


def test_who_is_ready_is_seen_before_the_opening(council: Council) -> None:
    council.start(with_members=3)
    council.take_up()
    drafted(council)
    ready = panels_heard(council.meeting, "desk")["poll_ready"]
    assert "3 trên 4" in ready
    assert council.third_member.full_name in ready
    assert "poll_ready" not in panels_heard(council.meeting, "floor")


# -- What leaves the house ---------------------------------------------------------------------------------------------


def test_the_announced_result_is_a_workbook_for_whoever_sees_it(council: Council) -> None:
    poll = election(council)
    send(council.member, poll, "own-1+own-2")
    address = reverse("voting:table", args=[poll.pk])
    assert client_of(council.secretary).get(address).status_code == 404
    end(council, poll)

    answer = client_of(council.member).get(address)
    cells = [cell for row in load_workbook(io.BytesIO(answer.content)).active.values for cell in row]
    for word in (poll.question, *CANDIDATES, council.member.full_name):
        assert word in cells
    assert client_of(council.outsider).get(address).status_code == 404


def test_the_workbook_says_for_whom_somebody_stood_in_and_who_wrote_a_vote_down(council: Council) -> None:
    RuleSet.objects.filter(pk=council.rule_set.pk).update(terms={**council.rule_set.terms, "stand_ins_may_vote": True})
    place = council.participant(council.stand_in)
    Participant.objects.filter(pk=place.pk).update(stands_for=council.participant(council.third_member), has_vote=True)
    meeting_actions.check_in(place, by=council.stand_in)
    poll = opened(council, with_members=3)
    actions.record_aloud(poll, person=council.stand_in, choice="for", by=council.secretary)
    end(council, poll)

    answer = client_of(council.member).get(reverse("voting:table", args=[poll.pk]))

    rows = list(load_workbook(io.BytesIO(answer.content)).active.values)
    (row,) = [row for row in rows if row[0] == council.stand_in.full_name]
    assert (row[2], row[3], row[5]) == (council.third_member.full_name, "Tán thành", council.secretary.full_name)
