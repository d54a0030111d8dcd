"""A vote that is counted again; and whatever was tampered with is found, without saying who chose what."""

import json
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from meetings.models import RuleSet
from tests.council import Council, client_of
from tests.voting.polls import announced, closed, drafted, opened
from voting import actions
from voting.models import Ballot, Elector, Poll
from voting.proof import doubts
from voting.terms import own_choices, subjects_of
from voting.views import CHECKER

pytestmark = pytest.mark.django_db

CHOICES = {"chair": "for", "member": "for", "second_member": "for", "third_member": "against"}


def sentences(poll: Poll) -> str:
    return " ".join(doubts(Poll.objects.get(pk=poll.pk)))


def test_votes_of_every_kind_hold(council: Council) -> None:
    levels = RuleSet.objects.get(code="confidence-rating")
    announced(council, CHOICES)
    for terms, choice in (
        ({"kind": "election", "options": own_choices(["An", "Bình"]), "seats": 1}, "own-2"),
        ({"kind": "rating", "subjects": subjects_of(["An"]), "rule_set": levels}, "p-1=low"),
    ):
        poll = drafted(council, **terms)
        actions.open_poll(poll, by=council.secretary)
        for person in council.voters:
            actions.cast_ballot(poll.pk, by=person, choice=choice)
        actions.close_poll(poll, by=council.secretary)
        actions.announce_result(poll, by=council.secretary)

    out = StringIO()
    call_command("recount", "all", stdout=out)
    assert "3 vote(s) counted again" in out.getvalue()


def test_a_latecomer_a_changed_ballot_and_a_vote_given_aloud_hold(council: Council) -> None:
    from meetings import actions as meeting_actions

    simple = RuleSet.objects.get(code="simple-meeting")
    poll = opened(council, with_members=3, rule_set=simple)
    actions.cast_ballot(poll.pk, by=council.member, choice="for")
    actions.cast_ballot(poll.pk, by=council.member, choice="against")
    actions.record_aloud(poll, person=council.chair, choice="for", by=council.secretary)
    meeting_actions.check_in(council.participant(council.third_member), by=council.third_member)
    actions.cast_ballot(poll.pk, by=council.third_member, choice="not_voting")
    actions.close_poll(poll, by=council.secretary)
    assert sentences(poll) == ""


def tamper_a_choice(poll: Poll) -> None:
    Ballot.objects.filter(choice="against").update(choice="for")


def tamper_without_a_trace_in_the_count(poll: Poll) -> None:
    """Two change places: the numbers stay as they were."""
    one, other = Ballot.objects.filter(choice="for").first(), Ballot.objects.get(choice="against")
    Ballot.objects.filter(pk=one.pk).update(choice="against")
    Ballot.objects.filter(pk=other.pk).update(choice="for")


def remove_a_ballot(poll: Poll) -> None:
    Ballot.objects.filter(choice="against").delete()


def add_a_ballot(poll: Poll) -> None:
    ballot = Ballot.objects.filter(choice="for").first()
    elector = Elector.objects.create(poll=poll, person=poll.created_by, present_at_opening=True)
    Ballot.objects.create(poll=poll, elector=elector, choice="for", cast_at=ballot.cast_at, salt="0" * 32)


def change_the_result(poll: Poll) -> None:
    poll.result["counts"]["for_"] += 1
    Poll.objects.filter(pk=poll.pk).update(result=poll.result)


def change_the_outcome(poll: Poll) -> None:
    Poll.objects.filter(pk=poll.pk).update(outcome="not_passed")


def change_who_was_there(poll: Poll) -> None:
    Elector.objects.filter(poll=poll).update(present_at_opening=True)


def change_places_of_the_choices(poll: Poll) -> None:
    yes, no, *others = poll.options
    swapped = [yes | {"counts_as": no["counts_as"]}, no | {"counts_as": yes["counts_as"]}, *others]
    Poll.objects.filter(pk=poll.pk).update(options=swapped)


def change_the_question(poll: Poll) -> None:
    Poll.objects.filter(pk=poll.pk).update(question="Thông qua một việc khác")


def change_the_rules(poll: Poll) -> None:
    Poll.objects.filter(pk=poll.pk).update(rules={**poll.rules, "tie": "not_passed"})


@pytest.mark.parametrize(
    ("tamper", "words"),
    [
        (change_places_of_the_choices, "its choices or its candidates are not those of the opening"),
        (change_the_question, "The question, its choices"),
        (tamper_a_choice, "1 ballot(s) do not carry the seal"),
        (tamper_without_a_trace_in_the_count, "2 ballot(s) do not carry the seal"),
        (remove_a_ballot, "1 ballot(s) of which the log of acts tells are not there"),
        (add_a_ballot, "1 ballot(s) are there of which the log of acts does not tell"),
        (change_the_result, "give another result"),
        (change_the_outcome, "not the one that follows from the result"),
        (change_who_was_there, "Those present are not those of the opening"),
        (change_the_rules, "The rules are not those of the opening"),
    ],
)
def test_what_was_tampered_with_is_found_and_no_choice_is_told(
    council: Council, tamper: Callable[[Poll], None], words: str, capsys: Any
) -> None:
    poll = announced(council, CHOICES) if tamper is not change_who_was_there else three_of_four(council)
    assert sentences(poll) == ""
    tamper(poll)
    assert words in sentences(poll)

    told = StringIO()
    with pytest.raises(CommandError, match=r"1 of 1 vote\(s\) do not hold"):
        call_command("recount", str(poll.pk), stderr=told)
    assert not any(person.full_name in told.getvalue() for person in council.voters)


def three_of_four(council: Council) -> Poll:
    choices = {name: choice for name, choice in CHOICES.items() if name != "third_member"}
    return announced(council, choices, with_members=3)


@pytest.mark.parametrize("name", ["so-ba", "00000000-0000-4000-8000-000000000000"])
def test_a_vote_that_is_not_there_is_said(name: str) -> None:
    with pytest.raises(CommandError):
        call_command("recount", name)


def test_an_open_vote_cannot_be_counted_again(council: Council) -> None:
    with pytest.raises(CommandError, match="not closed yet"):
        call_command("recount", str(opened(council).pk))


def test_a_vote_opened_again_after_it_was_taken_back_holds(council: Council) -> None:
    poll = opened(council)
    actions.undo_opening(poll, by=council.secretary)
    actions.open_poll(poll, by=council.secretary)
    actions.cast_ballot(poll.pk, by=council.member, choice="for")
    actions.close_poll(poll, by=council.secretary)
    assert sentences(poll) == ""


# -- The file, and the program that shares nothing with the system -----------------------------------------------------


def check(vote: dict[str, Any], folder: Path) -> tuple[int, str]:
    place = folder / "vote.json"
    place.write_text(json.dumps(vote), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", str(CHECKER), str(place), "--en"], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout


def file_of_vote(council: Council, poll: Poll) -> dict[str, Any]:
    return client_of(council.secretary).get(reverse("voting:file", args=[poll.pk])).json()


def test_the_program_finds_votes_of_every_kind_to_hold(council: Council, tmp_path: Path) -> None:
    levels = RuleSet.objects.get(code="confidence-rating")
    polls = [announced(council, CHOICES)]
    for terms, choices in (
        (
            {"kind": "election", "options": own_choices(["An", "Bình", "Chi"]), "seats": 2},
            ["own-1+own-2"] * 3 + ["own-3"],
        ),
        ({"kind": "rating", "subjects": subjects_of(["An", "Bình"]), "rule_set": levels}, ["p-1=low;p-2=high"] * 4),
    ):
        poll = drafted(council, **terms)
        actions.open_poll(poll, by=council.secretary)
        for person, choice in zip(council.voters, choices, strict=True):
            actions.cast_ballot(poll.pk, by=person, choice=choice)
        actions.close_poll(poll, by=council.secretary)
        actions.announce_result(poll, by=council.secretary)
        polls.append(poll)
    for poll in polls:
        assert check(file_of_vote(council, poll), tmp_path) == (
            0,
            "It holds: 4 ballots, 4 on the roll, result and log agree.\n",
        )


def test_a_tie_decided_by_the_head_holds(council: Council, tmp_path: Path) -> None:
    poll = closed(council, {"chair": "for", "member": "for", "second_member": "against", "third_member": "against"})
    actions.announce_result(poll, by=council.secretary, tie_confirmed=True)
    assert check(file_of_vote(council, poll), tmp_path)[0] == 0


def change(*path: Any, to: Any) -> Callable[[dict[str, Any]], None]:
    def apply(vote: dict[str, Any]) -> None:
        place = vote
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = to

    return apply


@pytest.mark.parametrize(
    ("tamper", "words"),
    [
        (change("ballots", 0, "choice", to="against"), "another result"),
        (change("ballots", 0, "salt", to="0" * 32), "seal"),
        (lambda vote: vote["ballots"].pop(), "not those the log tells of"),
        (lambda vote: vote["ballots"].append(dict(vote["ballots"][0], elector=0)), "not those the log tells of"),
        (change("result", "counts", "for_", to=2), "another result"),
        (change("outcome", to="not_passed"), "does not follow"),
        (change("roll", 0, "present", to=False), "another result"),
        (lambda vote: vote["roll"].reverse(), "not the one of the opening"),
        (lambda vote: vote["chain"]["links"].pop(2), "broken at number 3"),
        (lambda vote: vote["chain"]["links"].pop(), "broken at number"),
        (lambda vote: vote["chain"]["links"][-1]["told"]["facts"].update(outcome="x"), "was changed"),
        (change("rules", "tie", to="none"), "rules are not those"),
        (change("question", to="Một việc khác"), "not those of the opening"),
        (change("options", 0, "label", to="Phản đối"), "not those of the opening"),
        (change("roll", 3, "present", to=False), "present are not those"),
        (change("outcome", to="counted"), "announcement"),
    ],
)
def test_the_program_finds_what_was_tampered_with(
    council: Council, tmp_path: Path, tamper: Callable[[dict[str, Any]], None], words: str
) -> None:
    vote = file_of_vote(council, announced(council, CHOICES))
    tamper(vote)
    code, told = check(vote, tmp_path)
    assert (code, words in told) == (1, True), told


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"ballots": 3}'])
def test_a_file_that_is_none_is_said(content: str, tmp_path: Path) -> None:
    place = tmp_path / "x.json"
    place.write_text(content)
    done = subprocess.run([sys.executable, "-I", str(CHECKER), str(place)], capture_output=True, text=True, check=False)
    assert (done.returncode, "Không đọc được tệp" in done.stdout, done.stderr) == (2, True, "")


def test_the_file_is_for_those_who_run_the_session_and_tells_nothing_of_other_acts(council: Council) -> None:
    poll = closed(council, CHOICES)
    address = reverse("voting:file", args=[poll.pk])
    assert client_of(council.secretary).get(address).status_code == 404
    actions.announce_result(poll, by=council.secretary)
    answer = client_of(council.chair).get(address)
    assert answer.status_code == 200
    assert {link["told"]["about"] for link in answer.json()["chain"]["links"] if "told" in link} == {poll.about}
    assert client_of(council.member).get(address).status_code == 403
    assert client_of(council.outsider).get(address).status_code == 404
    assert "import" in client_of(council.member).get(reverse("voting:checker")).content.decode()
