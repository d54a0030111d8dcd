"""Administrators who act at the same moment."""

from datetime import date
from functools import partial

import pytest

from accounts import actions
from accounts.acts import breaks
from accounts.models import Organisation, Person
from realtime.refusals import Refusal
from tests.council import make_council
from tests.threads import together


@pytest.mark.django_db(transaction=True)
def test_of_two_mergers_the_other_way_round_one_is_done_and_one_refused() -> None:
    council = make_council()
    for number in range(8):
        one, other = (
            Organisation.objects.create(name=f"Xã {number}{letter}", short_name=letter, parent=council.province)
            for letter in "ab"
        )
        answers = together(
            partial(merged, council.unit_admin, one, other), partial(merged, council.unit_admin, other, one)
        )
        assert sorted(answers) == ["merged", "refused"]
    assert list(breaks()) == []


def merged(by: Person, unit: Organisation, into: Organisation) -> str:
    try:
        actions.merge_organisation(unit, by=by, into=into, on=date(2026, 7, 1))
    except Refusal:
        return "refused"
    return "merged"
