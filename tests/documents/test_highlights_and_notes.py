"""Highlighted passages and notes: the same streams, limits and owners as ink."""

import json
from typing import Any
from uuid import uuid4

import pytest

from accounts.models import Person
from documents.ink import InkStream
from documents.models import DocumentVersion, Mark
from meetings.models import Meeting
from tests.council import Council
from tests.documents import papers
from tests.documents.test_marks import make, private, send, shared, told

QUAD = [70, 712, 200, 712, 70, 698, 200, 698]
ANCHOR = {"quote": "Dự toán ngân sách", "prefix": "", "suffix": " năm 2027"}
YELLOW = {"color": "#f6c945"}

pytestmark = pytest.mark.usefixtures("remembered_children")


@pytest.fixture
def version(council: Council) -> DocumentVersion:
    return papers.add_readable_paper(council, "một", "hai")


def highlight(version: DocumentVersion, **changes: Any) -> dict[str, Any]:
    passage = {"kind": "highlight", "geometry": {"quads": [QUAD]}, "anchor": ANCHOR, "style": YELLOW}
    return make(version, **{**passage, **changes})


def note(version: DocumentVersion, **changes: Any) -> dict[str, Any]:
    words = {"kind": "note", "geometry": {"point": [300, 500]}, "body": "Hỏi Sở Tài chính", "style": YELLOW}
    return make(version, **{**words, **changes})


def rewrite(made: dict[str, Any], body: object, revision: object = 1, **changes: Any) -> dict[str, Any]:
    names = {"id": made["id"], "meeting": made["meeting"], "copy": str(uuid4())}
    return {"t": "rewrite_note", **names, "body": body, "revision": revision, **changes}


def code_of(person: Person, operation: dict[str, Any]) -> str:
    (answer,) = send(person, operation)
    assert answer["t"] == "ack" or answer["text"]
    return answer.get("code", "ack")


def test_a_highlight_is_private_and_told_with_its_words(council: Council, version: DocumentVersion) -> None:
    passage = highlight(version)
    assert code_of(council.member, passage) == "ack"
    (entry,) = told(private(version, council.member))
    kept = {name: entry["mark"][name] for name in ("kind", "geometry", "style", "anchor", "layer")}
    expected = {"kind": "highlight", "geometry": {"quads": [QUAD]}, "style": YELLOW, "anchor": ANCHOR}
    assert kept == {**expected, "layer": "private"}
    assert InkStream().state(private(version, council.member)) == {"marks": [entry["mark"]]}
    assert told(shared(version)) == []


def test_a_note_is_shared_as_a_copy_and_withdrawn_like_ink(council: Council, version: DocumentVersion) -> None:
    words, copy = note(version), str(uuid4())
    share = {"t": "share_mark", "id": words["id"], "meeting": words["meeting"], "copy": copy}
    assert [answer["t"] for answer in send(council.member, words, share)] == ["ack", "ack"]
    (entry,) = told(shared(version))
    assert (entry["mark"]["id"], entry["mark"]["body"]) == (copy, "Hỏi Sở Tài chính")
    assert words["id"] not in json.dumps(entry)
    send(council.member, {"t": "withdraw_mark", "id": copy, "meeting": words["meeting"]})
    assert InkStream().state(shared(version)) == {"marks": []}
    assert Mark.objects.get(pk=words["id"]).erased_at is None


def test_the_owner_gives_a_note_other_words(council: Council, version: DocumentVersion) -> None:
    words = note(version, layer="shared")
    answers = send(council.member, words, rewrite(words, "Hỏi Sở Kế hoạch"))
    assert [answer["revision"] for answer in answers] == [1, 2]
    assert [entry["mark"]["body"] for entry in told(shared(version))] == ["Hỏi Sở Tài chính", "Hỏi Sở Kế hoạch"]
    assert told(shared(version))[-1]["mark"]["revision"] == 2
    assert code_of(council.member, rewrite(words, "Hỏi Sở Kế hoạch", 2)) == "ack"
    assert len(told(shared(version))) == 2  # the same words again are no change


def test_nobody_else_rewrites_a_note(council: Council, version: DocumentVersion) -> None:
    words = note(version, layer="shared")
    send(council.member, words)
    for person in (council.second_member, council.chair, council.secretary, council.outsider):
        assert code_of(person, rewrite(words, "Khác")) == "not_found"
    assert Mark.objects.get().body == "Hỏi Sở Tài chính"


def test_two_texts_at_once_are_both_kept(council: Council, version: DocumentVersion) -> None:
    words = note(version)
    here, there = rewrite(words, "trên máy này"), rewrite(words, "trên máy kia")
    assert [answer["t"] for answer in send(council.member, words, here, there)] == ["ack"] * 3
    assert set(Mark.objects.values_list("body", flat=True)) == {"trên máy này", "trên máy kia"}
    assert str(Mark.objects.get(body="trên máy kia").pk) == there["copy"]


def test_erasing_a_note_beats_rewriting_it(council: Council, version: DocumentVersion) -> None:
    words = note(version)
    erase = {"t": "erase_mark", "id": words["id"], "meeting": words["meeting"]}
    assert [answer["t"] for answer in send(council.member, words, erase, rewrite(words, "lại"))] == ["ack"] * 3
    assert InkStream().state(private(version, council.member)) == {"marks": []}
    assert Mark.objects.get().body == "Hỏi Sở Tài chính"


def test_a_stroke_has_no_words_to_change(council: Council, version: DocumentVersion) -> None:
    stroke = make(version)
    send(council.member, stroke)
    assert code_of(council.member, rewrite(stroke, "chữ")) == "not_found"


def test_when_the_meeting_is_over_shared_notes_stay_as_they_are_and_private_ones_go_on(
    council: Council, version: DocumentVersion
) -> None:
    said, kept = note(version, layer="shared"), note(version)
    send(council.member, said, kept)
    Meeting.objects.update(state="closed")
    codes = [code_of(council.member, act) for act in (highlight(version, layer="shared"), rewrite(said, "khác"))]
    assert codes == ["meeting_closed", "meeting_closed"]
    codes = [code_of(council.member, act) for act in (highlight(version), rewrite(kept, "khác"))]
    assert codes == ["ack", "ack"]


LONG = "x" * 100


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"page": 3}, "no_such_page"),
        ({"geometry": {"quads": []}}, "bad_geometry"),
        ({"geometry": {"quads": "all"}}, "bad_geometry"),
        ({"geometry": {"quads": [QUAD[:7]]}}, "bad_geometry"),
        ({"geometry": {"quads": [[*QUAD[:7], True]]}}, "bad_geometry"),
        ({"geometry": {"quads": [[*QUAD[:7], 10**400]]}}, "bad_geometry"),
        ({"geometry": {"quads": [[-21, *QUAD[1:]]]}}, "outside_page"),
        ({"geometry": {"quads": [[*QUAD[:7], 863]]}}, "outside_page"),
        ({"geometry": {"quads": [QUAD] * 501}}, "long_passage"),
        ({"geometry": {"point": [1, 1]}}, "bad_geometry"),
        ({"anchor": None}, "bad_geometry"),
        ({"anchor": {"quote": "  "}}, "bad_geometry"),
        ({"anchor": {"quote": ["x"]}}, "bad_geometry"),
        ({"anchor": {**ANCHOR, "quote": "x" * 8001}}, "long_passage"),
        ({"anchor": {**ANCHOR, "suffix": "x" * 101}}, "long_passage"),
        ({"style": {"color": "url(x)"}}, "bad_style"),
        ({"style": None}, "bad_style"),
        ({"kind": "stamp"}, "invalid"),
    ],
)
def test_what_no_hand_would_highlight_is_refused(
    council: Council, version: DocumentVersion, changes: dict[str, Any], code: str
) -> None:
    assert code_of(council.member, highlight(version, **changes)) == code
    assert not Mark.objects.exists()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"geometry": {"point": [1]}}, "bad_geometry"),
        ({"geometry": {"point": [1, "1"]}}, "bad_geometry"),
        ({"geometry": None}, "bad_geometry"),
        ({"geometry": {"point": [616, 1]}}, "outside_page"),
        ({"body": None}, "bad_geometry"),
        ({"body": " \n\x00"}, "empty_note"),
        ({"body": "x" * 4001}, "long_note"),
        ({"style": {}}, "bad_style"),
    ],
)
def test_what_is_no_note_is_refused(
    council: Council, version: DocumentVersion, changes: dict[str, Any], code: str
) -> None:
    assert code_of(council.member, note(version, **changes)) == code
    assert not Mark.objects.exists()


def test_a_full_page_can_be_highlighted_and_written_about(council: Council, version: DocumentVersion) -> None:
    geometry, anchor = {"quads": [QUAD] * 500}, {"quote": "ẵ" * 8000, "prefix": LONG, "suffix": LONG}
    assert code_of(council.member, highlight(version, geometry=geometry, anchor=anchor)) == "ack"
    assert code_of(council.member, note(version, body="ẵ" * 4000)) == "ack"


def test_a_note_on_the_margin_may_lie_a_little_outside(council: Council, version: DocumentVersion) -> None:
    assert code_of(council.member, note(version, geometry={"point": [614.9, -19.9]})) == "ack"


def test_letters_that_are_none_are_left_out(council: Council, version: DocumentVersion) -> None:
    send(council.member, note(version, body="một\x00 \ud800hai\nba"))
    assert Mark.objects.get().body == "một hai\nba"


@pytest.mark.parametrize(
    ("body", "revision", "code"), [("", 1, "empty_note"), ("a", "1", "invalid"), ("a", 0, "invalid")]
)
def test_words_that_are_none_are_not_taken(
    council: Council, version: DocumentVersion, body: str, revision: object, code: str
) -> None:
    words = note(version)
    send(council.member, words)
    assert code_of(council.member, rewrite(words, body, revision)) == code


@pytest.mark.parametrize(
    ("pen", "code"), [("marker", "ack"), ("pen", "ack"), ("brush", "bad_style"), ([], "bad_style")]
)
def test_a_marker_is_a_pen_too(council: Council, version: DocumentVersion, pen: object, code: str) -> None:
    style = {"color": "#f6c945", "width_pt": 14, "pen": pen}
    assert code_of(council.member, make(version, style=style)) == code
    if code == "ack":
        assert Mark.objects.get().style.get("pen") == ("marker" if pen == "marker" else None)
