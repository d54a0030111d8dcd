"""The exported table alone gives the same figures: another way to the same numbers, with the standard library only."""

import csv
import io
import math
import random
import re
import statistics
from html import unescape

import pytest

from tests.council import Council, client_of
from tests.targets.province import add_series, make_history, make_leader

pytestmark = pytest.mark.django_db
DRAWS = 4000
POINTS = 1.2  # how many percentage points two sets of draws may differ at the ends


def recomputed(table: bytes) -> tuple[float, float, float, int, int]:
    """Return R, both ends of its interval in percent, and the sessions before and after, from the CSV."""
    series: dict[str, tuple[list[float], list[float]]] = {}
    for row in csv.DictReader(io.StringIO(table.decode("utf-8-sig")), delimiter=";"):
        before, after = series.setdefault(row["Mã loại phiên họp"], ([], []))
        seconds = int(row["Thời gian họp thực tế (giây)"])
        if seconds >= 300 and row["Giai đoạn"] == "trước khi dùng hệ thống":
            before.append(seconds)
        elif seconds >= 300 and row["Giai đoạn"] == "đã dùng hệ thống":
            after.append(seconds)
    pooled = [sides for sides in series.values() if min(map(len, sides)) >= 6]
    hours = sum(sum(before) for before, _after in pooled)

    def reduction(draw: bool) -> float:
        total = 0.0
        for sides in pooled:
            middle = statistics.median if min(map(len, sides)) < 12 else statistics.geometric_mean
            before, after = (generator.choices(side, k=len(side)) if draw else side for side in sides)
            total += sum(sides[0]) / hours * math.log(middle(after) / middle(before))
        return 100 * (1 - math.exp(total))

    generator = random.Random(7)
    drawn = sorted(reduction(True) for _ in range(DRAWS))
    counts = [sum(len(sides[side]) for sides in pooled) for side in (0, 1)]
    return reduction(False), drawn[int(DRAWS * 0.025)], drawn[int(DRAWS * 0.975)], counts[0], counts[1]


def written(page: str, words: str) -> list[float]:
    found = re.search(words, page)
    assert found is not None, words
    return [float(number.replace("−", "-").replace(",", ".")) for number in found.groups()]


def verdict(share: float, low: float, high: float, target: float) -> str:
    if low >= target:
        return "đạt"
    if high < target:
        return "chưa đạt"
    if share > target and low > 0:
        return f"đã giảm, chưa chứng minh được mức {target:.0f}\xa0%"
    return "chưa đủ căn cứ"


@pytest.mark.parametrize("cut", [0.5, 0.36, 0.1])
def test_plain_python_agrees_with_the_page(council: Council, cut: float) -> None:
    make_leader(council)
    make_history(council, series=2, cut=cut)
    add_series(council, 2, before=9, after=11, cut=cut)  # by medians
    add_series(council, 5, organisation=council.other_unit, before=12, after=4, cut=0.9)  # listed only
    client = client_of(council.system_admin)
    page = unescape(client.get("/targets/").content.decode())
    share, low, high, before, after = recomputed(client.get("/targets/sessions/table.csv").content)
    shown = written(page, r"ngắn hơn (−?\d+,\d)\xa0%")[0]
    shown_low, shown_high = written(page, r"trong khoảng (−?\d+,\d)\xa0% đến (−?\d+,\d)\xa0%")
    assert written(page, r"(\d+) phiên trước và (\d+) phiên sau") == [before, after]
    assert shown == pytest.approx(share, abs=0.051)
    assert shown_low == pytest.approx(low, abs=POINTS)
    assert shown_high == pytest.approx(high, abs=POINTS)
    verdicts = re.findall(r"Mục tiêu \d+\xa0%: <strong>([^<]+)</strong>", page)
    assert verdicts == [verdict(shown, shown_low, shown_high, target) for target in (30, 50)]
    near = [abs(end - target) < POINTS for end in (low, high) for target in (30, 50)]
    if not any(near):
        assert verdicts == [verdict(share, low, high, target) for target in (30, 50)]
