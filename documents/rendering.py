"""Opens one PDF and makes text and pixels of it: a program of its own, without Django, that may be killed any moment.

Started fresh for one file as `python -I rendering.py FILE --memory-mb … --cpu-seconds … --output-mb …`, it reads
commands from standard input and answers on standard output, one JSON object a line. Started without FILE it loads its
libraries, which takes longer than opening a paper, and waits for {"file": …}.

    {"command": "inspect", "page_limit": 3000}          -> {"page_count", "outline", "pages": […], "first_text": […]}
    {"command": "text", "page": 3}                      -> {"spans": […], "links": […]}
    {"command": "raster", "page": 3, "width_px": 1600}  -> {"file": "3-1600.webp", …} in the working folder
    {"command": "tiles", "page": 3, "size_px": [6000, 8491], "boxes_px": [[512, 0, 1024, 512], …]} -> {"files": […]}
    {"command": "copy", "lines": ["Lê Văn An", …]}      -> {"file": "copy.pdf", "page_count"}, the lines on each page
    anything that goes wrong                            -> {"refusal": "encrypted"}

Files are hostile. The limits are set before the file is touched; what MuPDF would like to print goes nowhere.
"""

import argparse
import io
import json
import os
import re
import resource
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

sys.path.append(str(Path(__file__).resolve().parent.parent))

from documents.geometry import Matrix, PageGeometry, page_geometry, raster_size
from documents.reading_order import reading_order
from documents.tagging import Line, is_tagged, tagged_lines, tagged_pieces
from documents.watermark import copy_with_watermark

HEADER_BYTES = 1024  # where readers look for %PDF-
OUTLINE_LIMIT, LONGEST_TITLE = 2000, 300
LINK_LIMIT = 1000
CHARACTER_LIMIT = 200_000  # a page; a broadsheet has 30 000
STAMP_LINES = 60
STATUS = Path("/proc/self/status")
NEARLY_ALL = 0.9
LIFETIME_CPU_SECONDS = 3600
# Bytes per pixel of a quick lossless probe: print stays far below the first, photographs far above the second.
PLAIN_PRINT, PHOTOGRAPH = 0.25, 1.0
PRINT_OF_A_TILE = 0.3  # of print 0.10 to 0.17 was measured, of plans 0.42 to 0.77
TOGETHER = 1.5  # times the pixels that are asked for may be drawn, for drawing them at once
LOSSY_QUALITY = 80
THOROUGHLY = 90  # how hard lossless is tried, of 100: print is up to a fifth smaller than with 75 and 15 % slower
ADDRESSES = ("http://", "https://", "mailto:")
UNSTORABLE = re.compile("[\0\ud800-\udfff]")

Answer = dict[str, Any]


class Refused(Exception):
    """The file or the page cannot be used; the code says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def main() -> None:
    arguments = read_arguments()
    limit_resources(arguments)
    answers = private_output()
    file = arguments.file or awaited_file()
    if file is None:
        return
    limit_cpu(arguments.cpu_seconds)
    opened = answer_or_refusal(lambda: {"paper": Paper(file)}, "broken")
    paper: Paper | None = opened.get("paper")
    tell(answers, {"ready": True} if paper else opened)
    if paper is None:
        return
    for line in sys.stdin:
        limit_cpu(arguments.cpu_seconds)
        tell(answers, paper.answer(json.loads(line)))


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--memory-mb", type=int, required=True)
    parser.add_argument("--cpu-seconds", type=int, required=True)
    parser.add_argument("--output-mb", type=int, required=True)
    return parser.parse_args()


def awaited_file() -> Path | None:
    """Load what every paper needs and return the file that is asked for then; None where nobody asks any more."""
    import pymupdf  # noqa: F401
    from PIL import WebPImagePlugin  # noqa: F401

    line = sys.stdin.readline()
    return Path(json.loads(line)["file"]) if line else None


def limit_resources(arguments: argparse.Namespace, *, open_files: int = 64) -> None:
    memory, output = arguments.memory_mb * 1024 * 1024, arguments.output_mb * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (output, output))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (open_files, open_files))
    resource.setrlimit(resource.RLIMIT_CPU, (LIFETIME_CPU_SECONDS, LIFETIME_CPU_SECONDS))
    limit_cpu(arguments.cpu_seconds)


def limit_cpu(seconds: int) -> None:
    """Give the next command so many seconds of processor time; the kernel ends the program after them."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    allowed = int(used.ru_utime + used.ru_stime) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (min(allowed, LIFETIME_CPU_SECONDS), LIFETIME_CPU_SECONDS))


def private_output() -> TextIO:
    """Keep standard output for the answers alone: libraries print to where it was."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    return answers


def tell(answers: TextIO, answer: Answer) -> None:
    try:
        line = json.dumps(answer, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    except ValueError:  # a number that is none, which a database would not take either
        line = json.dumps({"refusal": "broken"})
    except MemoryError:  # there was enough for the page, and not for the words about it
        line = json.dumps({"refusal": "too_much_memory"})
    answers.write(line + "\n")
    answers.flush()


def answer_or_refusal(answer: Callable[[], Answer], otherwise: str) -> Answer:
    """Return the answer, or the refusal that says why there is none; `otherwise` is the code where nothing tells."""
    try:
        try:
            return answer()
        except Exception as error:
            return {"refusal": refusal_code(error, otherwise)}
    except MemoryError:
        pass  # not even enough to look why. What the page held is held by the exception, which ends here.
    return {"refusal": "too_much_memory"}


def refusal_code(error: Exception, otherwise: str) -> str:
    if isinstance(error, Refused):
        return error.code
    # MuPDF names the call that failed, malloc, calloc or realloc, unless something on the way gave up without a reason.
    if isinstance(error, MemoryError) or "alloc" in str(error) or "out of memory" in str(error) or is_at_its_limit():
        return "too_much_memory"
    return otherwise


def is_at_its_limit() -> bool:
    """Has this program once had nearly all the memory it may have?"""
    lines = STATUS.read_text().splitlines() if STATUS.exists() else []
    peak_kb = next((int(line.split()[1]) for line in lines if line.startswith("VmPeak:")), 0)
    return peak_kb * 1024 > NEARLY_ALL * resource.getrlimit(resource.RLIMIT_AS)[0] > 0


class Paper:
    """One open PDF."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            if b"%PDF-" not in file.read(HEADER_BYTES):
                raise Refused("not_paper")
        import pymupdf

        pymupdf.TOOLS.mupdf_display_errors(False)
        pymupdf.TOOLS.mupdf_display_warnings(False)
        self.pymupdf = pymupdf
        self.drawn: tuple[int, Any, Any] | None = None  # the page drawn last, its rectangle and what stands on it
        self.file = pymupdf.open(str(path), filetype="pdf")
        if self.file.needs_pass:
            raise Refused("encrypted")
        if not self.file.is_pdf or self.file.page_count < 1:
            raise Refused("broken")

    def answer(self, asked: Answer) -> Answer:
        commands: dict[str, Callable[[Answer], Answer]] = {
            "inspect": self.inspect,
            "text": self.text,
            "raster": self.raster,
            "tiles": self.tiles,
            "copy": self.copy,
        }
        otherwise = "page_broken" if "page" in asked else "broken"
        return answer_or_refusal(lambda: commands[asked["command"]](asked), otherwise)

    # -- inspect -------------------------------------------------------------------------------------------------------

    def inspect(self, asked: Answer) -> Answer:
        count = self.file.page_count
        if count > asked["page_limit"]:
            raise Refused("too_many_pages")
        return {
            "page_count": count,
            "outline": self.outline(),
            "pages": [self.described(number) for number in range(1, count + 1)],
            "first_text": self.first_lines(),
        }

    def outline(self) -> list[Answer]:
        try:
            return list(islice(self.entries(), OUTLINE_LIMIT))
        except Exception:  # a paper with a broken outline is a paper without one
            return []

    def entries(self) -> Iterator[Answer]:
        """Yield the lines of the outline in order; hostile ones go down fifty thousand levels, so without recursion."""
        count, waiting = self.file.page_count, [(self.file.outline, 1)]
        while waiting:
            entry, level = waiting.pop()
            if not entry or not entry.this.m_internal:
                continue
            page = self.page_of(entry) + 1
            title = " ".join(storable(entry.title or "").split())[:LONGEST_TITLE]
            yield {"level": level, "title": title, "page": page if 1 <= page <= count else None}
            waiting += [(entry.next, level), (entry.down, level + 1)]

    def page_of(self, entry: Any) -> int:
        if entry.is_external or not entry.uri:
            return -1
        return entry.page if entry.page != -1 else self.file.resolve_link(entry.uri)[0]

    def described(self, number: int) -> Answer:
        try:
            geometry = self.geometry(self.file[number - 1])
        except Exception:  # one broken page keeps its place and says so; the others are read
            geometry, whole = page_geometry((0, 0, 612, 792)), False
        else:
            whole = True
        return {
            "number": number,
            "width_pt": round(geometry.width_pt, 3),
            "height_pt": round(geometry.height_pt, 3),
            "media": rounded(geometry.media),
            "crop": rounded(geometry.crop),
            "rotation": geometry.rotation,
            "matrix": [round(value, 6) + 0.0 for value in geometry.matrix],
            "is_whole": whole,
        }

    def first_lines(self) -> list[str]:
        """The first lines of page 1, in which a stamp of secrecy would stand."""
        try:
            return [line.text for line in islice(self.lines(self.file[0]), STAMP_LINES)]
        except Exception:  # what cannot be read bears no stamp that anybody could read; drawing it refuses it
            return []

    def geometry(self, page: Any) -> PageGeometry:
        """Read the boxes as they stand in the file: PyMuPDF's own are already turned over or cut."""
        mupdf = self.pymupdf.mupdf
        row = self.pymupdf._as_pdf_page(page).obj()

        def inherited(name: str) -> Any:
            return mupdf.pdf_dict_get_inheritable(row, mupdf.pdf_new_name(name))

        def box(name: str) -> tuple[float, float, float, float] | None:
            value = inherited(name)
            if not mupdf.pdf_is_array(value) or mupdf.pdf_array_len(value) < 4:
                return None
            return tuple(mupdf.pdf_array_get_real(value, place) for place in range(4))

        unit = mupdf.pdf_dict_get_real(row, mupdf.pdf_new_name("UserUnit"))
        return page_geometry(
            box("MediaBox") or (0, 0, 612, 792), box("CropBox"), mupdf.pdf_to_real(inherited("Rotate")), unit or 1.0
        )

    # -- text ----------------------------------------------------------------------------------------------------------

    def text(self, asked: Answer) -> Answer:
        page = self.file[asked["page"] - 1]
        geometry = self.geometry(page)
        to_user = geometry.upright_matrix.inverse()
        lines, left = [], CHARACTER_LIMIT
        for line in self.lines(page):
            left -= len(line.letters)
            if left < 0:
                break
            lines.append(line)
        spans = [placed_line(line, to_user) for line in self.structured(page, lines)]
        if not any("tag" in span for span in spans):
            places = [geometry.matrix.box(span["box"]) for span in spans]
            spans = [spans[place] for place in reading_order([span["text"] for span in spans], places)]
        return {"spans": spans, "links": self.links(page, geometry.matrix.inverse())}

    def structured(self, page: Any, lines: list[Line]) -> list[Line]:
        """Return the lines as the tags of the file order them, as they are where it has none that can be read."""
        if not is_tagged(self.file):
            return lines
        try:
            return tagged_lines(lines, tagged_pieces(self.pymupdf, page, self.text_flags))
        except MemoryError:
            raise
        except Exception:  # a page whose structure is broken is read as one without
            return lines

    @property
    def text_flags(self) -> int:
        return (
            self.pymupdf.TEXT_PRESERVE_WHITESPACE
            | self.pymupdf.TEXT_MEDIABOX_CLIP
            | self.pymupdf.TEXT_CID_FOR_UNKNOWN_UNICODE
        )

    def lines(self, page: Any) -> Iterator[Line]:
        """Yield the lines that say something, in PyMuPDF's coordinates and order."""
        for block in page.get_text("rawdict", flags=self.text_flags)["blocks"]:
            for line in block.get("lines", ()):
                letters = composed((glyph["c"], glyph["bbox"]) for span in line["spans"] for glyph in span["chars"])
                if any(not letter.isspace() for letter, _box in letters):
                    yield Line(letters, line["dir"])

    def links(self, page: Any, to_user: Matrix) -> list[Answer]:
        found: list[Answer] = []
        link = page.load_links()
        while link is not None and len(found) < LINK_LIMIT:
            box = rounded(to_user.box(tuple(link.rect)))
            if link.is_external:
                if str(link.uri).lower().startswith(ADDRESSES):
                    found.append({"box": box, "uri": storable(link.uri[:2000])})
            elif link.dest and 0 <= link.dest.page < self.file.page_count:
                found.append({"box": box, "page": link.dest.page + 1})
            link = link.next
        return found

    # -- raster --------------------------------------------------------------------------------------------------------

    def raster(self, asked: Answer) -> Answer:
        geometry = self.geometry(self.file[asked["page"] - 1])
        width_px, height_px = raster_size(geometry.width_pt, geometry.height_pt, asked["width_px"])
        image = self.picture(asked["page"], (width_px, height_px), (0, 0, width_px, height_px))
        name = f"{asked['page']}-{asked['width_px']}.webp"
        Path(name).write_bytes(smallest_webp(image))
        return {"file": name, "width_px": width_px, "height_px": height_px}

    def tiles(self, asked: Answer) -> Answer:
        """Draw parts of a page: each of `boxes_px` of a picture that would be as large as `size_px`."""
        names = []
        for place, image in enumerate(self.pictures(asked["page"], asked["size_px"], asked["boxes_px"])):
            names.append(f"{asked['page']}-tile-{place}.webp")
            Path(names[-1]).write_bytes(quick_webp(image))
        return {"files": names}

    def pictures(self, number: int, size_px: Sequence[int], boxes_px: Sequence[Sequence[int]]) -> Iterator[Any]:
        """Yield these parts of a page. Those that lie together are drawn together: what stands on the page is gone
        through once, and a scan is unpacked once.
        """
        lefts, tops, rights, bottoms = zip(*boxes_px, strict=True)
        x0, y0, x1, y1 = min(lefts), min(tops), max(rights), max(bottoms)
        if (x1 - x0) * (y1 - y0) > TOGETHER * sum((box[2] - box[0]) * (box[3] - box[1]) for box in boxes_px):
            yield from (self.picture(number, size_px, box) for box in boxes_px)
            return
        drawn = self.picture(number, size_px, (x0, y0, x1, y1))
        yield from (drawn.crop((box[0] - x0, box[1] - y0, box[2] - x0, box[3] - y0)) for box in boxes_px)

    def picture(self, number: int, size_px: Sequence[int], box_px: Sequence[int]) -> Any:
        from PIL import Image

        view, contents = self.contents(number)
        across, down = size_px[0] / view.width, size_px[1] / view.height
        x0, y0, x1, y1 = box_px
        # MuPDF rounds outwards, and by how much depends on the place: what it draws is a little larger and then cut.
        clip = self.pymupdf.Rect((x0 - 1) / across, (y0 - 1) / down, (x1 + 1) / across, (y1 + 1) / down)
        pixels = contents.get_pixmap(
            matrix=self.pymupdf.Matrix(across, down), colorspace=self.pymupdf.csRGB, alpha=False, clip=clip
        )
        drawn = Image.frombytes("RGB", (pixels.width, pixels.height), pixels.samples_mv)
        image = Image.new("RGB", (x1 - x0, y1 - y0), "white")
        image.paste(drawn, (pixels.x - x0, pixels.y - y0))
        return image

    def contents(self, number: int) -> tuple[Any, Any]:
        """Return the rectangle of a page and what stands on it, read once while the same page is drawn again."""
        if self.drawn is None or self.drawn[0] != number:
            self.drawn = None  # two of them would not be within the limit of one
            page = self.file[number - 1]
            self.drawn = number, page.rect, page.get_displaylist()
        return self.drawn[1:]

    # -- copy ----------------------------------------------------------------------------------------------------------

    def copy(self, asked: Answer) -> Answer:
        place = Path("copy.pdf")
        return {"file": place.name, "page_count": copy_with_watermark(self.pymupdf, self.file, asked["lines"], place)}


def smallest_webp(image: Any) -> bytes:
    """Encode lossless and lossy and return the smaller; only the one of which a quick probe is sure it will be."""
    density = probed_density(image)
    made = []
    if density < PHOTOGRAPH:
        made.append(webp(image, lossless=True, method=4, quality=THOROUGHLY))
    if density > PLAIN_PRINT:
        made.append(webp(image, lossless=False, method=2, quality=LOSSY_QUALITY))
    return min(made, key=len)


def quick_webp(image: Any) -> bytes:
    """Encode lossless or lossy, as a quick probe says is smaller: somebody waits, and the last bytes take longest.

    A row of five tiles of a plan takes 30 ms and 120 KB; with both ways tried, and thoroughly, 108 ms and 91 KB.
    """
    if probed_density(image) < PRINT_OF_A_TILE:
        return webp(image, lossless=True, method=1, quality=20)
    return webp(image, lossless=False, method=0, quality=LOSSY_QUALITY)


def probed_density(image: Any) -> float:
    """Return the bytes per pixel of a quick lossless try of every fourth pixel."""
    probe = image.resize((max(1, image.width // 4), max(1, image.height // 4)), 0)
    return len(webp(probe, lossless=True, method=0, quality=0)) / (probe.width * probe.height)


def webp(image: Any, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "WEBP", **options)
    return buffer.getvalue()


def composed(
    glyphs: Iterable[tuple[str, tuple[float, float, float, float]]],
) -> list[tuple[str, tuple[float, float, float, float]]]:
    """Join letters and the accents that stand as glyphs of their own, so that one character is one letter (NFC)."""
    letters: list[tuple[str, tuple[float, float, float, float]]] = []
    for found, box in glyphs:
        glyph = storable(found)
        if letters and unicodedata.combining(glyph[:1] or " "):
            joined = unicodedata.normalize("NFC", letters[-1][0] + glyph)
            if len(joined) == 1:
                letters[-1] = (joined, letters[-1][1])
                continue
        for letter in unicodedata.normalize("NFC", glyph):
            letters.append((" " if letter.isspace() or ord(letter) < 32 else letter, box))
    return letters


def storable(text: str) -> str:
    """Put a sign for each zero and each half of a pair that stands alone: no database takes them."""
    return UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def placed_line(line: Line, to_user: Matrix) -> Answer:
    """Return a line in user space: its box and the place of every character along its direction, and of its end."""
    placed = [to_user.box(box) for _letter, box in line.letters]
    along = (line.direction[0], -line.direction[1])  # y up
    starts, ends = [], []
    for box in placed:
        corners = [x * along[0] + y * along[1] for x in (box.x0, box.x1) for y in (box.y0, box.y1)]
        starts.append(round(min(corners), 2))
        ends.append(round(max(corners), 2))
    answer: Answer = {
        "text": line.text,
        "box": rounded(
            (
                min(box.x0 for box in placed),
                min(box.y0 for box in placed),
                max(box.x1 for box in placed),
                max(box.y1 for box in placed),
            )
        ),
        "x": [*starts, ends[-1]],
    }
    if abs(along[0] - 1) > 1e-4:
        answer["dir"] = [round(along[0], 4), round(along[1], 4)]
    if line.tag is not None:
        answer["tag"] = line.tag
    return answer


def rounded(numbers: tuple[float, ...]) -> list[float]:
    return [round(number, 2) + 0.0 for number in numbers]


if __name__ == "__main__":
    main()
