"""Finding papers by their words: with or without accents, only those one may read, alike on both databases."""

import re
import unicodedata
from datetime import timedelta
from html import unescape
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from zeal import zeal_context

from accounts.models import Person
from accounts.words import fold
from documents import actions, index, intake
from documents.models import Document, DocumentVersion, Page, Wording
from documents.questions import LONGEST_QUESTION, question_in
from documents.search import papers_found
from documents.snippets import snippet
from meetings import actions as meeting_actions
from meetings.models import Meeting
from tests.council import Council, client_of, make_council
from tests.documents import papers

OF_THE_ROOM = {"chair", "secretary", "member", "second_member", "third_member", "stand_in", "invitee", "observer"}
PREPARING = {"secretary", "unit_admin"}

pytestmark = pytest.mark.usefixtures("remembered_children")


def page_for(person: Person, words: str, **more: object) -> str:
    answer = client_of(person).get("/papers/search/", {"q": words, **more})
    assert answer.status_code == 200
    return answer.content.decode()


def hits_of(person: Person, words: str, **more: object) -> dict[str, list[int]]:
    """The titles found, each with the pages to which its hits lead."""
    hits = {}
    for part in page_for(person, words, **more).split('<li class="paper-hit">')[1:]:
        title = unescape(re.sub(r"<[^>]+>", "", part.split("</h2>")[0])).strip()
        hits[title] = [int(number) for number in re.findall(r"page=(\d+)", part.split("</h2>")[1])]
    return hits


def marked_in(page: str) -> list[str]:
    return [unescape(words) for words in re.findall(r"<mark>(.*?)</mark>", page)]


# -- Words -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def budget(council: Council) -> DocumentVersion:
    return papers.add_readable_paper(
        council, "Dự toán ngân sách\nnăm 2027", "Không có gì", "ve ngan sach", title="Tờ trình", number="123"
    )


@pytest.mark.parametrize(
    ("words", "pages"),
    [
        ("ngan sach", [1, 3]),
        ("NGAN SACH", [1, 3]),
        ("ngân sách", [1]),
        ("ngân sach", [1]),
        (unicodedata.normalize("NFD", "ngân sách"), [1]),
        ("sach ngan", [1, 3]),
        ("sach nam 2027", [1]),  # over the end of a line
        ("ngan sach dien", None),
        ("ngan sa", [1, 3]),  # the last word may be begun
        ("nga sach", None),  # but no other
        ("ngan sa ", None),  # nor one that was ended
        ('"ngan sach"', [1, 3]),
        ("“ngân sách”", [1]),
        ('"sach ngan"', None),
        ('"ngân sách', [1]),
        ("du-toan", [1]),  # what is written without a blank stands together
        ("toan-du", None),
        ("khong co gi", [2]),
        ("to trinh", []),
        ("tờ trình", []),
        ("123", []),
    ],
)
def test_words_are_found_with_or_without_accents(
    council: Council, budget: DocumentVersion, words: str, pages: list[int] | None
) -> None:
    assert hits_of(council.member, words) == ({} if pages is None else {"Tờ trình": pages})


@pytest.mark.parametrize(
    "words", ["dao duc", "đạo đức", "ĐẠO ĐỨC", "dao đức", "hòa bình", "hoà bình", "412/QĐ-UBND", "qd"]
)
def test_d_is_found_for_d_with_a_bar_and_a_tone_wherever_it_is_put(council: Council, words: str) -> None:
    papers.add_readable_paper(council, "Quyết định 412/QĐ-UBND về đạo đức, hoà bình", title="Quyết định")
    assert hits_of(council.member, words) == {"Quyết định": [1]}
    assert hits_of(council.member, "đao đưc") == {}


def test_what_was_found_is_marked_and_its_page_opens_with_it(council: Council, budget: DocumentVersion) -> None:
    page = page_for(council.member, "sách ngan")
    assert marked_in(page) == ["ngân sách"]
    address = f"/documents/{budget.document_id}/?page=1&amp;find=s%C3%A1ch%20ngan"
    assert f'href="{address}"' in page
    reader = client_of(council.member).get(unescape(address)).content.decode()
    assert 'data-page="1"' in reader
    assert 'data-find="sách ngan"' in reader
    assert 'href="/papers/search/?q=s%C3%A1ch+ngan"' in reader  # the way back


def test_what_papers_and_questions_say_is_text_and_never_a_page(council: Council) -> None:
    papers.add_readable_paper(council, "<script>alert(1)</script> & <b>ngân sách</b>", title="<i>Tờ trình</i>")
    for words in ("ngan sach", "script", '"><script>alert(2)</script> ngan', "trinh"):
        page = page_for(council.member, words)
        assert not re.search(r"<script>alert|<b>ng|<i>T", page)
    assert "&lt;b&gt;<mark>ngân sách</mark>&lt;/b&gt;" in page_for(council.member, "ngan sach")
    reader = client_of(council.member).get(f"/documents/{Document.objects.get().pk}/", {"find": '"><script>'}).content
    assert b'"><script>' not in reader


@pytest.mark.parametrize(
    "words",
    [
        *(
            "",
            "   ",
            "…?!",
            '"',
            '""',
            "'",
            "\\",
            "%",
            "_",
            "*",
            "^",
            "\x00",
            "a\x00b",
            "́",
            "🙂",
            "\ud800".encode("utf-8", "replace").decode(),
        ),
        *(
            "ngan AND",
            "NOT ngan",
            "NEAR(ngan sach)",
            "folded:ngan",
            "words : ngan",
            "ngan*",
            "(ngan",
            "-ngan",
            "ngan:*",
        ),
        *("' OR 1=1 --", "ngan & | ! <->", "x" * 10_000, "ngân " * 2000, "“«„”", "ẞß ﬁ ǰ ŉ", "한국어 中文 ไทย"),
    ],
)
def test_whatever_is_typed_is_answered(council: Council, budget: DocumentVersion, words: str) -> None:
    page = page_for(council.member, words)
    assert 'id="found"' in page
    if len(words) > LONGEST_QUESTION:
        assert f"tối đa {LONGEST_QUESTION} ký tự" in page
    elif words.strip("\x00 ") and question_in(words) is None:
        assert "Chưa có từ nào" in page


def test_signs_of_a_search_are_words_like_any_other(council: Council, budget: DocumentVersion) -> None:
    assert hits_of(council.member, "ngan* (sach)") == {"Tờ trình": [1, 3]}
    assert hits_of(council.member, "ngan AND sach") == {}
    assert hits_of(council.member, "%") == {}


# -- Rights ------------------------------------------------------------------------------------------------------------


def finders(council: Council, words: str) -> set[str]:
    """Who finds it; nobody else learns so much as its name or that there is one."""
    found = set()
    for name, person in council.cast.items():
        page = page_for(person, words)
        if "paper-hit" in page:
            found.add(name)
        else:
            assert "Không tìm thấy" in page, name
            assert "Tờ trình" not in page, name
    return found


def test_everybody_finds_what_they_may_read(council: Council) -> None:
    """The whole cast before papers of every kind: search, list and door agree."""
    closed = meeting_actions.add_item(
        council.meeting, by=council.secretary, title="Nhân sự", is_closed=True, admitted=[council.second_member]
    )
    made = {
        "open": papers.add_readable_paper(council, "moiduong open", title="Tờ trình open"),
        "closed": papers.add_readable_paper(council, "moiduong closed", title="Tờ trình closed", item=closed),
        "restricted": papers.add_readable_paper(
            council, "moiduong restricted", title="Tờ trình restricted", restricted=True
        ),
        "granted": papers.add_readable_paper(council, "moiduong granted", title="Tờ trình granted", restricted=True),
    }
    actions.grant_to_person(made["granted"].document, council.outsider, by=council.secretary)
    actions.grant_to_unit(made["granted"].document, council.other_unit, by=council.secretary)
    expected = {
        "open": OF_THE_ROOM | PREPARING,
        "closed": PREPARING | {"chair", "second_member"},
        "restricted": PREPARING,
        "granted": PREPARING | {"outsider", "other_unit_member"},
    }
    assert {kind: finders(council, f"moiduong {kind}") for kind in made} == expected
    for name, person in council.cast.items():
        readable = set(Document.objects.visible_to(person).values_list("title", flat=True))
        assert set(hits_of(person, "moiduong")) == readable, name
        assert set(hits_of(person, "to trinh")) == readable, name


def test_who_was_granted_a_paper_alone_does_not_learn_of_its_session(council: Council) -> None:
    document = papers.add_readable_paper(council, "Dự toán", title="Tờ trình").document
    actions.grant_to_person(document, council.outsider, by=council.secretary)
    page = page_for(council.outsider, "du toan")
    assert "Tờ trình" in page
    assert council.meeting.title not in page
    assert council.item.title not in page
    assert council.item.title in page_for(council.member, "du toan")


def test_a_right_that_is_taken_away_is_gone_at_once(council: Council) -> None:
    document = papers.add_readable_paper(council, "moiduong", title="Tờ trình", restricted=True).document
    actions.grant_to_person(document, council.member, by=council.secretary)
    assert finders(council, "moiduong") == PREPARING | {"member"}
    actions.revoke_from_person(document, council.member, by=council.secretary)
    assert finders(council, "moiduong") == PREPARING
    Meeting.objects.update(state="draft")
    actions.change_paper(document, by=council.secretary, restricted=False)
    assert finders(council, "moiduong") == PREPARING


def test_a_withdrawn_paper_is_found_by_nobody(council: Council) -> None:
    document = papers.add_readable_paper(council, "moiduong", title="Tờ trình").document
    actions.withdraw_paper(document, by=council.secretary)
    assert finders(council, "moiduong") == finders(council, "to trinh") == set()


def test_a_held_and_a_refused_paper_are_found_by_nobody(council: Council) -> None:
    papers.add_readable_paper(council, "TỐI MẬT", title="Tờ trình mật")
    refused = papers.add_paper(council, "moiduong", title="Tờ trình hỏng").versions.get()
    intake.refuse_version(refused, "broken")
    assert set(DocumentVersion.objects.values_list("state", flat=True)) == {"held", "refused"}
    for words in ("to trinh", "toi mat", "moiduong"):
        assert finders(council, words) == set()
    actions.release_held(DocumentVersion.objects.get(state="held"), by=council.secretary, reason="Không mật")
    papers.work()
    assert finders(council, "toi mat") == OF_THE_ROOM | PREPARING


def test_only_the_version_in_force_is_searched(council: Council) -> None:
    first = papers.add_readable_paper(council, "banmot", title="Tờ trình")
    new = papers.upload(papers.pdf("banhai"))
    actions.replace_paper(first.document, by=council.secretary, file=new, declared_grade="none")
    assert hits_of(council.member, "banmot") == {"Tờ trình": [1]}  # the new one is not read yet
    papers.work()
    assert hits_of(council.member, "banmot") == {}
    assert hits_of(council.member, "banhai") == {"Tờ trình": [1]}
    stuck = papers.upload(papers.pdf("MẬT"))
    actions.replace_paper(first.document, by=council.secretary, file=stuck, declared_grade="none")
    assert hits_of(council.secretary, "banhai") == {"Tờ trình": [1]}


def test_nobody_searches_without_being_logged_in(client) -> None:
    assert client.get("/papers/search/?q=a").status_code == 302


# -- Where and in which order ------------------------------------------------------------------------------------------


def other_meeting(council: Council, title: str, *, days: int) -> Meeting:
    meeting = meeting_actions.create_meeting(
        by=council.secretary,
        organisation=council.province,
        series=council.series,
        title=title,
        starts_at=timezone.now() + timedelta(days=days),
        planned_minutes=60,
        rule_set=council.rule_set,
    )
    Meeting.objects.filter(pk=meeting.pk).update(state="published")
    return meeting


def test_names_come_first_then_many_pages_then_newer_sessions(council: Council) -> None:
    here = council.meeting
    papers.add_readable_paper(council, "thuyloi", title="Một trang")
    papers.add_readable_paper(council, "thuyloi", "thuyloi", title="Hai trang")
    papers.add_readable_paper(council, "khác", title="Thuyloi")
    council.meeting = other_meeting(council, "Phiên sau", days=30)
    papers.add_readable_paper(council, "thuyloi", title="Một trang sau", item=None)
    assert list(hits_of(council.member, "thuyloi")) == ["Thuyloi", "Hai trang", "Một trang sau", "Một trang"]
    assert list(hits_of(council.member, "thuyloi", meeting=council.meeting.pk)) == ["Một trang sau"]
    assert list(hits_of(council.member, "thuyloi", meeting=here.pk)) == ["Thuyloi", "Hai trang", "Một trang"]


def test_in_a_session_that_is_not_there_nothing_is_sought(council: Council) -> None:
    for person, key in (
        (council.outsider, council.meeting.pk),
        (council.member, "x"),
        (council.member, Person().pk or 0),
    ):
        assert client_of(person).get("/papers/search/", {"q": "a", "meeting": key}).status_code == 404
    assert hits_of(council.member, "a", meeting="") == {}


def test_three_pages_are_shown_and_the_others_counted(council: Council) -> None:
    papers.add_readable_paper(council, *["thuyloi"] * 5, title="Tờ trình")
    page = page_for(council.member, "thuyloi")
    assert hits_of(council.member, "thuyloi") == {"Tờ trình": [1, 2, 3]}
    assert "và ở 2 trang khác" in page


def test_many_papers_stand_on_several_pages(council: Council) -> None:
    for number in range(1, 13):
        papers.add_readable_paper(council, "thuyloi", title=f"Báo cáo {number}")
    first, second = hits_of(council.member, "thuyloi"), hits_of(council.member, "thuyloi", page=2)
    assert (len(first), len(second)) == (10, 2)
    assert not set(first) & set(second)
    page = page_for(council.member, "thuyloi", page=2)
    assert "12 tài liệu" in page
    assert "trang 2 / 2" in page
    assert hits_of(council.member, "thuyloi", page="x") == first


def test_three_papers_cost_as_many_queries_as_one(council: Council) -> None:
    def queries() -> int:
        client = client_of(council.member)
        with CaptureQueriesContext(connection) as captured, zeal_context():
            client.get("/papers/search/", {"q": "thuyloi"})
        return len(captured)

    papers.add_readable_paper(council, "thuyloi", title="Một")
    before = queries()
    papers.add_readable_paper(council, "thuyloi", "thuyloi", title="Hai")
    papers.add_readable_paper(council, "thuyloi", title="Ba", item=council.second_item)
    assert queries() == before


def test_the_field_stands_where_papers_are_listed(council: Council) -> None:
    page = f"/meetings/{council.meeting.pk}/"
    for person in (council.member, council.secretary):
        assert 'action="/papers/search/"' not in client_of(person).get(page).content.decode()
    papers.add_readable_paper(council, "thuyloi")
    for person in (council.member, council.secretary):
        shown = client_of(person).get(page).content.decode()
        assert 'action="/papers/search/"' in shown
        assert f'name="meeting" value="{council.meeting.pk}"' in shown
        assert 'href="/papers/search/"' in client_of(person).get("/").content.decode()


# -- The index ---------------------------------------------------------------------------------------------------------


def test_a_paper_is_found_by_its_new_name_and_no_longer_by_the_old(council: Council, budget: DocumentVersion) -> None:
    actions.change_paper(
        budget.document, by=council.secretary, title="Phương án", abstract="Thủy lợi", symbol="PA-UBND"
    )
    assert hits_of(council.member, "to trinh") == {}
    for words in ("phuong an", "thủy lợi", "123/PA-UBND"):
        assert hits_of(council.member, words) == {"Phương án": []}
    assert marked_in(page_for(council.member, "thuy loi")) == ["Thủy lợi"]


def test_what_was_read_before_there_was_an_index_is_put_into_it(council: Council, budget: DocumentVersion) -> None:
    before = set(Wording.objects.values_list("document", "version", "number", "folded", "spelled"))
    Wording.objects.all().delete()
    assert hits_of(council.member, "ngan sach") == hits_of(council.member, "to trinh") == {}
    assert index.index_missing_later()
    papers.work()
    assert set(Wording.objects.values_list("document", "version", "number", "folded", "spelled")) == before
    assert hits_of(council.member, "ngan sach") == {"Tờ trình": [1, 3]}
    assert not index.index_missing_later()
    said = StringIO()
    call_command("index_papers", "--anew", stdout=said)
    assert said.getvalue().startswith("4 ")
    assert hits_of(council.member, "ngan sach") == {"Tờ trình": [1, 3]}


def test_what_is_deleted_leaves_the_index(council: Council, budget: DocumentVersion) -> None:
    Page.objects.filter(version=budget, number=1).delete()
    assert hits_of(council.member, "ngan sach") == {"Tờ trình": [3]}
    Wording.objects.filter(number=3).update(folded="khac", spelled="khác")
    assert hits_of(council.member, "ngan sach") == {}
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT rowid FROM documents_wording_index WHERE documents_wording_index MATCH 'ngan'")
            assert cursor.fetchall() == []


# -- What the index finds is what is there -----------------------------------------------------------------------------

SYLLABLES = (
    "ngân",
    "ngan",
    "ngần",
    "sách",
    "sạch",
    "đỏ",
    "do",
    "dò",
    "hoà",
    "hòa",
    "hoa",
    "qđ-ub",
    "1.5",
    "năm",
    "nam",
    "ˊa",
    "á",
)
LETTERS = st.sampled_from([*"aăâdđeêoơuưnNghy01 .,-/\"'%_\\*\n", "\u0301", "\u0323", "\u0302", "ế", "Ữ", "ß", "中"])
TEXTS = st.one_of(
    st.lists(st.sampled_from([*SYLLABLES, "·"]), min_size=1, max_size=8).map(" ".join), st.text(LETTERS, max_size=30)
)
QUESTIONS = st.one_of(
    st.lists(st.sampled_from([*SYLLABLES, '"ngân sách"', '"nam nam"', "s", "ng"]), min_size=1, max_size=3).map(
        " ".join
    ),
    st.text(LETTERS, min_size=1, max_size=6),
)


class IndexFindsWhatIsThere(TestCase):
    """Against a search that knows no index: the words of the text one after the other, letter by letter."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.council = make_council()
        cls.document = Document.objects.create(
            meeting=cls.council.meeting, item=cls.council.item, title="·", added_by=cls.council.secretary
        )
        cls.version = DocumentVersion.objects.create(
            document=cls.document,
            sha256="0" * 64,
            size_bytes=1,
            file_name="a.pdf",
            file="a.pdf",
            state="ready",
            page_count=9,
            added_by=cls.council.secretary,
        )

    @settings(max_examples=80, deadline=None)
    @given(st.lists(TEXTS, min_size=1, max_size=4), QUESTIONS)
    def test_index_and_naive_search_agree(self, texts: list[str], words: str) -> None:
        for number, text in enumerate(texts, start=1):
            self.add_page(number, text)
        question = question_in(words)
        if question is None:
            assert not plain_words(words)
            return
        there = [whole_pages(texts, words, goes_on=False), whole_pages(texts, words, goes_on=True)]
        expected = there[0] or there[1]
        found = papers_found(self.council.member, question)
        assert sorted(found.wordings.values_list("number", flat=True)) == expected
        assert found.papers == ([(self.document.pk, len(expected))] if expected else [])
        for number in expected:
            assert any(piece.is_found for piece in snippet(texts[number - 1], found.question))

    def add_page(self, number: int, text: str) -> None:
        box = [0, 0, 1, 1]
        told = {"spans": [{"text": line} for line in text.split("\n")], "links": []}
        page = Page.objects.create(
            version=self.version,
            number=number,
            width_pt=1,
            height_pt=1,
            media=box,
            crop=box,
            rotation=0,
            matrix=[1, 0, 0, 1, 0, 0],
            text=told,
        )
        index.keep_words_of_page(page, self.document.pk, told)


def plain_words(text: str) -> list[str]:
    """The words of a text as they are written: letters and digits, each with the accents behind it."""
    words, word = [], ""
    for sign in unicodedata.normalize("NFC", text):
        if sign.isalnum() or (word and unicodedata.combining(sign)):
            word += sign
        else:
            words, word = [*words, word], ""
    return [word for word in [*words, word] if word]


def with_accents(word: str) -> tuple[list[str], str]:
    """Its tones, and its letters with what else stands on them."""
    apart = unicodedata.normalize("NFD", word.casefold())
    return [sign for sign in apart if sign in "\u0300\u0301\u0303\u0309\u0323"], unicodedata.normalize(
        "NFC", "".join(sign for sign in apart if sign not in "\u0300\u0301\u0303\u0309\u0323")
    )


def bears_accents(word: str) -> bool:
    return fold(word) != unicodedata.normalize("NFC", word.casefold())


def is_same(there: str, asked: str, exactly: bool, goes_on: bool) -> bool:
    if not exactly:
        return fold(there).startswith(fold(asked)) if goes_on else fold(there) == fold(asked)
    (tones, letters), (asked_tones, asked_letters) = with_accents(there), with_accents(asked)
    if goes_on and (asked_tones or letters == asked_letters):
        return (
            tones[: len(asked_tones)] == asked_tones
            and letters.startswith(asked_letters)
            and (tones == asked_tones or not asked_letters)
        )
    if goes_on:
        return not tones and letters.startswith(asked_letters)
    return (tones, letters) == (asked_tones, asked_letters)


def parts_of(words: str) -> list[tuple[list[str], bool]]:
    """What must stand together, and whether its last word may go on."""
    found = []
    quotes = [place for place, sign in enumerate(words) if sign == '"']
    last = 0
    for start, end in zip(quotes[::2], quotes[1::2], strict=False):
        found += [(plain_words(piece), False) for piece in words[last:start].split()]
        found.append((plain_words(words[start:end]), False))
        last = end + 1
    loose = words[last:].replace('"', " ")
    pieces = [(plain_words(piece), False) for piece in loose.split() if plain_words(piece)]
    if pieces and not loose[-1].isspace():
        pieces[-1] = (pieces[-1][0], True)
    return [part for part in [*found, *pieces] if part[0]]


def whole_pages(texts: list[str], words: str, *, goes_on: bool) -> list[int]:
    return [
        number for number, text in enumerate(texts, start=1) if stands_on(plain_words(text), parts_of(words), goes_on)
    ]


def stands_on(there: list[str], parts: list[tuple[list[str], bool]], goes_on: bool) -> bool:
    for asked, may_go_on in parts:
        exactly = any(bears_accents(word) for word in asked)
        for place in range(len(there) - len(asked) + 1):
            last = len(asked) - 1
            if all(
                is_same(there[place + at], word, exactly, goes_on and may_go_on and at == last)
                for at, word in enumerate(asked)
            ):
                break
        else:
            return False
    return True
