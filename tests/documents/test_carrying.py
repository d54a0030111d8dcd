"""Marks go along to a new version where what they were put on still stands; the others are not lost."""

import json
from typing import Any
from uuid import UUID, uuid4, uuid5

import pytest

from accounts.models import Person
from documents import carry_over, intake
from documents.carry_over import carry_marks, key_of_carried, left_behind
from documents.carrying import LINES_MOST, Line, Pairing, Place, Sheet, carried_mark
from documents.comparing import PagePair
from documents.geometry import Box
from documents.ink import InkStream
from documents.models import DocumentVersion
from meetings import actions as meeting_actions
from tests.council import Council
from tests.documents import papers
from tests.documents.test_highlights_and_notes import YELLOW, highlight, note, rewrite
from tests.documents.test_marks import make, private, send, shared, told
from tests.documents.test_new_versions import manifest, replace

A4 = Box(0, 0, 595, 842)
GROUND = "Căn cứ Luật Ngân sách nhà nước"
PASSAGE = ("Tổng thu là 9.326 tỷ đồng,", "bằng 103,7 % dự toán được giao.", "Chi thường xuyên là 11.306 tỷ đồng.")


# -- Where a mark stands -----------------------------------------------------------------------------------------------


def sheet(*lines: str, number: int = 1, top: float = 742, media: Box = A4, left: float = 70) -> Sheet:
    """Lines of 12 points, 20 points apart, six points a letter."""
    return Sheet(
        number,
        media,
        tuple(
            Line.of({"text": text, "box": [left, top - 20 * row - 3, left + 6 * len(text), top - 20 * row + 9]})
            for row, text in enumerate(lines)
        ),
    )


def quad(x0: float, y0: float, x1: float, y1: float) -> list[float]:
    return [x0, y1, x1, y1, x0, y0, x1, y0]


def ink(*points: tuple[float, float]) -> dict[str, Any]:
    (x, y), *rest = points
    deltas, last = [], (x, y)
    for point in rest:
        deltas += [round((point[0] - last[0]) * 50), round((point[1] - last[1]) * 50)]
        last = point
    return {"scale": 50, "start": [x, y], "deltas": deltas}


UNDER_SECOND = ink((80, 717), (150, 717))  # under the line whose foot is at 719
OLD = sheet(GROUND, *PASSAGE)


def carried(
    kind: str,
    geometry: dict[str, Any],
    anchor: dict[str, str] | None,
    old: Sheet,
    new: Sheet | None,
    near: list[Sheet],
    *,
    is_same: bool = False,
) -> Place | None:
    return carried_mark(kind, geometry, anchor, Pairing(old, new, is_same=is_same) if new else None, lambda: near)


def test_a_stroke_moves_with_the_line_it_was_drawn_under() -> None:
    new = sheet("Một dòng mới", GROUND, *PASSAGE, number=3)
    place = carried("ink", UNDER_SECOND, None, OLD, new, [])
    assert place == Place(3, ink((80, 697), (150, 697)))


def test_what_moved_by_a_hair_has_not_moved() -> None:
    new = sheet(GROUND, *PASSAGE, top=742.3)
    assert carried("ink", UNDER_SECOND, None, OLD, new, []) == Place(1, UNDER_SECOND)


@pytest.mark.parametrize(
    "new",
    [
        sheet(GROUND, PASSAGE[0].replace("9.326", "9.914"), *PASSAGE[1:]),  # other words
        sheet(GROUND, *PASSAGE[1:]),  # the line is gone
        Sheet(1, A4, (OLD.lines[0], Line.of({"text": PASSAGE[0], "box": [70, 719, 400, 731]}))),  # in larger letters
        Sheet(1, A4, ()),
    ],
    ids=["other words", "gone", "larger", "a picture"],
)
def test_a_stroke_stays_where_its_line_does_not_stand_any_more(new: Sheet) -> None:
    assert carried("ink", UNDER_SECOND, None, OLD, new, []) is None


def test_a_stroke_over_lines_that_parted_stays_behind() -> None:
    across = ink((80, 735), (80, 690))
    new = sheet(GROUND, PASSAGE[0], "Một dòng mới", *PASSAGE[1:])
    assert carried("ink", across, None, OLD, new, []) is None
    assert carried("ink", across, None, OLD, sheet(GROUND, *PASSAGE, top=700), []) == Place(
        1, ink((80, 693), (80, 648))
    )


def test_a_mark_on_blank_paper_goes_with_the_lines_above_and_below_it() -> None:
    between = sheet("Phần một", "", "", "", "Phần hai")
    lines = tuple(line for line in between.lines if line.text)
    old = Sheet(1, A4, lines)
    at = {"point": [300, 700]}
    moved = Sheet(1, A4, tuple(Line.of({"text": line.text, "box": list(lowered(line.box))}) for line in lines))
    assert carried("note", at, None, old, moved, []) == Place(1, {"point": [300, 690]})
    assert carried("note", at, None, old, Sheet(1, A4, (moved.lines[0], lines[1])), []) is None


def lowered(box: Box) -> Box:
    return Box(box.x0, box.y0 - 10, box.x1, box.y1 - 10)


def test_a_mark_that_would_leave_the_paper_stays() -> None:
    low = sheet(*PASSAGE, top=40)
    at = {"point": [100, 38]}
    assert carried("note", at, None, low, sheet(*PASSAGE, top=-20), []) is None


def test_a_mark_on_a_page_that_was_left_out_stays() -> None:
    assert carried("ink", UNDER_SECOND, None, OLD, None, [OLD]) is None


def test_a_mark_on_a_picture_stays_where_it_is_on_the_same_picture() -> None:
    picture, other = Sheet(1, A4, ()), Sheet(4, A4, ())
    assert carried("ink", UNDER_SECOND, None, picture, other, [], is_same=True) == Place(4, UNDER_SECOND)
    assert carried("ink", UNDER_SECOND, None, picture, other, [], is_same=False) is None
    turned = Sheet(4, Box(0, 0, 842, 595), ())
    assert carried("ink", UNDER_SECOND, None, picture, turned, [], is_same=True) is None


def test_what_stands_in_many_cells_is_known_by_the_line_before_it() -> None:
    old = sheet("Chi A", "100 %", "Chi B", "100 %", "Chi C", "100 %")
    new = sheet("Chi A", "100 %", "Chi C", "100 %")
    of_b, of_c = ink((72, 684), (90, 684)), ink((72, 644), (90, 644))
    assert carried("ink", of_b, None, old, new, []) is None
    assert carried("ink", of_c, None, old, new, []) == Place(1, ink((72, 684), (90, 684)))
    quads = {"quads": [quad(70, 679, 100, 691)]}
    assert carried("highlight", quads, {"quote": "100 %", "prefix": "Chi B ", "suffix": " Chi C"}, old, new, []) is None


def test_a_page_with_too_many_lines_keeps_its_marks() -> None:
    heap = sheet(*[str(number) for number in range(LINES_MOST + 1)], top=30_000, media=Box(0, 0, 595, 40_000))
    assert Pairing(heap, heap, is_same=True).matches == {}


ANCHOR = {"quote": "9.326 tỷ đồng, bằng 103,7 %", "prefix": "Tổng thu là ", "suffix": " dự toán được giao. Chi"}
QUADS = {"quads": [quad(142, 719, 226, 731), quad(70, 699, 136, 711)]}


def test_a_highlight_moves_piece_by_piece_with_its_lines() -> None:
    new = sheet("Một dòng mới", GROUND, *PASSAGE)
    place = carried("highlight", QUADS, ANCHOR, OLD, new, [])
    assert place == Place(1, {"quads": [quad(142, 699, 226, 711), quad(70, 679, 136, 691)]})


def test_a_highlight_is_found_by_its_words_where_lines_were_broken_anew() -> None:
    new = sheet("Tổng thu là 9.326 tỷ", "đồng, bằng 103,7 % dự toán được giao.")
    place = carried("highlight", QUADS, ANCHOR, OLD, new, [])
    assert place == Place(1, {"quads": [quad(142, 739, 190, 751), quad(70, 719, 178, 731)]})


def test_a_highlight_follows_its_words_to_another_page_where_they_are_sure_to_be_the_same() -> None:
    moved = sheet(*PASSAGE, number=2)
    place = carried("highlight", QUADS, ANCHOR, OLD, sheet(GROUND), [moved])
    assert place is not None
    assert place.page == 2
    short = {**ANCHOR, "prefix": "", "suffix": ""}
    assert carried("highlight", {"quads": [quad(172, 719, 214, 731)]}, short, OLD, sheet(GROUND), [moved]) is None


def test_words_that_stand_twice_are_told_apart_by_what_is_around_them() -> None:
    words = {"quote": "tỷ đồng", "prefix": "thường xuyên là 11.306 ", "suffix": "."}
    old_quads = {"quads": [quad(208, 679, 250, 691)]}
    new = sheet("Thu 1 tỷ đồng", "Chi thường xuyên là 11.306 tỷ đồng.", "Nợ 2 tỷ đồng")
    place = carried("highlight", old_quads, words, OLD, new, [])
    assert place is not None
    assert place.geometry["quads"][0][1] == new.lines[1].box.y1
    alike = sheet(PASSAGE[2], "khác", PASSAGE[2])
    assert carried("highlight", old_quads, words, sheet("khác"), alike, []) is None
    assert carried("highlight", old_quads, words, OLD, alike, [sheet(PASSAGE[2], number=2)]) is None


def test_the_same_figure_elsewhere_is_not_the_one_that_was_highlighted() -> None:
    figure = {"quote": "9.326", "prefix": "Tổng thu là ", "suffix": " tỷ đồng, bằng 103,7 %"}
    there = {"quads": [quad(142, 719, 172, 731)]}
    new = sheet("Tổng thu là 9.914 tỷ đồng", "Số liệu năm 2025: 9.326")
    assert carried("highlight", there, figure, OLD, new, []) is None


def test_long_words_that_stand_but_once_are_known_on_their_own_page_alone() -> None:
    words = {"quote": GROUND, "prefix": "theo ", "suffix": " và"}
    there = {"quads": [quad(70, 739, 244, 751)]}
    longer = sheet(f"Nay: {GROUND} năm 2025")
    assert carried("highlight", there, words, OLD, longer, []) is not None
    assert carried("highlight", there, words, OLD, sheet("khác"), [longer]) is None


@pytest.mark.parametrize("anchor", [None, {}, {"quote": "  "}])
def test_a_highlight_without_words_goes_with_its_lines_or_not_at_all(anchor: dict[str, str] | None) -> None:
    assert carried("highlight", QUADS, anchor, OLD, OLD, []) == Place(1, QUADS)
    assert carried("highlight", QUADS, anchor, OLD, sheet("khác"), []) is None


# -- From version to version -------------------------------------------------------------------------------------------

PAGES = ["Tờ trình\nvề dự toán ngân sách", "Biểu số 1\nThu nội địa 9.326", "Phụ lục\nDanh mục dự án"]
CHANGED = ["Tờ trình\nvề dự toán ngân sách", "Biểu số 1\nThu nội địa 9.914", "Phụ lục\nDanh mục dự án"]
ON_SECOND_LINE = ink((75, 720), (150, 720))

remembered = pytest.mark.usefixtures("remembered_children")


@pytest.fixture
def first(council: Council) -> DocumentVersion:
    return papers.add_readable_paper(council, *PAGES)


def marks_on(version: DocumentVersion, person: Person) -> list[dict[str, Any]]:
    return list(InkStream().state(private(version, person))["marks"])


@remembered
def test_marks_go_along_and_those_on_what_changed_are_shown_on_the_version_before(
    council: Council, first: DocumentVersion
) -> None:
    kept, lost = make(first, geometry=ON_SECOND_LINE), make(first, page=2, geometry=ON_SECOND_LINE)
    words = note(first, page=3, geometry={"point": [90, 741]}, layer="shared")
    send(council.member, kept, lost, words)
    second = replace(council, first.document, *CHANGED)

    (mark,) = marks_on(second, council.member)
    assert (mark["page"], mark["geometry"], mark["owner"]) == (1, ON_SECOND_LINE, council.member.pk)
    assert mark["id"] != kept["id"]
    (entry,) = told(private(second, council.member))
    assert entry["mark"] == mark
    (spoken,) = InkStream().state(shared(second))["marks"]
    assert (spoken["page"], spoken["body"]) == (3, "Hỏi Sở Tài chính")
    assert len(marks_on(first, council.member)) == 2  # the old version is what it was

    stayed = [{"version": str(first.pk), "number": 1, "pages": [[2, 1]]}]
    assert manifest(council.member, second)["left_behind"] == stayed
    assert manifest(council.second_member, second)["left_behind"] == []
    assert lost["id"] not in json.dumps(manifest(council.member, second))


@remembered
def test_a_shared_mark_that_stayed_is_shown_to_everybody_and_once_to_who_has_it_as_a_private_one_too(
    council: Council, first: DocumentVersion
) -> None:
    own = make(first, page=2, geometry=ON_SECOND_LINE)
    share = {"t": "share_mark", "id": own["id"], "meeting": own["meeting"], "copy": str(uuid4())}
    send(council.member, own, share)
    second = replace(council, first.document, *CHANGED)
    stayed = [{"version": str(first.pk), "number": 1, "pages": [[2, 1]]}]
    assert left_behind(second, council.member) == left_behind(second, council.second_member) == stayed


@remembered
def test_nothing_is_carried_twice_and_what_was_erased_does_not_rise(council: Council, first: DocumentVersion) -> None:
    kept, erased = make(first, geometry=ON_SECOND_LINE), make(first, geometry=ON_SECOND_LINE)
    send(council.member, kept, erased, {"t": "erase_mark", "id": erased["id"], "meeting": erased["meeting"]})
    second = replace(council, first.document, *CHANGED)
    (mark,) = marks_on(second, council.member)
    send(council.member, {"t": "erase_mark", "id": mark["id"], "meeting": kept["meeting"]})
    carry_marks(first, second, [PagePair(1, 1, True)])  # a job that was killed begins anew
    assert marks_on(second, council.member) == []
    assert len(told(private(second, council.member))) == 2  # made, erased
    assert left_behind(second, council.member) == []


@remembered
def test_a_job_that_is_killed_before_its_end_carries_the_rest_when_it_begins_anew(
    council: Council, first: DocumentVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(council.member, make(first, geometry=ON_SECOND_LINE))
    second = replace(council, first.document, *CHANGED, read=False)
    with monkeypatch.context() as patch:
        patch.setattr(intake, "carry_marks", died)
        with pytest.raises(SystemExit):
            papers.work()
    second.refresh_from_db()
    assert (second.changes, marks_on(second, council.member)) == (None, [])
    intake.compare_versions.call(str(second.pk))  # as the line of jobs does with one whose worker is gone
    second.refresh_from_db()
    assert second.changes is not None
    assert len(marks_on(second, council.member)) == 1


def died(*_: object) -> None:
    raise SystemExit


@remembered
def test_where_carrying_goes_wrong_on_a_page_the_others_go_along_and_the_news_is_told(
    council: Council, first: DocumentVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(council.member, make(first, geometry=ON_SECOND_LINE), make(first, page=3, geometry=ON_SECOND_LINE))
    original = carry_over.sheet_of

    def broken_on_page_1(version: UUID, number: int) -> Sheet:
        if (version, number) == (first.pk, 1):
            raise RuntimeError
        return original(version, number)

    monkeypatch.setattr(carry_over, "sheet_of", broken_on_page_1)
    second = replace(council, first.document, *CHANGED)
    assert second.changes is not None
    assert [mark["page"] for mark in marks_on(second, council.member)] == [3]


@remembered
def test_a_comparison_that_went_wrong_is_made_when_a_worker_starts(council: Council, first: DocumentVersion) -> None:
    second = replace(council, first.document, *CHANGED)
    DocumentVersion.objects.filter(pk=second.pk).update(changes=None)
    intake.take_back_orphans("worker")
    papers.work()
    second.refresh_from_db()
    assert second.changes is not None


@remembered
def test_what_is_erased_withdrawn_or_rewritten_late_is_so_in_the_new_version_as_well(
    council: Council, first: DocumentVersion
) -> None:
    stroke, spoken = make(first, geometry=ON_SECOND_LINE), note(first, geometry={"point": [90, 741]}, layer="shared")
    words = note(first, geometry={"point": [90, 721]})
    send(council.member, stroke, spoken, words)
    second = replace(council, first.document, *CHANGED)
    third = replace(council, first.document, *CHANGED, "Phụ lục 2")
    assert len(marks_on(third, council.member)) == 2
    withdraw = {"t": "withdraw_mark", "id": spoken["id"], "meeting": spoken["meeting"]}
    erase = {"t": "erase_mark", "id": stroke["id"], "meeting": stroke["meeting"]}
    answers = send(council.member, erase, withdraw, rewrite(words, "Hỏi Sở Kế hoạch"))
    assert {answer["t"] for answer in answers} == {"ack"}
    for version in (second, third):
        assert [mark["body"] for mark in marks_on(version, council.member)] == ["Hỏi Sở Kế hoạch"]
        assert InkStream().state(shared(version))["marks"] == []


@remembered
def test_what_was_changed_in_the_new_version_stays_whatever_arrives_late(
    council: Council, first: DocumentVersion
) -> None:
    words = note(first, geometry={"point": [90, 721]})
    send(council.member, words)
    second = replace(council, first.document, *CHANGED)
    (mark,) = marks_on(second, council.member)
    send(council.member, rewrite({**words, "id": mark["id"]}, "Đã hỏi"))
    erase = {"t": "erase_mark", "id": words["id"], "meeting": words["meeting"]}
    send(council.member, rewrite(words, "Hỏi Sở Kế hoạch"), erase)
    assert [mark["body"] for mark in marks_on(second, council.member)] == ["Đã hỏi"]


@remembered
def test_when_the_meeting_is_over_nothing_shared_goes_along(council: Council, first: DocumentVersion) -> None:
    council.start()
    send(council.member, make(first, geometry=ON_SECOND_LINE, layer="shared"), make(first, geometry=ON_SECOND_LINE))
    second = replace(council, first.document, *CHANGED, read=False)
    meeting_actions.close(council.meeting, by=council.chair)
    papers.work()
    assert InkStream().state(shared(second))["marks"] == []
    assert len(marks_on(second, council.member)) == 1


@remembered
def test_a_private_mark_and_its_shared_copy_stay_a_pair(council: Council, first: DocumentVersion) -> None:
    own, copy = make(first, geometry=ON_SECOND_LINE), str(uuid4())
    share = {"t": "share_mark", "id": own["id"], "meeting": own["meeting"], "copy": copy}
    send(council.member, own, share)
    second = replace(council, first.document, *CHANGED)
    (mark,) = marks_on(second, council.member)
    (spoken,) = InkStream().state(shared(second))["marks"]
    (answer,) = send(council.member, {**share, "id": mark["id"], "copy": None})
    assert (answer["t"], answer["id"]) == ("ack", spoken["id"])  # it is shared already
    assert len(InkStream().state(shared(second))["marks"]) == 1
    assert mark["id"] not in json.dumps(told(shared(second)))


@remembered
def test_what_stayed_behind_two_versions_ago_is_still_shown(council: Council, first: DocumentVersion) -> None:
    send(council.member, make(first, page=2, geometry=ON_SECOND_LINE), make(first, geometry=ON_SECOND_LINE))
    second = replace(council, first.document, *CHANGED)
    send(council.member, make(second, page=3, geometry=ON_SECOND_LINE))
    third = replace(council, first.document, *CHANGED[:2], "Phụ lục\nkhông còn dự án nào")
    assert [mark["page"] for mark in marks_on(third, council.member)] == [1]
    assert left_behind(third, council.member) == [
        {"version": str(second.pk), "number": 2, "pages": [[3, 1]]},
        {"version": str(first.pk), "number": 1, "pages": [[2, 1]]},
    ]


@remembered
def test_a_mark_made_on_the_old_version_afterwards_is_shown_as_well(council: Council, first: DocumentVersion) -> None:
    second = replace(council, first.document, *CHANGED)
    send(council.member, highlight(first, geometry={"quads": [quad(70, 719, 150, 731)]}, style=YELLOW))
    assert left_behind(second, council.member) == [{"version": str(first.pk), "number": 1, "pages": [[1, 1]]}]


def test_the_key_of_a_carried_mark_says_nothing_of_the_mark() -> None:
    mark, version = uuid4(), uuid4()
    key = key_of_carried(mark, version)
    assert key == key_of_carried(mark, version)
    assert key not in {mark, version, key_of_carried(mark, uuid4()), uuid5(version, str(mark))}
