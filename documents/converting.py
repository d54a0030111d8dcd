"""Decides by its content what a file is, and makes a PDF of it: a program of its own, like rendering.py without Django.

Started fresh for one file as `python -I converting.py FILE --memory-mb … --cpu-seconds … --output-mb …`, it first
tells the kind of the file or refuses it, and then makes a PDF where it is asked to:

                                                                 -> {"kind": "docx"} or {"refusal": "archive"}
    {"command": "office", "program": "/usr/bin/soffice", "seconds": 120, "hidden": ["/var/lib/phien"]}
    {"command": "picture", "page_limit": 3000}                   -> {"file": "made.pdf"} in the working folder

LibreOffice reads hostile files here. It gets a profile that was never used, in which no macro runs and no link is
followed; a network, processes and a /proc of its own, in which there is nobody, and the service's folders are empty, as
far as this machine lets us; and the limits of this program, with which it ends.
"""

import io
import json
import os
import re
import resource
import select
import shutil
import struct
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import IO, Any
from xml.etree import ElementTree

sys.path.append(str(Path(__file__).resolve().parent.parent))

from documents.rendering import (
    PHOTOGRAPH,
    Answer,
    Refused,
    answer_or_refusal,
    limit_resources,
    private_output,
    read_arguments,
    tell,
)

HEADER_BYTES = 1024
MADE = "made.pdf"
OPEN_FILES = 1024  # LibreOffice opens a hundred libraries

# -- What it is --------------------------------------------------------------------------------------------------------

PICTURES = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg", b"II*\0": "tiff", b"MM\0*": "tiff"}
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ARCHIVES = (b"PK\x05\x06", b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"\xfd7zXZ", b"BZh", b"MSCF")
PROGRAMS = (b"MZ", b"\x7fELF", b"#!")
WEB_PAGE = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:<!--.*?-->\s*)*(?:<!doctype\s+html|<html|<head|<script|<body)", re.I | re.S
)

# A hundred times its size is what the emptiest workbook unpacks to.
ENTRIES_MOST, UNPACKED_MOST_BYTES, RATIO_MOST, ALWAYS_FINE_BYTES = 10_000, 1024**3, 200, 64 * 1024**2
LIST_MOST_BYTES = 2 * 1024**2
CONTENT_TYPES, MIME_TYPE, MANIFEST = "[Content_Types].xml", "mimetype", "META-INF/manifest.xml"
# The type of the main part, without and with macros: macros are never run, their paper is read all the same.
OPEN_XML = {
    r"officedocument\.wordprocessingml\.(document|template)|ms-word\.(document|template)\.macroEnabled": "docx",
    r"officedocument\.spreadsheetml\.(sheet|template)|ms-excel\.(sheet|template)\.macroEnabled": "xlsx",
    r"officedocument\.presentationml\.(presentation|slideshow|template)"
    r"|ms-powerpoint\.(presentation|slideshow|template)\.macroEnabled": "pptx",
}
OPEN_DOCUMENT = {"text": "odt", "spreadsheet": "ods", "presentation": "odp"}
LEGACY = {"WordDocument": "doc", "Workbook": "xls", "Book": "xls", "PowerPoint Document": "ppt"}

# How LibreOffice reads each kind and writes its pages. Named, so that it does not look for itself what a file may be.
FILTERS = {
    "docx": ("MS Word 2007 XML", "writer"),
    "xlsx": ("Calc MS Excel 2007 XML", "calc"),
    "pptx": ("Impress MS PowerPoint 2007 XML", "impress"),
    "odt": ("writer8", "writer"),
    "ods": ("calc8", "calc"),
    "odp": ("impress8", "impress"),
    "doc": ("MS Word 97", "writer"),
    "xls": ("MS Excel 97", "calc"),
    "ppt": ("MS PowerPoint 97", "impress"),
}

# -- Pictures ----------------------------------------------------------------------------------------------------------

PIXELS_MOST = 120_000_000  # A3 at 600 dots an inch is 70 million
SIDE_MOST_PX = 30_000
TOO_COARSE_DPI, TOO_FINE_DPI = 100, 2400  # 72 and 96 are what programs write that do not know
A4_PT, A0_LONG_PT, SHORTEST_PT = (595.28, 841.89), 3371, 36
JPEG_QUALITY = 90
PNG_HEAD_BYTES = 100


def main() -> None:
    arguments = read_arguments()
    limit_resources(arguments, open_files=OPEN_FILES)
    answers = private_output()
    first = answer_or_refusal(lambda: {"kind": kind_of(arguments.file)}, "broken")
    tell(answers, first)
    for line in sys.stdin if "kind" in first else ():
        tell(answers, answer(arguments, first["kind"], json.loads(line)))


def answer(arguments: Any, kind: str, asked: Answer) -> Answer:
    def converted() -> Answer:
        if kind in FILTERS and asked["command"] == "office":
            made = made_by_office(arguments, kind, asked)
        elif kind in PICTURES.values() and asked["command"] == "picture":
            made = made_of_pictures(arguments.file, kind, asked["page_limit"])
        else:
            raise Refused("not_paper")
        return {"file": str(made)}

    return answer_or_refusal(converted, "not_converted" if kind in FILTERS else "broken")


# -- Deciding what a file is -------------------------------------------------------------------------------------------


def kind_of(path: Path) -> str:
    """Return the kind of the file by its content alone. Raises Refused for what is no paper."""
    with path.open("rb") as file:
        head = file.read(HEADER_BYTES)
    for magic, kind in PICTURES.items():
        if head.startswith(magic):
            look_at_pictures(path, kind)
            return kind
    if head.startswith(ZIP):
        return kind_of_zip(path)
    if head.startswith(OLE):
        return kind_of_ole(path)
    if head.startswith(ARCHIVES):
        raise Refused("archive")
    if head.startswith(PROGRAMS):
        raise Refused("program")
    if WEB_PAGE.match(head):
        raise Refused("web_page")
    raise Refused("not_paper")


def kind_of_zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as package:
            entries = package.infolist()
            if len(entries) > ENTRIES_MOST:
                raise Refused("unpacks_too_large")
            kind = kind_of_package(package, {entry.filename for entry in entries})
            unpack_to_nowhere(package, path.stat().st_size)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError) as error:  # also packed in a way of its own
        raise Refused("broken") from error
    return kind


def kind_of_package(package: zipfile.ZipFile, names: set[str]) -> str:
    if CONTENT_TYPES in names:
        return kind_of_open_xml(entry_of(package, CONTENT_TYPES))
    if MIME_TYPE in names:
        return kind_of_open_document(package, names)
    raise Refused("archive")


def kind_of_open_xml(listed: bytes) -> str:
    if b"<!DOCTYPE" in listed:  # no office program writes one; what it names is nothing we fetch
        raise Refused("broken")
    try:
        types = [row.get("ContentType", "") for row in ElementTree.fromstring(listed).iter()]  # noqa: S314 - seen above
    except ElementTree.ParseError as error:
        raise Refused("broken") from error
    for pattern, kind in OPEN_XML.items():
        main_part = re.compile(rf"application/vnd\.(?:openxmlformats-)?(?:{pattern})\.main\+xml", re.I)
        if any(main_part.fullmatch(found) for found in types):
            return kind
    raise Refused("not_paper")


def kind_of_open_document(package: zipfile.ZipFile, names: set[str]) -> str:
    found = entry_of(package, MIME_TYPE).decode("ascii", "replace").strip()
    kind = OPEN_DOCUMENT.get(found.removeprefix("application/vnd.oasis.opendocument.").removesuffix("-template"))
    if kind is None:
        raise Refused("archive" if "opendocument" not in found else "not_paper")
    if "encrypted-package" in names:
        raise Refused("encrypted")
    if MANIFEST in names and b"encryption-data" in entry_of(package, MANIFEST):
        raise Refused("encrypted")
    return kind


def entry_of(package: zipfile.ZipFile, name: str) -> bytes:
    entry = package.getinfo(name)
    if entry.flag_bits & 1:
        raise Refused("encrypted")
    with package.open(entry) as file:
        found = file.read(LIST_MOST_BYTES + 1)
    if len(found) > LIST_MOST_BYTES:
        raise Refused("unpacks_too_large")
    return found


def unpack_to_nowhere(package: zipfile.ZipFile, size_bytes: int) -> None:
    """Count what really comes out of every entry: what the list says of itself may be a lie."""
    left = min(UNPACKED_MOST_BYTES, max(ALWAYS_FINE_BYTES, RATIO_MOST * size_bytes))
    for entry in package.infolist():
        if entry.flag_bits & 1:
            raise Refused("encrypted")
        with package.open(entry) as file:
            while chunk := file.read(1 << 20):
                left -= len(chunk)
                if left < 0:
                    raise Refused("unpacks_too_large")


def kind_of_ole(path: Path) -> str:
    """Old office files, and the envelope in which new ones are kept under a password."""
    try:
        with path.open("rb") as file:
            names = top_names(file)
    except (struct.error, IndexError, OverflowError) as error:
        raise Refused("broken") from error
    if {"EncryptedPackage", "EncryptionInfo"} & names:
        raise Refused("encrypted")
    for name, kind in LEGACY.items():
        if name in names:
            return kind
    raise Refused("not_paper")


def top_names(file: IO[bytes]) -> set[str]:
    """Return what an OLE file holds at its top. Its sectors form chains; a table says which one follows which."""
    header = file.read(512)
    size = 1 << min(struct.unpack_from("<H", header, 30)[0], 12)
    per_table, nothing = size // 4, 0xFFFFFFF0

    def sector(number: int) -> bytes:
        file.seek((number + 1) * size)
        return file.read(size)

    tables, following = list(struct.unpack_from("<109I", header, 76)), struct.unpack_from("<I", header, 68)[0]
    while following < nothing and len(tables) < 1_000_000:
        *more, following = struct.unpack(f"<{per_table}I", sector(following))
        tables += more
    rows, number = b"", struct.unpack_from("<I", header, 48)[0]
    while number < nothing and len(rows) < LIST_MOST_BYTES:
        rows += sector(number)
        number = struct.unpack_from("<I", sector(tables[number // per_table]), 4 * (number % per_table))[0]
    return set(names_below_root(rows))


def names_below_root(rows: bytes) -> Iterator[str]:
    """Walk the tree of names that hangs from the first row, each row naming its left and its right neighbour."""
    waiting, seen = [struct.unpack_from("<I", rows, 76)[0]], set()
    while waiting:
        place = 128 * waiting.pop()
        if place in seen or place + 128 > len(rows):
            continue
        seen.add(place)
        length = min(struct.unpack_from("<H", rows, place + 64)[0], 64)
        yield rows[place : place + length].decode("utf-16-le", "replace").rstrip("\0")
        waiting += struct.unpack_from("<2I", rows, place + 68)


# -- Office files ------------------------------------------------------------------------------------------------------

NEVER = (
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "DisableActiveContent", "true"),  # of newer releases
    ("Office.Common/Security/Scripting", "DisableOLEAutomation", "true"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Common/Misc", "UseOpenCL", "false"),
    ("Office.Java/VirtualMachine", "Enable", "false"),
    ("Office.Writer/Content/Update", "Link", "0"),  # never; to Calc, never is 1
    ("Office.Calc/Content/Update", "Link", "1"),
    ("Office.Calc/Formula/Load", "OOXMLRecalcMode", "1"),
    ("Office.Calc/Formula/Load", "ODFRecalcMode", "1"),
    # Whatever asks for an address all the same asks a proxy at which nobody listens.
    ("Inet/Settings", "ooInetProxyType", "2"),
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
    ("Inet/Settings", "ooInetNoProxy", ""),
    ("Setup/L10N", "ooSetupSystemLocale", "vi-VN"),  # A4, and dates and numbers as they are written here
)
ITEM = (
    '<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
)
PROFILE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry" '
    'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{items}</oor:items>'
)
# The folders come first, then the program that must not see what is in them.
EMPTIED = (
    'count=$1; shift; while [ "$count" -gt 0 ]; do mount -t tmpfs none "$1" || exit 97; '
    'shift; count=$((count-1)); done; exec "$@"'
)
TAGGED = '{"UseTaggedPDF":{"type":"boolean","value":"true"}}'  # headings, lists and tables say that they are such
ALONE = ("--net", "--pid", "--fork", "--kill-child")
SHELTERS = (("--mount", *ALONE, "--mount-proc"), ("--mount", *ALONE), ALONE)
AS_NOBODY = ("--user", "--map-root-user")  # what every user may ask for; root in some containers has only the other way


def made_by_office(arguments: Any, kind: str, asked: Answer) -> Path:
    folder = Path.cwd()
    paper, profile = folder / f"paper.{kind}", folder / "profile" / "user"
    shutil.copyfile(arguments.file, paper)
    profile.mkdir(parents=True)
    items = "".join(ITEM.format(path=path, name=name, value=value) for path, name, value in NEVER)
    (profile / "registrymodifications.xcu").write_text(PROFILE.format(items=items))
    reads, writes = FILTERS[kind]
    # Harder than for our own programs: LibreOffice would take the first warning for a reason to save what it has.
    resource.setrlimit(resource.RLIMIT_CPU, (arguments.cpu_seconds, arguments.cpu_seconds))
    run_until(
        time.monotonic() + asked["seconds"],
        [
            *shelter(asked["hidden"], folder),
            *(asked["program"], f"-env:UserInstallation=file://{folder}/profile"),
            *("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo", "--nofirststartwizard"),
            *(
                f"--infilter={reads}",
                "--convert-to",
                f"pdf:{writes}_pdf_Export:{TAGGED}",
                "--outdir",
                str(folder / "out"),
            ),
            str(paper),
        ],
    )
    made = folder / "out" / "paper.pdf"
    if made.is_symlink() or not made.is_file():
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        too_slow = used.ru_utime + used.ru_stime >= arguments.cpu_seconds - 1
        raise Refused("too_slow" if too_slow else "not_converted")
    return made.rename(folder / MADE).relative_to(folder)


def shelter(hidden: list[str], folder: Path) -> list[str]:
    """Return the words that put a program behind walls: the strongest that this machine grants, maybe none."""
    kept = [place for place in hidden if Path(place).is_dir() and not folder.is_relative_to(Path(place).resolve())]
    for walls, as_whom in product(SHELTERS, (AS_NOBODY, ())):
        words = ["unshare", *as_whom, *walls]
        if "--mount" in walls:
            words += ["sh", "-c", EMPTIED, "sh", str(len(kept)), *kept]
        try:
            tried = subprocess.run(  # noqa: S603 - our own words
                [*words, "true"], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False, timeout=10
            )
        except OSError:
            return []
        if tried.returncode == 0:
            return words
    return []


def run_until(end: float, command: list[str]) -> None:
    """Run the program, until `end` at most, and not longer than there is somebody who waits for it."""
    home = str(Path.cwd())
    environment = {**os.environ, "HOME": home, "TMPDIR": home, "SAL_USE_VCLPLUGIN": "svp"}
    nowhere = subprocess.DEVNULL
    with subprocess.Popen(  # noqa: S603 - no shell; the paper's name is ours
        command, stdin=nowhere, stdout=nowhere, stderr=nowhere, env=environment
    ) as process:
        while process.poll() is None:
            if time.monotonic() > end:
                process.kill()
                raise Refused("too_slow")
            if select.select([0], [], [], 0.05)[0]:  # nothing is asked before the answer: our asker is gone
                os.killpg(0, 9)


# -- Pictures ----------------------------------------------------------------------------------------------------------


def look_at_pictures(path: Path, kind: str) -> None:
    """Refuse before a pixel is unpacked what is too large to be unpacked."""
    for _picture in pictures(path, kind, frames_most=None):
        pass


def pictures(path: Path, kind: str, frames_most: int | None) -> Iterator[Any]:
    """Yield the picture once for each of its pages, its size known and its pixels not yet unpacked."""
    from PIL import Image, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = None  # counted here, with a sentence
    try:
        picture = Image.open(path, formats=[kind.upper()])
    except (UnidentifiedImageError, SyntaxError, ValueError, struct.error) as error:
        raise Refused("broken") from error
    with picture:
        if frames_most is not None and getattr(picture, "n_frames", 1) > frames_most:
            raise Refused("too_many_pages")
        number = 0
        while True:
            if picture.width * picture.height > PIXELS_MOST or max(picture.size) > SIDE_MOST_PX:
                raise Refused("too_many_pixels")
            yield picture
            number += 1
            try:
                picture.seek(number)
            except EOFError:
                return


def made_of_pictures(path: Path, kind: str, page_limit: int) -> Path:
    import pymupdf

    pymupdf.TOOLS.mupdf_display_errors(False)
    pymupdf.TOOLS.mupdf_display_warnings(False)
    paper = pymupdf.open()
    for picture in pictures(path, kind, frames_most=page_limit):
        content, size_px, dpi = page_content(picture, path)
        width_pt, height_pt = page_size(size_px, dpi)
        with pymupdf.open() as leaf:  # packed by itself: a hundred unpacked pages would be more than there is memory
            page = leaf.new_page(width=width_pt, height=height_pt)
            page.insert_image(page.rect, stream=content)
            with pymupdf.open("pdf", leaf.tobytes(deflate=True)) as bound:
                paper.insert_pdf(bound)
    paper.save(MADE)
    return Path(MADE)


def page_content(picture: Any, path: Path) -> tuple[bytes, tuple[int, int], tuple[float, float]]:
    """Return what to put on a page, its size and its dots an inch across and down; upright, as the camera was held."""
    from PIL import ImageOps

    dpi = tuple(float(value) for value in picture.info.get("dpi", (0, 0)))[:2]
    if picture.format == "JPEG" and picture.mode in {"RGB", "L"} and picture.getexif().get(0x0112, 1) == 1:
        return path.read_bytes(), picture.size, (dpi[0], dpi[-1])
    is_jpeg = picture.format == "JPEG" or "jpeg" in str(picture.info.get("compression", ""))
    upright = ImageOps.exif_transpose(picture)
    if (upright.width > upright.height) != (picture.width > picture.height):
        dpi = dpi[::-1]
    return packed(on_paper(upright), is_jpeg=is_jpeg), upright.size, (dpi[0], dpi[-1])


def on_paper(picture: Any) -> Any:
    """Return the picture in black and white, grey or red, green and blue, on white where it can be seen through."""
    from PIL import Image

    if picture.mode in {"1", "L", "RGB"}:
        return picture
    if picture.mode.startswith(("I", "F")):  # 16 bits of grey
        return picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if "A" in picture.mode or "transparency" in picture.info:
        over = picture.convert("RGBA")
        white = Image.new("RGBA", over.size, "white")
        return Image.alpha_composite(white, over).convert("RGB")
    return picture.convert("RGB")


def packed(picture: Any, *, is_jpeg: bool) -> bytes:
    """Encode without loss, unless it is a photograph that would be many times as large."""
    buffer = io.BytesIO()
    if picture.mode == "1" or not (is_jpeg or is_photograph(picture)):
        picture.save(buffer, "PNG")
    else:
        picture.convert("L" if picture.mode == "L" else "RGB").save(buffer, "JPEG", quality=JPEG_QUALITY)
    return buffer.getvalue()


def is_photograph(picture: Any) -> bool:
    """A quick probe tells: packing a page of paper grain without loss takes seconds."""
    buffer = io.BytesIO()
    probe = picture.resize((max(1, picture.width // 4), max(1, picture.height // 4)), 0)
    probe.save(buffer, "PNG", compress_level=1)
    return buffer.tell() > PHOTOGRAPH * probe.width * probe.height + PNG_HEAD_BYTES


def page_size(size_px: tuple[int, int], dpi: tuple[float, float]) -> tuple[float, float]:
    """Return width and height in points: as large as it was scanned, or as large as fits on A4 if that is unknown."""
    width, height = size_px
    if all(TOO_COARSE_DPI <= value <= TOO_FINE_DPI for value in dpi):
        wide, high = 72 * width / dpi[0], 72 * height / dpi[1]
        if min(wide, high) >= SHORTEST_PT and max(wide, high) <= A0_LONG_PT:
            return wide, high
    short, long = A4_PT
    most_wide, most_high = (long, short) if width > height else (short, long)
    scale = min(most_wide / width, most_high / height)
    return max(width * scale, 1.0), max(height * scale, 1.0)


if __name__ == "__main__":
    main()
