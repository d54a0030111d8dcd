"""Bringing papers in: the grade first, then one file after the other, each accepted or refused for itself."""

from pathlib import Path

import pytest
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts.models import Act
from documents import actions
from documents.models import Document, DocumentVersion
from documents.uploads import LimitedUpload
from realtime.refusals import Refusal
from tests.council import Council, client_of
from tests.documents import papers

pytestmark = pytest.mark.usefixtures("remembered_children")


def stored(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def bring(council: Council, *files: object, grade: str = "none", by: object = None, **headers: str) -> object:
    client = client_of(by or council.secretary)
    address = reverse("documents:papers", args=[council.meeting.pk])
    sent = {"declared_grade": grade, "item": council.item.pk, "files": list(files)}
    return client.post(address, sent, headers={"Accept": "application/json", **headers})


def test_several_papers_come_in_at_once_and_stand_in_the_agenda_in_their_order(council: Council) -> None:
    answer = bring(
        council, papers.upload(papers.pdf("a"), "01_To-trinh.pdf"), papers.upload(papers.pdf("b"), "02_Bao-cao.pdf")
    )

    assert answer.status_code == 201
    found = list(Document.objects.filter(item=council.item).values_list("title", "position"))
    assert found == [("01 To-trinh", 1), ("02 Bao-cao", 2)]
    assert [told["title"] for told in answer.json()["papers"]] == ["01 To-trinh", "02 Bao-cao"]
    assert list(Act.objects.filter(act="paper_added").values_list("by", flat=True)) == [council.secretary.pk] * 2


def test_without_a_script_the_form_leads_back_to_the_meeting(council: Council) -> None:
    answer = bring(council, papers.upload(papers.pdf()), Accept="text/html")
    assert (answer.status_code, answer.url) == (302, f"/meetings/{council.meeting.pk}/#papers")
    assert Document.objects.count() == 1


@pytest.mark.parametrize("grade", ["mat", "toi_mat", "tuyet_mat"])
def test_a_graded_paper_is_refused_and_nothing_of_it_stays(council: Council, files: Path, grade: str) -> None:
    answer = bring(council, papers.upload(papers.pdf()), grade=grade)
    assert (answer.status_code, answer.json()["code"]) == (422, "graded")
    assert not Document.objects.exists()
    assert stored(files) == []


def test_who_does_not_say_the_grade_is_asked_for_it(council: Council, files: Path) -> None:
    answer = bring(council, papers.upload(papers.pdf()), grade="")
    assert (answer.status_code, answer.json()["code"]) == (422, "no_grade")
    assert not Document.objects.exists()
    assert stored(files) == []


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"Not a paper at all", "not_paper"),
        (papers.broken_pdf(), "broken"),
        (papers.encrypted_pdf(), "encrypted"),
    ],
    ids=["0 bytes", "text named .pdf", "broken", "encrypted"],
)
def test_a_file_that_is_no_paper_is_refused_with_its_reason_and_nothing_stays(
    council: Council, files: Path, content: bytes, code: str
) -> None:
    answer = bring(council, papers.upload(content, "Báo cáo.pdf"))
    (told,) = answer.json()["papers"]
    assert (answer.status_code, told["code"], told["file"]) == (422, code, "Báo cáo.pdf")
    assert len(told["text"]) > 20
    assert not Document.objects.exists()
    assert stored(files) == []


def test_one_bad_file_does_not_keep_the_good_ones_out(council: Council) -> None:
    answer = bring(council, papers.upload(papers.pdf(), "tot.pdf"), papers.upload(b"%PDF-", "hong.pdf"))
    assert answer.status_code == 422
    assert ["code" in told for told in answer.json()["papers"]] == [False, True]
    assert Document.objects.get().title == "tot"


def test_without_a_script_the_refusal_stands_beside_the_file(council: Council) -> None:
    answer = bring(council, papers.upload(b"Not a paper at all", "thu.pdf"), Accept="text/html")
    assert answer.status_code == 422
    assert "thu.pdf" in answer.content.decode()
    assert "PDF" in answer.content.decode()


def test_a_file_over_the_limit_is_stopped_while_it_travels(council: Council, files: Path, settings: Settings) -> None:
    settings.UPLOAD_LIMIT_BYTES = 2000
    content = papers.pdf()
    assert len(content) > 2000
    answer = bring(council, papers.upload(content))
    assert (answer.status_code, answer.json()["papers"][0]["code"]) == (422, "too_large")
    assert not Document.objects.exists()
    assert stored(files) == []


def test_a_file_with_too_many_pages_is_refused(council: Council, files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "PAGE_LIMIT", 2)
    assert bring(council, papers.upload(papers.pdf("1", "2"))).status_code == 201
    answer = bring(council, papers.upload(papers.pdf("1", "2", "3")))
    assert answer.json()["papers"][0]["code"] == "too_many_pages"


def test_the_same_content_is_stored_once(council: Council, files: Path) -> None:
    content = papers.pdf()
    bring(council, papers.upload(content, "mot.pdf"), papers.upload(content, "hai.pdf"))
    assert Document.objects.count() == 2
    (name,) = stored(files)
    assert name == f"{DocumentVersion.objects.first().sha256}.pdf"


def test_only_who_prepares_brings_papers_in(council: Council) -> None:
    answers = {
        name: bring(council, papers.upload(papers.pdf()), by=person).status_code
        for name, person in council.cast.items()
    }
    may = {"secretary", "unit_admin"}
    sees = {"chair", "member", "second_member", "third_member", "stand_in", "invitee", "observer"}
    assert {name for name, status in answers.items() if status == 201} == may
    assert {name for name, status in answers.items() if status == 403} == sees
    assert {name for name, status in answers.items() if status == 404} == set(council.cast) - may - sees


def test_a_stranger_who_is_not_logged_in_is_led_to_the_login_page(council: Council, client: object) -> None:
    answer = client.post(reverse("documents:papers", args=[council.meeting.pk]))
    assert answer.status_code == 302
    assert "login" in answer.url


def test_a_new_version_takes_the_place_of_the_old_one_once_it_can_be_read(council: Council) -> None:
    document = papers.add_readable_paper(council, "bản một").document
    client = client_of(council.secretary)
    file = papers.upload(papers.pdf("bản hai", "trang hai"))
    answer = client.post(reverse("documents:versions", args=[document.pk]), {"declared_grade": "none", "file": file})
    assert answer.status_code == 302
    assert document.newest().number == 1
    papers.work()
    assert [document.newest().number, document.newest().page_count] == [2, 2]
    assert document.versions.count() == 2


@pytest.mark.parametrize(("grade", "content"), [("mat", papers.pdf()), ("none", b"Not a paper at all")])
def test_a_refused_new_version_leaves_the_paper_as_it_was(council: Council, grade: str, content: bytes) -> None:
    document = papers.add_paper(council)
    address = reverse("documents:versions", args=[document.pk])
    answer = client_of(council.secretary).post(address, {"declared_grade": grade, "file": papers.upload(content)})
    assert answer.status_code == 422
    assert document.versions.count() == 1


def test_nothing_comes_in_once_the_meeting_is_over(council: Council) -> None:
    council.meeting.state = council.meeting.State.CLOSED
    council.meeting.save()
    assert bring(council, papers.upload(papers.pdf())).json()["papers"][0]["code"] == "meeting_over"


def test_the_agenda_says_that_a_paper_is_handed_out_on_the_spot_and_not_what_it_is(council: Council) -> None:
    address = reverse("documents:handed_out_lines", args=[council.meeting.pk])
    assert client_of(council.secretary).post(address, {"item": council.item.pk}).status_code == 302
    document = Document.objects.get()
    assert document.is_handed_out
    assert not document.versions.exists()
    assert Document.objects.visible_to(council.member).get() == document


def test_a_paper_must_belong_to_an_item_of_its_meeting(council: Council) -> None:
    from tests.council import add_meeting

    old_item = council.item
    add_meeting(council)
    with pytest.raises(Refusal) as refused:
        papers.add_paper(council, item=old_item)
    assert refused.value.code == "other_meeting"


@pytest.mark.parametrize(("who", "status"), [("observer", 403), ("outsider", 404)])
def test_who_may_bring_nothing_in_is_turned_away_before_a_byte_is_kept(
    council: Council, monkeypatch: pytest.MonkeyPatch, who: str, status: int
) -> None:
    begun: list[str] = []
    monkeypatch.setattr(LimitedUpload, "new_file", lambda self, *args, **kwargs: begun.append("a file"))

    # As a browser meets it: the CSRF check is what reads the body first.
    client = client_of(council.cast[who])
    client.handler.enforce_csrf_checks = True
    address = reverse("documents:papers", args=[council.meeting.pk])

    answer = client.post(address, {"declared_grade": "none", "files": [papers.upload(papers.pdf("a"), "a.pdf")]})

    assert answer.status_code == status
    assert begun == []
