"""The 14 papers of the demo, made on this machine: no file is shipped, none is fetched."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from config.demo.papers import budget, coming, council, economy, investment, land_use, opinions, scans, zoning

SEED = 2027


@dataclass(frozen=True)
class PaperPlan:
    """What one paper is, and the function that makes it."""

    key: str
    make: Callable[..., None]
    sides: int

    @property
    def file_name(self) -> str:
        return f"{self.key}.pdf"


PAPERS = [
    PaperPlan("to-trinh-du-toan", budget.make_submission, 2),
    PaperPlan("bao-cao-du-toan", budget.make_estimate, 60),
    PaperPlan("du-thao-nghi-quyet", budget.make_resolution, 5),
    PaperPlan("bao-cao-tiep-thu-giai-trinh", opinions.make_answers, 12),
    PaperPlan("bao-cao-kinh-te-xa-hoi", economy.make_report, 18),
    PaperPlan("quy-hoach-phan-khu", zoning.make_plan, 9),
    PaperPlan("danh-muc-dau-tu-cong", investment.make_list, investment.SIDES),
    PaperPlan("y-kien-so-tu-phap", scans.make_opinion, scans.SIDES),
    PaperPlan("ban-do-su-dung-dat", land_use.make_map, land_use.SIDES),
    PaperPlan("bao-cao-tham-tra", council.make_verification, 2),
    PaperPlan("chuong-trinh-ky-hop", council.make_programme, 2),
    PaperPlan("bao-cao-giai-ngan", coming.make_disbursement, coming.DISBURSEMENT_SIDES),
    PaperPlan("phuong-an-chay-rung", coming.make_forest_plan, coming.FOREST_SIDES),
    PaperPlan("du-thao-cay-xanh", coming.make_tree_rules, 2),
]


def make_papers(folder: Path, *, day: datetime.date, seed: int = SEED) -> dict[str, Path]:
    """Make all papers of a session held on that day, and return where each lies."""
    folder.mkdir(parents=True, exist_ok=True)
    made = {}
    for paper in PAPERS:
        made[paper.key] = folder / paper.file_name
        paper.make(made[paper.key], day=day, seed=seed)
    return made
