"""Who zooms in gets the part of the page that is looked at, drawn as large as it is looked at."""

import io
import time
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from django.http import HttpResponse
from PIL import Image, ImageChops, ImageStat

from documents import children, intake, storage
from documents.children import Child, ChildRefused, Limits, warm_child_for
from documents.geometry import tile_box
from documents.models import DocumentVersion
from tests.council import Council, client_of
from tests.documents import papers

LINES = "\n".join(["Dự toán ngân sách nhà nước năm 2027 của tỉnh"] * 30)


def tile(council: Council, version: DocumentVersion, address: str) -> HttpResponse:
    return client_of(council.member).get(f"/p/{version.pk}/{address}.tiles")


def pictures_in(answer: HttpResponse) -> dict[str, bytes]:
    """Take the form apart as a browser does."""
    form = message_from_bytes(f"Content-Type: {answer['Content-Type']}\r\n\r\n".encode() + answer.content)
    parts = cast("list[Message]", form.get_payload())
    return {
        str(part.get_param("name", header="content-disposition")): bytes(cast("bytes", part.get_payload(decode=True)))
        for part in parts
    }


def image_of(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content)).convert("L")


def test_a_tile_is_a_part_of_the_page_and_is_stored_in_no_cache(council: Council) -> None:
    version = papers.add_readable_paper(council, LINES)
    answer = tile(council, version, "1/3600/1-1")
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")
    box = tile_box(3600, 5094, 1, 1)
    with children.local_copy(version.file) as path, Child(path) as child:
        whole = image_of(child.raster(1, 3600))
    shown = image_of(pictures_in(answer)["1-1"])
    assert shown.size == (512, 512)
    assert shown.getextrema()[0] < 100
    assert ImageStat.Stat(ImageChops.difference(shown, whole.crop(box))).mean[0] < 0.5


def test_the_last_tile_ends_where_the_page_ends(council: Council) -> None:
    version = papers.add_readable_paper(council)
    shown = pictures_in(tile(council, version, "1/3600/7-9"))["7-9"]
    assert image_of(shown).size == (3600 - 7 * 512, 5094 - 9 * 512)


@pytest.mark.parametrize("places", ["1-1,2-1,3-1", "0-0,4-9", "3-1,1-1,9-1,2-1,1-1"])
def test_tiles_asked_for_together_are_those_asked_for_alone(council: Council, places: str) -> None:
    version = papers.add_readable_paper(council, LINES)
    together = pictures_in(tile(council, version, f"1/3600/{places}"))
    storage.forget_folder(version.tile_name(1, 3600, 0, 0).rpartition("/")[0])
    alone = {place: tile(council, version, f"1/3600/{place}") for place in places.split(",")}
    assert together == {place: pictures_in(one)[place] for place, one in alone.items() if one.status_code == 200}
    assert len(together) == len({place for place in places.split(",") if place != "9-1"})


def test_a_row_that_is_too_much_for_a_child_is_drawn_tile_by_tile(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    version, draw = papers.add_readable_paper(council, LINES), Child.tiles

    def too_much(child: Child, page: int, size_px: Any, boxes_px: Any) -> list[bytes]:
        if len(boxes_px) > 1:
            raise ChildRefused("too_much_memory")
        return draw(child, page, size_px, boxes_px)

    monkeypatch.setattr(Child, "tiles", too_much)
    assert set(pictures_in(tile(council, version, "1/3600/0-0,1-0,2-0"))) == {"0-0", "1-0", "2-0"}


@pytest.mark.parametrize("files", [None, [], ["1-tile-0.webp", "1-tile-0.webp"], "1-tile-0.webp"])
def test_a_child_that_names_other_files_than_it_was_asked_for_is_ended(
    council: Council, monkeypatch: pytest.MonkeyPatch, files: object
) -> None:
    version = papers.add_readable_paper(council)
    monkeypatch.setattr(Child, "ask", lambda child, question: {"files": files})
    with pytest.raises(ChildRefused), warm_child_for(version.file) as child:
        child.tiles(1, (3600, 5094), ((0, 0, 512, 512),))
    assert not child.is_alive()


def test_no_more_tiles_are_given_at_once_than_a_screen_shows(council: Council, remembered_children: None) -> None:
    version = papers.add_readable_paper(council, LINES)
    places = [f"{number % 8}-{number // 8}" for number in range(33)]
    assert tile(council, version, f"1/3600/{','.join(places[:32])}").status_code == 200
    assert tile(council, version, f"1/3600/{','.join(places)}").status_code == 404


@pytest.mark.parametrize(
    "address",
    ["1/3600/8-0", "1/3600/0-10", "1/2400/0-0", "1/1600/0-0", "1/19200/0-0", "2/3600/0-0", "0/3600/0-0"],
)
def test_beyond_the_page_and_beyond_the_levels_there_is_nothing(
    council: Council, address: str, remembered_children: None
) -> None:
    assert tile(council, papers.add_readable_paper(council), address).status_code == 404


def test_the_reader_is_told_of_levels_and_tiles(council: Council, remembered_children: None) -> None:
    version = papers.add_readable_paper(council)
    told = client_of(council.member).get(f"/p/{version.pk}/manifest.json").json()
    assert told["tile_px"] == 512
    assert told["pages"][0]["levels"]["9600"] == [9600, 13585]


def test_a_tile_is_drawn_once_and_goes_with_the_paper(
    council: Council, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = papers.add_readable_paper(council)
    first = pictures_in(tile(council, version, "1/6000/0-0"))
    assert (files / version.tile_name(1, 6000, 0, 0)).read_bytes() == first["0-0"]
    monkeypatch.setattr(Child, "tiles", lambda *_words: pytest.fail("It was drawn again."))
    assert pictures_in(tile(council, version, "1/6000/0-0")) == first
    storage.forget_content(version.sha256, version.files)
    assert [path for path in files.rglob("*") if path.is_file()] == []


def test_on_a_full_disk_tiles_are_drawn_and_not_kept(
    council: Council, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = papers.add_readable_paper(council)
    monkeypatch.setattr("shutil.disk_usage", lambda place: SimpleNamespace(total=100, free=19))
    assert tile(council, version, "1/6000/0-0").status_code == 200
    assert not (files / version.tile_name(1, 6000, 0, 0)).exists()


def test_the_next_tile_of_a_paper_needs_no_new_child(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    version = papers.add_readable_paper(council)
    started: list[Any] = []
    start = Child.start
    monkeypatch.setattr(Child, "start", lambda self: (started.append(self), start(self))[1])
    for column in range(3):
        assert tile(council, version, f"1/3600/{column}-0").status_code == 200
    assert len(started) == 1


def test_children_that_wait_are_few_and_end(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "KEPT_WARM", 1)
    first, second = (papers.add_readable_paper(council, text) for text in ("một", "hai"))
    with warm_child_for(first.file) as one:
        pass
    assert one.is_alive()
    with warm_child_for(second.file) as other:
        pass
    assert (one.is_alive(), other.is_alive()) == (False, True)
    assert not one.folder.exists()
    children._warm.end_all()
    assert not other.is_alive()


def test_who_zooms_in_gets_a_child_that_was_ready(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    version = papers.add_readable_paper(council)
    children._spare.fill()
    (waiting, *others) = children._spare._waiting
    assert len(others) == children.KEPT_SPARE - 1
    assert children._spare.fill() is None
    assert children._spare._waiting == [waiting, *others]
    children._warm.end_all()
    with warm_child_for(version.file) as child:
        assert child in [waiting, *others]
        assert child.inspect(page_limit=10)["page_count"] == 1
    killed = children._spare._waiting[-1]
    assert killed.process is not None
    killed.process.kill()
    killed.process.wait()
    children._warm.end_all()
    assert tile(council, version, "1/3600/0-0").status_code == 200
    children._spare.end_all()
    assert not any(one.is_alive() for one in others)


def test_a_spare_that_dies_in_the_moment_it_is_taken_is_not_the_papers_fault(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = papers.add_readable_paper(council)
    children._spare.fill()
    for spare in children._spare._waiting:
        assert spare.process is not None
        spare.process.kill()
        spare.process.wait()
        monkeypatch.setattr(spare, "is_alive", lambda: True)
    assert tile(council, version, "1/3600/0-0").status_code == 200


def test_spare_children_end_when_nobody_has_read_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    spares = children.SpareChildren()
    monkeypatch.setattr(children, "SPARE_AFTER_SECONDS", 0)
    monkeypatch.setattr(children, "SPARE_SECONDS", 1.0)
    until = time.monotonic() + 2.5
    while time.monotonic() < until:
        spares.fill_soon()
        time.sleep(0.05)
        assert len(spares._timers) <= 2
    kept = list(spares._waiting)
    assert [one.is_alive() for one in kept] == [True] * children.KEPT_SPARE
    time.sleep(2.5)
    assert (spares._waiting, any(one.is_alive() for one in kept)) == ([], False)


def test_a_spare_child_refuses_what_is_no_paper_and_is_not_kept(tmp_path: Path) -> None:
    child = Child(None)
    child.launch()
    path = tmp_path / "no.pdf"
    path.write_bytes(b"words")
    with pytest.raises(ChildRefused, match="not_paper"):
        child.open(path)
    child.close()


def test_a_child_that_was_killed_while_it_waited_is_replaced(council: Council) -> None:
    version = papers.add_readable_paper(council)
    with warm_child_for(version.file) as child:
        pass
    assert child.process is not None
    child.process.kill()
    child.process.wait()
    assert tile(council, version, "1/3600/0-0").status_code == 200


def test_a_child_that_refused_does_not_wait_for_another_question(council: Council) -> None:
    version = papers.add_readable_paper(council)
    with pytest.raises(ChildRefused), warm_child_for(version.file) as child:
        child.tiles(9, (3600, 5094), ((0, 0, 512, 512),))
    assert not child.is_alive()


def test_a_hostile_page_stays_within_the_limits_of_a_page(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "LIMITS", Limits(answer_seconds=60, cpu_seconds=2))
    file = papers.upload(papers.endless_pdf(good_pages=1))
    version = papers.actions.add_paper(
        council.meeting, by=council.secretary, file=file, declared_grade="none"
    ).versions.get()
    intake.read_first_page.call(str(version.pk))  # the second page is not known to be hostile yet
    assert tile(council, version, "2/3600/0-0").status_code == 404
    assert tile(council, version, "1/3600/0-0").status_code == 200
