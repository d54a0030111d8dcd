"""Which paper of the demo belongs where, and what stands on its label. What is drawn is in config/demo/papers."""

from pathlib import Path
from typing import NamedTuple

from django.core.files import File

from accounts.models import Person
from documents.actions import add_paper
from documents.models import Document
from meetings.models import AgendaItem, Meeting


class Label(NamedTuple):
    key: str  # of the file
    kind: str
    title: str
    number: str
    symbol: str
    issuing_body: str


TODAY = {
    "budget": [
        Label("to-trinh-du-toan", "submission", "Tờ trình về dự toán ngân sách", "123", "TTr-STC", "Sở Tài chính"),
        Label("bao-cao-du-toan", "report", "Báo cáo dự toán ngân sách địa phương", "287", "BC-UBND", "UBND tỉnh"),
        Label("du-thao-nghi-quyet", "draft", "Dự thảo Nghị quyết về dự toán ngân sách", "", "NQ-HĐND", "HĐND tỉnh"),
        Label(
            *("bao-cao-tiep-thu-giai-trinh", "report", "Báo cáo tiếp thu, giải trình ý kiến góp ý"),
            *("418", "BC-STC", "Sở Tài chính"),
        ),
        Label("danh-muc-dau-tu-cong", "annex", "Danh mục dự án đầu tư công", "436", "BC-STC", "Sở Tài chính"),
        Label("y-kien-so-tu-phap", "appraisal", "Báo cáo thẩm định (bản quét)", "152", "BC-STP", "Sở Tư pháp"),
    ],
    "economy": [
        Label("bao-cao-kinh-te-xa-hoi", "report", "Báo cáo kinh tế - xã hội", "291", "BC-UBND", "UBND tỉnh"),
    ],
    "zoning": [
        Label("quy-hoach-phan-khu", "submission", "Tờ trình và đồ án quy hoạch", "206", "TTr-SXD", "Sở Xây dựng"),
        Label("ban-do-su-dung-dat", "annex", "Bản đồ sử dụng đất, khổ A1", "318", "TTr-SNNMT", "Sở NN&MT"),
    ],
}

COMING = {
    "briefing": (
        Label("bao-cao-giai-ngan", "report", "Tiến độ giải ngân vốn đầu tư công", "440", "BC-STC", "Sở Tài chính"),
    ),
    "council": (
        Label("bao-cao-tham-tra", "appraisal", "Báo cáo thẩm tra dự toán", "47", "BC-KTNS", "Ban KT-NS HĐND tỉnh"),
        Label("chuong-trinh-ky-hop", "submission", "Dự kiến chương trình kỳ họp", "61", "TTr-HĐND", "TT HĐND tỉnh"),
    ),
    "regular": (
        Label("phuong-an-chay-rung", "report", "Phương án phòng cháy rừng", "322", "BC-SNNMT", "Sở NN&MT"),
        Label("du-thao-cay-xanh", "draft", "Dự thảo Quyết định về cây xanh", "", "QĐ-UBND", "UBND tỉnh"),
    ),
}


def file_paper(meeting: Meeting, label: Label, papers: dict[str, Path], *, by: Person, item: AgendaItem) -> Document:
    """Bring one paper in, as the secretary would."""
    with papers[label.key].open("rb") as file:
        return add_paper(
            meeting,
            by=by,
            file=File(file, name=papers[label.key].name),
            declared_grade="none",
            item=item,
            title=label.title,
            kind=label.kind,
            number=label.number,
            symbol=label.symbol,
            issuing_body=label.issuing_body,
        )
