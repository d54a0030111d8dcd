"""People from a file: shown first, every wrong row named, all entered or none; files are hostile."""

import io
import re
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from accounts import sheets
from accounts.acts import breaks
from accounts.models import Membership, Person, Position
from tests.accounts.administration import acts_of, get, installation_acts, post, text_of
from tests.council import Council, client_of

pytestmark = pytest.mark.django_db

HEADER = ["Họ và tên", "Tên đăng nhập", "Thư điện tử", "Điện thoại", "Đơn vị", "Chức vụ", "Từ ngày", "Đến ngày"]
LA = ["La Thị Huyền", "la-thi-huyen", "huyen@lam-giang.example", "0912345678", "UBND tỉnh", "Ủy viên", "01/01/2026", ""]
KIEU = ["Kiều Đức Mạnh", "", "", "", "Ủy ban nhân dân tỉnh", "ủy viên", "2026-02-01", "31/12/2026"]
TABLE = [HEADER, LA, KIEU]


def csv_file(rows: list[list[str]]) -> bytes:
    return sheets.csv_of(rows)


def xlsx_file(rows: list[list[str]]) -> bytes:
    return sheets.workbook_of("Nhân sự", rows)


def upload(council: Council, content: bytes, name: str = "nhan-su.csv") -> HttpResponse:
    return post(council.unit_admin, "import_of_people", file=SimpleUploadedFile(name, content))


def confirm(council: Council, shown: HttpResponse, who: str = "unit_admin") -> HttpResponse:
    found = re.search(r'name="rows" value="([^"]+)"', text_of(shown))
    return post(getattr(council, who), "entry_of_people", rows=found.group(1) if found else "")


def test_a_table_is_shown_first_and_entered_when_confirmed(council: Council) -> None:
    for make in (csv_file, xlsx_file):
        shown = upload(council, make(TABLE))
        assert shown.status_code == 200
        assert "Sẽ thêm 2 người" in text_of(shown)
        assert not Person.objects.filter(full_name="La Thị Huyền").exists()
    assert confirm(council, shown).headers["Location"] == reverse("accounts:first_passwords")
    la, kieu = Person.objects.get(full_name="La Thị Huyền"), Person.objects.get(full_name="Kiều Đức Mạnh")
    assert (la.username, la.email, la.phone) == ("la-thi-huyen", "huyen@lam-giang.example", "0912345678")
    assert (kieu.username, kieu.memberships.get().valid_until.isoformat()) == (None, "2026-12-31")
    assert {one.memberships.get().organisation for one in (la, kieu)} == {council.province}
    assert not la.has_usable_password()
    assert ("people_imported", "installation") in installation_acts()
    assert acts_of(council.province) == [("membership_added", council.unit_admin.pk)] * 2
    assert list(breaks()) == []


def test_dates_that_a_spreadsheet_keeps_as_dates_are_understood(council: Council) -> None:
    from datetime import datetime

    book = Workbook()
    book.worksheets[0].append(HEADER)
    book.worksheets[0].append([*LA[:6], datetime(2026, 3, 5), None])  # noqa: DTZ001 - a cell has no zone
    out = io.BytesIO()
    book.save(out)
    confirm(council, upload(council, out.getvalue(), "x.xlsx"))
    assert Person.objects.get(username="la-thi-huyen").memberships.get().valid_from.isoformat() == "2026-03-05"


@pytest.mark.parametrize(
    ("column", "typed", "sentence"),
    [
        (0, "", "Thiếu họ và tên."),
        (1, "member", "Tên đăng nhập “member” đã có người dùng."),
        (1, "có dấu", "Tên đăng nhập gồm chữ không dấu"),
        (2, "khong-phai-thu", "“khong-phai-thu” không phải địa chỉ thư điện tử."),
        (4, "", "Thiếu đơn vị."),
        (4, "UBND huyện", "Không có đơn vị “UBND huyện” trong phạm vi quản trị."),
        (5, "Vua", "Chức vụ “Vua” chưa có trong danh mục chức vụ."),
        (6, "", "Thiếu ngày bắt đầu đảm nhiệm."),
        (6, "32/13/2026", "“32/13/2026” không phải ngày"),
        (7, "31/12/2020", "Ngày kết thúc 31/12/2020 trước ngày bắt đầu."),
    ],
)
def test_one_wrong_row_is_named_and_nothing_is_entered(
    council: Council, column: int, typed: str, sentence: str
) -> None:
    wrong = [*LA]
    wrong[column] = typed
    before = (Person.objects.count(), Membership.objects.count())
    answer = upload(council, csv_file([HEADER, KIEU, wrong]))
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert re.search(r'class="numbers">3</td>', text_of(answer))
    assert 'name="rows"' not in text_of(answer)
    confirm(council, answer)
    assert (Person.objects.count(), Membership.objects.count()) == before


def test_a_row_said_twice_names_the_first(council: Council) -> None:
    answer = upload(council, csv_file([HEADER, KIEU, LA, KIEU]))
    assert answer.status_code == 422
    assert "Trùng người và chức vụ với dòng 2." in text_of(answer)
    answer = upload(council, csv_file([HEADER, LA, ["Người Khác", *LA[1:]]]))
    assert "Trùng tên đăng nhập với dòng 2." in text_of(answer)


def test_somebody_who_holds_the_office_already_is_not_entered_again(council: Council) -> None:
    member = ["Lê Hoàng Cường", "", "", "", "UBND tỉnh", "Ủy viên", "01/01/2026", ""]
    answer = upload(council, csv_file([HEADER, member]))
    assert "Đã có người cùng họ tên giữ chức vụ này." in text_of(answer)


def test_what_changed_between_showing_and_confirming_is_seen(council: Council) -> None:
    shown = upload(council, csv_file(TABLE))
    council.member.username = "la-thi-huyen"
    council.member.save()
    answer = confirm(council, shown)
    assert answer.status_code == 422
    assert "Tên đăng nhập “la-thi-huyen” đã có người dùng." in text_of(answer)
    assert not Person.objects.filter(full_name="Kiều Đức Mạnh").exists()


@pytest.mark.parametrize("who", ["other_unit_admin", "outsider"])
def test_what_was_shown_to_one_is_not_entered_by_another(council: Council, who: str) -> None:
    confirm(council, upload(council, csv_file(TABLE)), who)
    assert not Person.objects.filter(full_name="Kiều Đức Mạnh").exists()


def test_a_wrong_header_names_what_is_missing(council: Council) -> None:
    answer = upload(council, csv_file([["Họ và tên", "Cơ quan"], ["A", "B"]]))
    assert answer.status_code == 422
    assert "Còn thiếu: Chức vụ, Từ ngày." in text_of(answer)


def test_header_names_are_understood_without_accents_and_in_any_order(council: Council) -> None:
    rows = [["TU NGAY", "ho ten *", "don vi", "chuc vu"], ["1/2/2026", "Kiều Đức Mạnh", "ubnd tinh", "UY VIEN"]]
    assert upload(council, csv_file(rows)).status_code == 200


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet1.xml", b"0" * (sheets.LIMIT_UNPACKED_BYTES + 1))
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Tệp rỗng. Chọn tệp khác."),
        (b"\n\n;;\n", "Tệp không có dòng nào."),
        (b"PK\x03\x04 is what a workbook begins with", "Không đọc được tệp này."),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00", "Không đọc được chữ trong tệp này."),
        (b"a;b\x00c", "Không đọc được tệp này."),
        ("Họ và tên".encode("utf-16-le"), "Không đọc được"),
        (b"x" * (sheets.LIMIT_BYTES + 1), "Tệp quá lớn"),
        (b"a\n" * (sheets.LIMIT_ROWS + 1), "Tệp có hơn 1000 người."),
        (csv_file([HEADER]), "Tệp chỉ có dòng tên cột"),
    ],
    ids=["nothing", "blank rows", "no workbook", "a picture", "nul", "other letters", "large", "long", "header alone"],
)
def test_a_file_that_is_no_table_is_refused_with_what_to_do(council: Council, content: bytes, sentence: str) -> None:
    answer = upload(council, content, "nhan-su.xlsx")
    assert answer.status_code == 422
    assert sentence in text_of(answer)


def test_a_workbook_that_would_unpack_to_too_much_is_not_unpacked(council: Council) -> None:
    assert "Tệp quá lớn" in text_of(upload(council, bomb(), "x.xlsx"))


def test_choosing_no_file_is_said(council: Council) -> None:
    answer = post(council.unit_admin, "import_of_people")
    assert answer.status_code == 422
    assert "Chọn một tệp." in text_of(answer)


# -- Tables that are handed out ----------------------------------------------------------------------------------------


def test_the_empty_tables_have_the_header_that_is_read(council: Council) -> None:
    Position.objects.create(name="Chuyên viên", rank=90)
    for form in ("csv", "xlsx"):
        content = get(council.unit_admin, "table_for_people", form).content
        assert upload(council, content).status_code == 200


def test_no_cell_of_an_export_starts_a_formula(council: Council) -> None:
    Person.objects.filter(pk=council.member.pk).update(full_name='=HYPERLINK("x")', phone="+84 912", email="@x")
    answer = get(council.unit_admin, "people_export")
    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value]
    assert '=HYPERLINK("x")' in [cell.value for cell in cells]
    assert {cell.data_type for cell in cells} == {"s"}
    assert sheets.csv_of([["=1+1", "+84", "-1", "@x", "\tx", "a"]]).decode("utf-8-sig").strip() == (
        "'=1+1;'+84;'-1;'@x;'\tx;a"
    )


def test_an_export_holds_the_people_one_administers_and_is_read_by_the_import(council: Council) -> None:
    rows = sheets.read_table(get(council.unit_admin, "people_export").content)
    assert rows[0] == HEADER[:8]
    names = {row[0] for row in rows[1:]}
    assert council.member.full_name in names
    assert council.other_unit_member.full_name not in names
    answer = upload(council, get(council.unit_admin, "people_export", words="Lê Hoàng").content)
    assert "Tên đăng nhập “member” đã có người dùng." in text_of(answer)


# -- First passwords ---------------------------------------------------------------------------------------------------


def test_first_passwords_are_made_for_those_chosen_and_shown_once(council: Council) -> None:
    confirm(council, upload(council, csv_file([HEADER, LA, ["Kiều Đức Mạnh", "kieu-duc-manh", *KIEU[2:]]])))
    la, kieu = (Person.objects.get(username=name) for name in ("la-thi-huyen", "kieu-duc-manh"))
    browser = client_of(council.unit_admin)
    assert "la-thi-huyen" in text_of(browser.get(reverse("accounts:first_passwords")))
    answer = browser.post(reverse("accounts:first_passwords"), {"person": [la.pk, council.other_unit_member.pk]})
    password = re.search(r'<output class="password">([a-z0-9-]+)</output>', text_of(answer)).group(1)
    assert text_of(answer).count("<output") == 1
    la.refresh_from_db()
    kieu.refresh_from_db()
    assert la.check_password(password)
    assert not kieu.has_usable_password()
    waiting = text_of(browser.get(reverse("accounts:first_passwords")))
    assert "kieu-duc-manh" in waiting
    assert "la-thi-huyen" not in waiting
    assert password not in waiting


def test_first_passwords_never_replace_one(council: Council) -> None:
    answer = post(council.unit_admin, "first_passwords", person=council.member.pk)
    assert answer.status_code == 422
    council.member.refresh_from_db()
    assert council.member.check_password("mat-khau-thu")


@pytest.mark.parametrize("number", ["9" * 30, "9" * 5000])
def test_first_passwords_for_a_number_too_long_to_be_one_go_to_nobody(council: Council, number: str) -> None:
    assert post(council.unit_admin, "first_passwords", person=number).status_code == 422
