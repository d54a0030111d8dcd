"""A file in pieces (tus 1.0): what the protocol asks for, who may, what is refused, and that no cut costs anything."""

import hashlib
from base64 import b64encode
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import parse_http_date
from pytest_django.fixtures import Settings

from accounts.models import Act, Person
from documents import actions, children, part_files, resuming
from documents.models import Document, DocumentVersion, Upload
from meetings.models import AgendaItem
from tests.council import Council, client_of
from tests.documents import office_files, papers
from tests.threads import together

pytestmark = pytest.mark.usefixtures("remembered_children")

PIECE = "application/offset+octet-stream"
CONTENT = papers.pdf("Tờ trình về ngân sách")
HALF = len(CONTENT) // 2


@pytest.fixture(autouse=True)
def parts(settings: Settings, tmp_path: Path) -> Path:
    settings.UPLOADS_DIR = tmp_path / "uploads"
    settings.UPLOADS_KEEP_FREE_BYTES = 0
    return settings.UPLOADS_DIR


def metadata(**words: object) -> str:
    return ",".join(f"{name} {b64encode(str(value).encode()).decode()}" for name, value in words.items())


@dataclass
class Sender:
    """A tus client of one person, which knows no more of us than the protocol and two addresses."""

    council: Council
    person: Person

    def __post_init__(self) -> None:
        self.client = client_of(self.person)

    def ask(self, method: str, address: str, body: bytes = b"", kind: str = "", **headers: str) -> HttpResponse:
        told = {"Tus-Resumable": "1.0.0", **{name.replace("_", "-"): value for name, value in headers.items()}}
        if kind:
            told["Content-Type"] = kind  # the test client leaves it out where the body is empty
        return self.client.generic(method, address, body, kind, headers=told)

    @property
    def address(self) -> str:
        return reverse("documents:uploads", args=[self.council.meeting.pk])

    def create(self, size: int = len(CONTENT), body: bytes = b"", kind: str = "", **words: object) -> HttpResponse:
        words = {"filename": "03_Tờ-trình.pdf", "declared_grade": "none", "item": self.council.item.pk, **words}
        named = metadata(**{name: value for name, value in words.items() if value is not None})
        return self.ask("POST", self.address, body, kind, Upload_Length=str(size), Upload_Metadata=named)

    def begin(self, size: int = len(CONTENT), **words: object) -> str:
        answer = self.create(size, **words)
        assert answer.status_code == 201, answer.content
        return answer["Location"]

    def send(self, address: str, offset: int, body: bytes, **headers: str) -> HttpResponse:
        return self.ask("PATCH", address, body, PIECE, Upload_Offset=str(offset), **headers)

    def head(self, address: str) -> HttpResponse:
        return self.ask("HEAD", address)

    def offset(self, address: str) -> int:
        return int(self.head(address)["Upload-Offset"])


@pytest.fixture
def sender(council: Council) -> Sender:
    return Sender(council, council.secretary)


def left(folder: Path) -> list[Path]:
    return list(folder.glob("*"))


# -- The protocol ------------------------------------------------------------------------------------------------------


def test_a_file_comes_in_pieces_and_becomes_a_paper_with_the_last_one(
    sender: Sender, council: Council, parts: Path
) -> None:
    address = sender.begin()
    first = sender.send(address, 0, CONTENT[:HALF])
    assert (first.status_code, first["Upload-Offset"], first.content) == (204, str(HALF), b"")
    assert not Document.objects.exists()

    last = sender.send(address, HALF, CONTENT[HALF:])

    document = Document.objects.get()
    assert (last.status_code, last["Upload-Offset"]) == (204, str(len(CONTENT)))
    assert last["Content-Location"] == f"/documents/{document.pk}/"
    assert (document.title, document.item, document.added_by) == ("03 Tờ-trình", council.item, council.secretary)
    assert document.versions.get().sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert list(Act.objects.filter(act="paper_added").values_list("by", flat=True)) == [council.secretary.pk]
    assert left(parts) == []


@pytest.mark.parametrize("where", ["uploads", "upload"])
def test_options_say_what_this_server_can(sender: Sender, settings: Settings, where: str) -> None:
    address = sender.address if where == "uploads" else sender.begin()
    answer = sender.client.options(address)
    assert answer.status_code == 204
    assert answer["Tus-Version"] == "1.0.0"
    assert answer["Tus-Max-Size"] == str(settings.UPLOAD_LIMIT_BYTES)
    assert set(answer["Tus-Extension"].split(",")) == {
        *("creation", "creation-with-upload", "termination", "expiration", "checksum"),
    }
    assert answer["Tus-Checksum-Algorithm"] == "sha256,sha1"


def test_every_answer_names_the_version_and_is_kept_nowhere(sender: Sender) -> None:
    address = sender.begin()
    for answer in (
        sender.client.options(address),
        sender.create(),
        sender.create(declared_grade="mat"),
        sender.head(address),
        sender.send(address, 7, b""),
        sender.ask("DELETE", address),
        sender.head(address),
    ):
        assert (answer["Tus-Resumable"], answer["Cache-Control"]) == ("1.0.0", "no-store"), answer.status_code


@pytest.mark.parametrize("version", ["", "0.2.2"])
@pytest.mark.parametrize("method", ["POST", "HEAD", "PATCH", "DELETE"])
def test_another_version_of_the_protocol_is_not_understood(sender: Sender, method: str, version: str) -> None:
    address = sender.address if method == "POST" else sender.begin()
    answer = sender.ask(method, address, Tus_Resumable=version, Upload_Offset="0", Upload_Length="1")
    assert (answer.status_code, answer["Tus-Version"]) == (412, "1.0.0")


def test_head_tells_how_far_the_file_is_and_what_was_said_of_it(sender: Sender) -> None:
    address = sender.begin()
    sender.send(address, 0, CONTENT[:10])
    answer = sender.head(address)
    assert answer.status_code == 200
    assert (answer["Upload-Offset"], answer["Upload-Length"]) == ("10", str(len(CONTENT)))
    assert answer["Upload-Metadata"] == Upload.objects.get().metadata != ""
    assert answer.content == b""


def test_an_upload_says_when_it_goes_away_and_every_piece_puts_that_off(sender: Sender) -> None:
    address = sender.begin()
    Upload.objects.update(expires_at=timezone.now() + timedelta(hours=1))
    answer = sender.send(address, 0, CONTENT[:10])
    hours = (parse_http_date(answer["Upload-Expires"]) - timezone.now().timestamp()) / 3600
    assert 23.9 < hours <= 24


@pytest.mark.parametrize("offset", ["1", "999999", "-1", "zwei", ""])
def test_a_piece_that_does_not_begin_where_the_last_one_ended_is_refused(sender: Sender, offset: str) -> None:
    address = sender.begin()
    sender.send(address, 0, CONTENT[:10])
    answer = sender.ask("PATCH", address, b"xxx", PIECE, Upload_Offset=offset)
    assert answer.status_code == (409 if offset.isdecimal() else 400)
    assert sender.offset(address) == 10


def test_a_piece_must_say_that_it_is_one(sender: Sender) -> None:
    address = sender.begin()
    answer = sender.ask("PATCH", address, CONTENT[:10], "application/octet-stream", Upload_Offset="0")
    assert answer.status_code == 415
    assert sender.offset(address) == 0


def test_more_than_was_announced_is_not_taken(sender: Sender) -> None:
    address = sender.begin(20)
    assert sender.send(address, 0, CONTENT[:10]).status_code == 204
    assert sender.send(address, 10, CONTENT[10:40]).status_code == 413
    assert sender.offset(address) == 10


@pytest.mark.parametrize("length", ["", "-5", "viel", "1.5"])
def test_a_file_says_how_long_it_is_before_it_comes(sender: Sender, length: str) -> None:
    words = metadata(filename="a.pdf", declared_grade="none")
    assert sender.ask("POST", sender.address, Upload_Length=length, Upload_Metadata=words).status_code == 400
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    "words",
    [
        "filename ???",
        "filename YQ==,filename YQ==",
        "filename /w==,declared_grade bm9uZQ==",
        "f\u00e9 YQ==",
        "x " * 3000,
    ],
    ids=["not base64", "a name twice", "not UTF-8", "not ASCII", "too long"],
)
def test_words_about_a_file_that_follow_no_rule_are_refused(sender: Sender, words: str) -> None:
    assert sender.ask("POST", sender.address, Upload_Length="5", Upload_Metadata=words).status_code == 400
    assert not Upload.objects.exists()


def test_the_first_piece_may_come_with_the_announcement(sender: Sender) -> None:
    answer = sender.create(body=CONTENT[:HALF], kind=PIECE)
    assert (answer.status_code, answer["Upload-Offset"]) == (201, str(HALF))
    assert sender.send(answer["Location"], HALF, CONTENT[HALF:]).status_code == 204
    assert sender.create(body=CONTENT, kind=PIECE).status_code == 201
    assert Document.objects.count() == 2


def test_what_came_with_the_announcement_and_is_no_paper_leaves_nothing(sender: Sender, parts: Path) -> None:
    answer = sender.create(size=5, body=b"hello", kind=PIECE)
    assert (answer.status_code, answer.json()["code"]) == (422, "not_paper")
    assert not Upload.objects.exists()
    assert left(parts) == []


def test_an_upload_can_be_given_up(sender: Sender, parts: Path) -> None:
    address = sender.begin()
    sender.send(address, 0, CONTENT[:10])
    assert len(left(parts)) == 1
    assert sender.ask("DELETE", address).status_code == 204
    assert left(parts) == []
    assert sender.head(address).status_code == sender.send(address, 10, CONTENT[10:]).status_code == 404


def test_a_client_behind_an_old_proxy_says_the_method_in_a_header(sender: Sender) -> None:
    address = sender.begin()
    words = {"Upload_Offset": "0", "X_HTTP_Method_Override": "PATCH"}
    assert sender.ask("POST", address, CONTENT[:10], PIECE, **words).status_code == 204
    # Who may not change anything without a token must not get round that with a reading method.
    assert sender.ask("GET", address, X_HTTP_Method_Override="DELETE").status_code == 405
    assert Upload.objects.get().offset == 10


@pytest.mark.parametrize(("method", "status"), [("GET", 405), ("PUT", 405), ("POST", 405)])
def test_other_methods_are_not_known(sender: Sender, method: str, status: int) -> None:
    assert sender.ask(method, sender.begin()).status_code == status


# -- Checksums ---------------------------------------------------------------------------------------------------------


def checksum(algorithm: str, content: bytes) -> str:
    return f"{algorithm} {b64encode(hashlib.new(algorithm, content).digest()).decode()}"


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_piece_may_bring_its_checksum(sender: Sender, algorithm: str) -> None:
    address, piece = sender.begin(), CONTENT[:HALF]
    wrong = sender.send(address, 0, piece, Upload_Checksum=checksum(algorithm, b"something else"))
    assert wrong.status_code == 460
    assert sender.offset(address) == 0
    right = sender.send(address, 0, piece, Upload_Checksum=checksum(algorithm, piece))
    assert right["Upload-Offset"] == str(HALF)
    assert sender.send(address, HALF, CONTENT[HALF:]).status_code == 204
    assert DocumentVersion.objects.get().sha256 == hashlib.sha256(CONTENT).hexdigest()


@pytest.mark.parametrize("words", ["md5 1B2M2Y8AsgTpgAmY7PhCfg==", "sha1 ???", "sha1"])
def test_a_checksum_that_nobody_can_check_is_refused(sender: Sender, words: str) -> None:
    address = sender.begin()
    assert sender.send(address, 0, CONTENT[:5], Upload_Checksum=words).status_code in {400, 460}
    assert sender.offset(address) == 0


# -- Who may -----------------------------------------------------------------------------------------------------------


def test_only_who_prepares_begins_an_upload(council: Council) -> None:
    answers = {name: Sender(council, person).create().status_code for name, person in council.cast.items()}
    may = {"secretary", "unit_admin"}
    sees = {"chair", "member", "second_member", "third_member", "stand_in", "invitee", "observer"}
    assert {name for name, status in answers.items() if status == 201} == may
    assert {name for name, status in answers.items() if status == 403} == sees
    assert {name for name, status in answers.items() if status == 404} == set(council.cast) - may - sees


def test_an_upload_is_there_for_who_began_it_alone(council: Council, sender: Sender) -> None:
    address = sender.begin()
    for name, person in council.cast.items():
        other = Sender(council, person)
        answers = {
            other.head(address).status_code,
            other.send(address, 0, CONTENT).status_code,
            other.client.options(address).status_code,
            other.client.get(address).status_code,
        }
        if name != "secretary":
            assert answers == {404}, name
            assert other.ask("DELETE", address).status_code == 404
    assert sender.ask("DELETE", address).status_code == 204


def test_who_is_not_logged_in_is_told_so_and_led_nowhere(council: Council, sender: Sender, client: Any) -> None:
    for address in (sender.address, sender.begin()):
        for method in ("POST", "HEAD", "PATCH", "DELETE", "OPTIONS", "GET"):
            assert client.generic(method, address, headers={"Tus-Resumable": "1.0.0"}).status_code == 401


def test_who_has_yet_to_choose_a_password_is_led_nowhere_either(sender: Sender) -> None:
    address = sender.begin()
    Person.objects.filter(pk=sender.person.pk).update(must_choose_password=True)
    assert sender.head(address).status_code == sender.create().status_code == 403


def test_a_message_from_another_site_is_refused(sender: Sender) -> None:
    address = sender.begin()
    sender.client.handler.enforce_csrf_checks = True
    assert sender.send(address, 0, CONTENT[:10]).status_code == 403
    assert sender.create().status_code == sender.ask("DELETE", address).status_code == 403
    sender.client.get(f"/meetings/{sender.council.meeting.pk}/")
    token = sender.client.cookies["csrftoken"].value
    assert sender.send(address, 0, CONTENT[:10], X_CSRFToken=token).status_code == 204


def test_who_loses_the_right_meanwhile_is_refused_at_the_next_piece(
    council: Council, sender: Sender, parts: Path
) -> None:
    address = sender.begin()
    sender.send(address, 0, CONTENT[:HALF])
    council.participant(council.secretary).delete()
    council.secretary.roles.all().delete()

    answer = sender.send(address, HALF, CONTENT[HALF:])

    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert not Document.objects.exists()
    assert left(parts) == []


def test_rights_are_asked_again_when_the_file_is_complete(
    council: Council, sender: Sender, monkeypatch: pytest.MonkeyPatch, parts: Path
) -> None:
    """While the file is being looked into, the meeting ends."""
    address, look = sender.begin(), actions.looked_into

    def meanwhile(paper: Any) -> dict[str, Any]:
        type(council.meeting).objects.update(state=council.meeting.State.CLOSED)
        return look(paper)

    monkeypatch.setattr(actions, "looked_into", meanwhile)
    answer = sender.send(address, 0, CONTENT)
    assert (answer.status_code, answer.json()["code"]) == (422, "meeting_over")
    assert not Document.objects.exists()
    assert left(parts) == []


# -- What is refused before a byte travels -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("grade", "code"),
    [("mat", "graded"), ("toi_mat", "graded"), ("tuyet_mat", "graded"), ("", "no_grade"), ("open", "no_grade")],
)
def test_the_grade_is_asked_before_a_byte_travels(sender: Sender, grade: str, code: str, parts: Path) -> None:
    answer = sender.create(declared_grade=grade, body=CONTENT, kind=PIECE)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert len(answer.json()["text"]) > 20
    assert not Upload.objects.exists()
    assert left(parts) == []


def test_who_does_not_speak_of_a_grade_at_all_is_asked_for_it(sender: Sender) -> None:
    assert sender.create(declared_grade=None).json()["code"] == "no_grade"
    assert sender.ask("POST", sender.address, Upload_Length="5").json()["code"] == "no_grade"


def test_a_file_over_the_limit_is_refused_with_its_sentence(sender: Sender, settings: Settings) -> None:
    answer = sender.create(settings.UPLOAD_LIMIT_BYTES + 1)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert "500 MB" in answer.json()["text"]
    assert sender.create(settings.UPLOAD_LIMIT_BYTES).status_code == 201


def test_an_empty_file_is_refused_at_once(sender: Sender) -> None:
    assert (sender.create(0).status_code, sender.create(0).json()["code"]) == (422, "empty")


def test_nothing_is_begun_once_the_meeting_is_over(council: Council, sender: Sender) -> None:
    type(council.meeting).objects.update(state=council.meeting.State.CLOSED)
    assert (sender.create().status_code, sender.create().json()["code"]) == (422, "meeting_over")


@pytest.mark.parametrize("filename", [None, "", "a" * 256, "a\x00b"], ids=["none", "empty", "too long", "a NUL"])
def test_a_file_has_a_name(sender: Sender, filename: str | None) -> None:
    answer = sender.create(filename=filename)
    assert (answer.status_code, answer.json()["code"]) == (422, "no_name")


def test_of_a_name_the_folders_are_left_out(sender: Sender) -> None:
    sender.begin(filename="C:\\Mật thư\\../Báo cáo.pdf")
    assert Upload.objects.get().file_name == "Báo cáo.pdf"


def test_a_file_must_belong_to_the_agenda_of_its_meeting(council: Council, sender: Sender) -> None:
    from tests.council import add_meeting

    old_item = council.item
    paper = papers.add_paper(council)
    add_meeting(council)
    for words in ({"item": old_item.pk}, {"item": "9" * 30}, {"document": paper.pk}, {"document": "x"}):
        answer = sender.create(**{"item": "", **words})
        assert (answer.status_code, answer.json()["code"]) == (422, "no_place"), words
    assert sender.create(item="").status_code == 201


# -- Quotas ------------------------------------------------------------------------------------------------------------


def test_of_one_person_only_so_many_files_are_on_their_way(
    council: Council, sender: Sender, settings: Settings
) -> None:
    settings.UNFINISHED_UPLOADS = 2
    first = sender.begin()
    sender.begin()
    answer = sender.create()
    assert (answer.status_code, answer.json()["code"]) == (422, "too_many_uploads")
    assert Sender(council, council.unit_admin).create().status_code == 201  # another person's are not counted
    sender.send(first, 0, CONTENT)  # nor what has arrived
    assert sender.create().status_code == 201


def test_of_one_person_only_so_many_bytes_are_on_their_way(sender: Sender, settings: Settings) -> None:
    settings.UNFINISHED_UPLOAD_BYTES = 100
    sender.begin(60)
    assert sender.create(41).json()["code"] == "too_many_uploads"
    assert sender.create(40).status_code == 201


def test_room_is_kept_on_the_disk(council: Council, sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(part_files, "free_bytes", lambda: 1000)
    assert sender.create(501).json()["code"] == "no_room"
    sender.begin(400)
    assert Sender(council, council.unit_admin).create(301).json()["code"] == "no_room"  # promised is promised
    assert Sender(council, council.unit_admin).create(300).status_code == 201


def test_a_disk_that_is_full_costs_the_piece_and_nothing_else(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    address = sender.begin()
    sender.send(address, 0, CONTENT[:10])

    def full(part: part_files.Part, piece: bytes) -> None:
        part.file.write(piece[:3])
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(part_files.Part, "write", full)
        answer = sender.send(address, 10, CONTENT[10:HALF])
    assert (answer.status_code, answer.json()["code"]) == (507, "no_room")
    assert sender.offset(address) == 10
    assert sender.send(address, 10, CONTENT[10:]).status_code == 204
    assert Document.objects.count() == 1


# -- The end -----------------------------------------------------------------------------------------------------------


def test_a_picture_comes_in_pieces_too_and_waits_to_be_made_into_pages(sender: Sender) -> None:
    content = office_files.picture("PNG")
    address = sender.begin(len(content))
    assert sender.send(address, 0, content[:20]).status_code == 204
    assert sender.send(address, 20, content[20:]).status_code == 204
    version = DocumentVersion.objects.get()
    assert (version.state, version.made_from) == (DocumentVersion.State.CONVERTING, "png")


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"Not a paper at all", "not_paper"), (papers.broken_pdf(), "broken"), (papers.encrypted_pdf(), "encrypted")],
    ids=["no paper", "broken", "encrypted"],
)
def test_a_file_that_is_no_paper_is_refused_with_its_reason_and_nothing_stays(
    sender: Sender, files: Path, parts: Path, content: bytes, code: str
) -> None:
    address = sender.begin(len(content))
    answer = sender.send(address, 0, content)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert len(answer.json()["text"]) > 20
    assert not Document.objects.exists()
    assert left(parts) == [] == [path for path in files.rglob("*") if path.is_file()]
    # Whoever did not hear it, asks again and is told the same.
    assert sender.head(address).status_code == 410
    assert sender.send(address, len(content) - 1, b"").json() == answer.json()
    assert sender.send(address, 0, content).json() == answer.json()


def test_a_stamped_paper_is_held_back_as_if_it_had_come_in_one_piece(sender: Sender) -> None:
    content = papers.pdf("TỐI MẬT\nTờ trình")
    sender.send(sender.begin(len(content)), 0, content)
    assert DocumentVersion.objects.get().state == "held"


def test_the_answer_to_the_last_piece_may_be_lost(sender: Sender, parts: Path) -> None:
    """The paper is there once, however often it is asked for: by HEAD, by an empty piece, by the last piece again."""
    address = sender.begin()
    sender.send(address, 0, CONTENT[:HALF])
    lost = sender.send(address, HALF, CONTENT[HALF:])
    for _again in range(2):
        assert sender.offset(address) == len(CONTENT)
        again = sender.send(address, len(CONTENT), b"")
        assert (again.status_code, again["Content-Location"]) == (204, lost["Content-Location"])
        assert sender.send(address, HALF, CONTENT[HALF:]).status_code == 409
    assert DocumentVersion.objects.count() == Document.objects.count() == 1
    assert left(parts) == []


def test_an_upload_that_became_a_paper_becomes_no_second_one(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two servers without a common lock, which both have the whole file and take it in at the same moment."""
    address, look = sender.begin(), actions.looked_into
    row = Upload.objects.select_related("meeting", "item", "by").get()
    others: list[DocumentVersion] = []

    def other_server_first(paper: Any) -> dict[str, Any]:
        found = look(paper)
        if not others:
            others.append(None)  # type: ignore[arg-type]
            file = papers.upload(CONTENT)
            given = {"by": row.by, "declared_grade": "none", "item": row.item}
            actions.add_paper(row.meeting, file=file, and_then=lambda it: resuming.became(row, it), **given)
        return found

    monkeypatch.setattr(actions, "looked_into", other_server_first)
    assert sender.send(address, 0, CONTENT).status_code == 409
    assert sender.offset(address) == len(CONTENT)
    assert Document.objects.count() == 1


def test_when_nobody_has_time_to_look_into_the_file_one_byte_is_asked_for_again(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = sender.begin()

    def busy(*_: object, **__: object) -> None:
        raise children.Busy

    with monkeypatch.context() as patch:
        patch.setattr(actions, "child_for", busy)
        answer = sender.send(address, 0, CONTENT)
    assert (answer.status_code, answer["Retry-After"]) == (503, "2")
    assert sender.offset(address) == len(CONTENT) - 1
    assert sender.send(address, len(CONTENT) - 1, CONTENT[-1:]).status_code == 204
    assert Document.objects.count() == 1


def test_a_file_becomes_the_next_version_of_a_paper(council: Council, sender: Sender) -> None:
    document = papers.add_paper(council, "bản một")
    sender.send(sender.begin(document=document.pk, item=None), 0, CONTENT)
    assert list(document.versions.values_list("number", flat=True)) == [2, 1]
    assert Document.objects.count() == 1
    withdrawn = papers.add_paper(council, "khác")
    actions.withdraw_paper(withdrawn, by=council.secretary)
    assert sender.create(document=withdrawn.pk).json()["code"] == "no_place"


def test_when_its_item_is_taken_off_the_agenda_the_file_is_chosen_anew(council: Council, sender: Sender) -> None:
    item = AgendaItem.objects.create(meeting=council.meeting, title="Thêm", position=9, planned_minutes=5)
    address = sender.begin(item=item.pk)
    sender.send(address, 0, CONTENT[:10])
    item.delete()
    assert sender.send(address, 10, CONTENT[10:]).status_code == 404
    assert sender.create(item=item.pk or 0).json()["code"] == "no_place"


# -- Killed in the middle ----------------------------------------------------------------------------------------------


def part_of(address: str) -> Path:
    return part_files.path_of(address.strip("/").split("/")[-1])  # type: ignore[arg-type]


def test_bytes_that_a_killed_server_had_not_acknowledged_are_sent_again(sender: Sender) -> None:
    """The file is longer than the row says: nobody knows whether those bytes are on the disk or passed a checksum."""
    address = sender.begin()
    sender.send(address, 0, CONTENT[:HALF])
    with part_of(address).open("ab") as file:
        file.write(b"\0" * 50)
    assert sender.offset(address) == HALF
    assert sender.send(address, HALF, CONTENT[HALF:]).status_code == 204
    assert DocumentVersion.objects.get().sha256 == hashlib.sha256(CONTENT).hexdigest()


@pytest.mark.parametrize("kept", [0, 7])
def test_what_the_disk_has_lost_is_sent_again(sender: Sender, kept: int) -> None:
    """The file is shorter than the row says: it is the truth."""
    address = sender.begin()
    sender.send(address, 0, CONTENT[:HALF])
    with part_of(address).open("ab") as file:
        file.truncate(kept)
    assert sender.offset(address) == kept
    assert sender.send(address, HALF, CONTENT[HALF:]).status_code == 409
    assert sender.send(address, kept, CONTENT[kept:]).status_code == 204
    assert DocumentVersion.objects.get().sha256 == hashlib.sha256(CONTENT).hexdigest()


def test_a_server_killed_while_it_looks_into_the_file_does_so_again(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = sender.begin()
    sender.client.raise_request_exception = False

    def killed(_paper: object) -> None:
        raise SystemError

    with monkeypatch.context() as patch:
        patch.setattr(actions, "looked_into", killed)
        assert sender.send(address, 0, CONTENT).status_code == 500
    assert sender.offset(address) == len(CONTENT) - 1
    assert sender.send(address, len(CONTENT) - 1, CONTENT[-1:]).status_code == 204
    assert Document.objects.count() == 1


def test_an_offset_is_acknowledged_when_the_bytes_are_on_the_disk(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, settled = sender.begin(), []
    monkeypatch.setattr(part_files.os, "fsync", lambda _number: settled.append(Upload.objects.get().offset))
    sender.send(address, 0, CONTENT[:10])
    assert settled == [0]
    assert Upload.objects.get().offset == 10


def test_a_body_is_never_held_in_memory(council: Council, sender: Sender) -> None:
    class Endless(BytesIO):
        asked: list[int] = []

        def read(self, size: int = -1, /) -> bytes:  # type: ignore[override]
            self.asked.append(size)
            return super().read(size)

    sender.begin()
    resuming.receive(Upload.objects.get(), Endless(CONTENT[:HALF]), offset=0)
    assert set(Endless.asked) == {part_files.PIECE_BYTES}


# -- At the same moment ------------------------------------------------------------------------------------------------


def test_while_one_piece_is_being_written_another_is_turned_away(sender: Sender) -> None:
    address = sender.begin()
    with part_files.held(Upload.objects.get().pk):
        answer = sender.send(address, 0, CONTENT)
        assert (answer.status_code, answer["Retry-After"]) == (423, "2")
        assert sender.ask("DELETE", address).status_code == 423
    assert sender.send(address, 0, CONTENT).status_code == 204


@pytest.mark.django_db(transaction=True)
def test_of_two_who_send_at_the_same_moment_one_wins(council: Council) -> None:
    address = Sender(council, council.secretary).begin()
    tablets = [Sender(council, council.secretary) for _ in range(4)]
    pieces = [CONTENT[:HALF], CONTENT[: HALF - 5], CONTENT[: HALF + 5], CONTENT[:1]]

    answers = together(
        *[lambda t=t, p=p: t.send(address, 0, p).status_code for t, p in zip(tablets, pieces, strict=True)]
    )

    assert answers.count(204) == 1
    assert set(answers) <= {204, 409, 423}
    begin = tablets[0].offset(address)
    assert begin == len(pieces[answers.index(204)])
    last = together(*[lambda t=t: t.send(address, begin, CONTENT[begin:]).status_code for t in tablets])
    assert last.count(204) == 1
    assert set(last) <= {204, 409, 423}
    assert DocumentVersion.objects.get().sha256 == hashlib.sha256(CONTENT).hexdigest()


@pytest.mark.django_db(transaction=True)
def test_who_begins_many_at_the_same_moment_stays_within_the_quota(council: Council, settings: Settings) -> None:
    settings.UNFINISHED_UPLOADS = 2
    tablets = [Sender(council, council.secretary) for _ in range(4)]
    answers = together(*[lambda t=t: t.create().status_code for t in tablets])
    assert sorted(answers) == [201, 201, 422, 422], connection.vendor


# -- What is left alone ------------------------------------------------------------------------------------------------


def test_what_nobody_goes_on_with_goes_away(sender: Sender, parts: Path) -> None:
    old, young = sender.begin(), sender.begin()
    for address in (old, young):
        sender.send(address, 0, CONTENT[:10])
    Upload.objects.filter(pk=part_of(old).stem).update(expires_at=timezone.now() - timedelta(seconds=1))

    assert sender.head(old).status_code == sender.send(old, 10, CONTENT[10:]).status_code == 410
    resuming.forget_expired_uploads()

    assert sender.head(old).status_code == 404
    assert sender.offset(young) == 10
    assert left(parts) == [part_of(young)]


def test_a_paper_outlives_its_upload(sender: Sender) -> None:
    sender.send(sender.begin(), 0, CONTENT)
    Upload.objects.update(expires_at=timezone.now())
    resuming.forget_expired_uploads()
    assert (Upload.objects.count(), Document.objects.count()) == (0, 1)


def test_what_is_being_written_is_not_taken_away(sender: Sender, parts: Path) -> None:
    sender.send(sender.begin(), 0, CONTENT[:10])
    Upload.objects.update(expires_at=timezone.now())
    with part_files.held(Upload.objects.get().pk):
        resuming.forget_expired_uploads()
        assert len(left(parts)) == Upload.objects.count() == 1


def test_a_file_without_a_row_goes_away_too(sender: Sender, parts: Path) -> None:
    import os

    address = sender.begin()
    sender.send(address, 0, CONTENT[:10])
    Upload.objects.all().delete()
    resuming.forget_expired_uploads()
    assert left(parts) == [part_of(address)]  # it may be younger than its row
    long_ago = timezone.now().timestamp() - 3 * 24 * 3600
    os.utime(part_of(address), (long_ago, long_ago))
    resuming.forget_expired_uploads()
    assert left(parts) == []


def test_nobody_is_asked_each_second_in_vain(sender: Sender, django_assert_num_queries: Any) -> None:
    sender.begin()
    with django_assert_num_queries(1):
        resuming.forget_expired_uploads()
