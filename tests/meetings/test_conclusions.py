"""The conclusion of an item: written at the desk, and never over another's text unseen."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Act
from meetings import actions
from meetings.conclusions import write_conclusion
from meetings.models import LONGEST_CONCLUSION, Conclusion, Meeting
from meetings.room import panels_in, render_panel, stream_of
from realtime.models import Entry
from realtime.refusals import Refusal
from tests.council import Council, client_of

MINE, THEIRS = "Thống nhất trình Hội đồng.", "Chưa thống nhất, rà soát thêm."


def under_way(council: Council) -> Council:
    council.start()
    council.take_up()
    return council


def post(
    council: Council, client: Client, text: str, revision: object, *, by_htmx: bool = True
) -> "tuple[int, str, str]":
    url = reverse("meetings:conclusion", args=[council.meeting.pk, council.item.pk])
    headers = {"HX-Request": "true"} if by_htmx else {}
    answer = client.post(url, {"text": text, "revision": revision}, headers=headers)
    return answer.status_code, answer.content.decode(), answer.get("Phien-Revision", "")


def test_what_is_typed_is_kept_with_who_and_when(council: Council) -> None:
    under_way(council)
    status, html, revision = post(council, client_of(council.secretary), f" {MINE}\r\nGiao Sở Tài chính. ", 0)
    kept = Conclusion.objects.get()
    assert (status, revision, kept.text) == (200, "1", f"{MINE}\nGiao Sở Tài chính.")
    assert kept.written_by == council.secretary
    assert council.secretary.full_name in html
    act = Act.objects.get(act="conclusion_written")
    assert act.facts["revision"] == 1
    assert MINE not in str(act.facts)


def test_the_same_text_again_changes_nothing(council: Council) -> None:
    under_way(council)
    for revision in (0, 1, 0):
        write_conclusion(council.item, MINE, by=council.secretary, revision=revision)
    assert Conclusion.objects.get().revision == 1
    assert Act.objects.filter(act="conclusion_written").count() == 1


@pytest.mark.parametrize("by_htmx", [True, False])
def test_a_second_writer_never_overwrites_the_first_unseen(council: Council, by_htmx: bool) -> None:
    under_way(council)
    chair, secretary = client_of(council.chair), client_of(council.secretary)
    post(council, chair, THEIRS, 0)
    status, html, _revision = post(council, secretary, MINE, 0, by_htmx=by_htmx)
    assert status == 422
    assert Conclusion.objects.get().text == THEIRS
    assert THEIRS in html
    if not by_htmx:  # with a script the text was never taken out of its field
        assert re.search(rf"<textarea[^>]*>\s*{re.escape(MINE)}", html)
    assert 'name="revision" value="1"' in html
    assert post(council, secretary, MINE, 1)[0] == 200
    assert Conclusion.objects.get().text == MINE


def test_a_conclusion_is_written_while_the_meeting_lasts_on_what_was_dealt_with(council: Council) -> None:
    def refused(item_name: str = "item") -> str:
        with pytest.raises(Refusal) as refusal:
            write_conclusion(getattr(council, item_name), MINE, by=council.secretary, revision=0)
        return refusal.value.code

    assert refused() == "not_begun"
    council.start()
    assert refused() == "not_dealt_with"
    council.take_up()
    write_conclusion(council.item, MINE, by=council.secretary, revision=0)
    council.take_up(council.second_item)
    actions.pause(council.meeting, by=council.chair)
    write_conclusion(council.item, THEIRS, by=council.secretary, revision=1)
    actions.close(council.meeting, by=council.chair)
    assert refused() == "meeting_over"


@pytest.mark.parametrize(
    ("text", "revision"), [("a\x00b", 0), ("x" * (LONGEST_CONCLUSION + 1), 0), ("a", ""), ("a", "x")]
)
def test_what_cannot_be_kept_is_refused_in_words(council: Council, text: str, revision: object) -> None:
    under_way(council)
    status, html, _revision = post(council, client_of(council.secretary), text, revision)
    assert status == 422
    assert "message error" in html
    assert not Conclusion.objects.exists()


def test_only_the_desk_writes(council: Council) -> None:
    under_way(council)
    for name, status in (("member", 403), ("unit_admin", 403), ("outsider", 404), ("chair", 200)):
        assert post(council, client_of(council.cast[name]), MINE, 0)[0] == status, name
    with pytest.raises(Refusal) as refusal:
        write_conclusion(council.item, THEIRS, by=council.member, revision=1)
    assert refusal.value.code == "forbidden"


def test_the_text_is_never_pushed_only_that_it_changed(council: Council) -> None:
    under_way(council)
    Entry.objects.all().delete()
    write_conclusion(council.item, MINE, by=council.secretary, revision=0)
    told = {row.stream.name: set(row.body["panels"]) for row in Entry.objects.select_related("stream")}
    assert told == {stream_of(council.meeting, "desk"): {"conclusion", "bar"}}
    meeting = Meeting.objects.get(pk=council.meeting.pk)
    html = "".join(render_panel(one, meeting, "desk") for one in panels_in("desk"))
    assert 'data-revision="1"' in html
    assert MINE not in html


def test_the_desk_fetches_the_text_of_the_item_that_is_on(council: Council) -> None:
    under_way(council)
    write_conclusion(council.item, MINE, by=council.chair, revision=0)
    url = reverse("meetings:conclusion", args=[council.meeting.pk, council.item.pk])
    html = client_of(council.secretary).get(url, headers={"HX-Request": "true"}).content.decode()
    assert f">{MINE}</textarea>" in html
    assert '<input type="hidden" name="revision" value="1">' in html
    assert "<html" not in html
    assert "<html" in client_of(council.secretary).get(url).content.decode()


def test_an_item_with_a_conclusion_is_not_removed(council: Council) -> None:
    under_way(council)
    write_conclusion(council.item, MINE, by=council.chair, revision=0)
    with pytest.raises(Refusal):
        actions.remove_item(council.item, by=council.secretary)
