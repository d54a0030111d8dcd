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
    ],
    "economy": [
        Label("bao-cao-kinh-te-xa-hoi", "report", "Báo cáo kinh tế - xã hội", "291", "BC-UBND", "UBND tỉnh"),
    ],
    "zoning": [
        Label("quy-hoach-phan-khu", "submission", "Tờ trình và đồ án quy hoạch", "206", "TTr-SXD", "Sở Xây dựng"),
    ],
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
