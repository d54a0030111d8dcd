"""The leadership page: a sentence, both verdicts, and behind every number its sessions."""

import re

import pytest

from meetings import actions as meeting_actions
from meetings.models import Meeting, Pause
from tests.council import Council, client_of
from tests.targets.province import add_series, make_history, make_leader

pytestmark = pytest.mark.django_db


def test_a_leader_reads_one_sentence_and_both_verdicts(council: Council) -> None:
    make_leader(council)
    make_history(council)
    page = client_of(council.chair).get("/targets/").content.decode()
    assert re.search(r"ngắn hơn \d\d,\d\xa0%", page)
    assert "36 phiên trước và 36 phiên sau" in page
    assert page.count('class="verdict"') == 2
