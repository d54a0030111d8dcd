"""Makes office files and pictures for tests, by hand: good ones, and every kind that must be refused."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

from openpyxl import Workbook
from PIL import Image

PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
OPEN_XML = "application/vnd.openxmlformats-officedocument"
WORD, SLIDES = f"{OPEN_XML}.wordprocessingml.document.main+xml", f"{OPEN_XML}.presentationml.presentation.main+xml"
WITH_MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"
NAMESPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{address}:1.0"'
    for name, address in {
        "office": "office", "text": "text", "table": "table", "draw": "drawing", "svg": "svg-compatible",
        "presentation": "presentation", "script": "script", "manifest": "manifest",
    }.items()
)  # fmt: skip


def zipped(entries: Mapping[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in entries.items():
            package.writestr(zipfile.ZipInfo(name), content)  # the same content makes the same bytes
    return buffer.getvalue()


# -- Word, PowerPoint, Excel -------------------------------------------------------------------------------------------


def relations(*rows: str) -> str:
    return f'<Relationships xmlns="{PACKAGE}/relationships">{"".join(rows)}</Relationships>'


def relation(key: str, kind: str, target: str, *, outside: bool = False) -> str:
    mode = ' TargetMode="External"' if outside else ""
    return f'<Relationship Id="{key}" Type="{OFFICE}/relationships/{kind}" Target="{target}"{mode}/>'


def content_types(**types: str) -> str:
    rows = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in types.items())
    rest = (
        f'<Default Extension="rels" ContentType="{OPEN_XML.replace("officedocument", "package")}.relationships+xml"/>'
    )
    return f'<Types xmlns="{PACKAGE}/content-types">{rest}<Default Extension="xml" ContentType="application/xml"/>{rows}</Types>'


def docx(*lines: str, main: str = WORD, body: str = "", related: tuple[str, ...] = (), **more: bytes) -> bytes:
    paragraphs = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines)
    names = f'xmlns:w="{WORD_NAMES}" xmlns:r="{OFFICE}/relationships"'
    return zipped(
        {
            "[Content_Types].xml": content_types(**{"word/document.xml": main}),
            "_rels/.rels": relations(relation("r1", "officeDocument", "word/document.xml")),
            "word/_rels/document.xml.rels": relations(*related),
            "word/document.xml": f"<w:document {names}><w:body>{paragraphs}{body}</w:body></w:document>",
            **more,
        }
    )


WORD_NAMES = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"


def linked_picture(key: str) -> str:
    """A picture in a text that lies elsewhere: Word keeps its address, not its pixels."""
    return (
        f'<w:p><w:r><w:drawing><wp:inline xmlns:wp="{DRAWING}/wordprocessingDrawing"><wp:extent cx="990000" cy="990000"/>'
        f'<wp:docPr id="1" name="p"/><a:graphic xmlns:a="{DRAWING}/main"><a:graphicData uri="{DRAWING}/picture">'
        f'<pic:pic xmlns:pic="{DRAWING}/picture"><pic:nvPicPr><pic:cNvPr id="0" name="p"/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:link="{key}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm>'
        '<a:off x="0" y="0"/><a:ext cx="990000" cy="990000"/></a:xfrm><a:prstGeom prst="rect"/></pic:spPr></pic:pic>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )


def pptx(line: str) -> bytes:
    names = f'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:a="{DRAWING}/main" xmlns:r="{OFFICE}/relationships"'
    group = "<p:nvGrpSpPr><p:cNvPr id='1' name=''/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>"
    box = (
        "<p:sp><p:nvSpPr><p:cNvPr id='2' name='t'/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr><a:xfrm><a:off x='900000' y='900000'/>"
        "<a:ext cx='6000000' cy='900000'/></a:xfrm><a:prstGeom prst='rect'/></p:spPr>"
        f"<p:txBody><a:bodyPr/><a:p><a:r><a:t>{line}</a:t></a:r></a:p></p:txBody></p:sp>"
    )
    slide = f"{OPEN_XML}.presentationml.slide+xml"
    return zipped(
        {
            "[Content_Types].xml": content_types(**{"ppt/presentation.xml": SLIDES, "ppt/slides/slide1.xml": slide}),
            "_rels/.rels": relations(relation("r1", "officeDocument", "ppt/presentation.xml")),
            "ppt/_rels/presentation.xml.rels": relations(relation("r1", "slide", "slides/slide1.xml")),
            "ppt/presentation.xml": f"<p:presentation {names}><p:sldIdLst><p:sldId id='256' r:id='r1'/></p:sldIdLst>"
            "<p:sldSz cx='9144000' cy='6858000'/></p:presentation>",
            "ppt/slides/slide1.xml": f"<p:sld {names}><p:cSld><p:spTree>{group}{box}</p:spTree></p:cSld></p:sld>",
        }
    )


def xlsx(line: str) -> bytes:
    book, buffer = Workbook(), io.BytesIO()
    book.active.append([2027, line])
    book.save(buffer)
    return buffer.getvalue()


# -- OpenDocument ------------------------------------------------------------------------------------------------------


def open_document(
    kind: str, body: str, *, before: str = "", events: str = "", manifest: str = "", **more: str
) -> bytes:
    mime = f"application/vnd.oasis.opendocument.{kind}"
    listed = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="text/xml">{manifest}</manifest:file-entry>'
        for name in ("content.xml", *more)
    )
    root = f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{mime}"/>'
    return zipped(
        {
            "mimetype": mime,
            "META-INF/manifest.xml": f"<manifest:manifest {NAMESPACES}>{root}{listed}</manifest:manifest>",
            "content.xml": f'{before}<office:document-content {NAMESPACES} xmlns:xlink="http://www.w3.org/1999/xlink" '
            f'xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2" xmlns:dom="http://www.w3.org/2001/xml-events" xmlns:ooo="http://openoffice.org/2004/office" '
            f'office:version="1.2">{events}<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>',
            **more,
        }
    )


def odt(line: str, body: str = "", **more: str) -> bytes:
    return open_document("text", f"<text:p>{line}</text:p>{body}", **more)


def ods(line: str, *formulas: str, **more: str) -> bytes:
    cells = "".join(f'<table:table-cell table:formula="of:={formula}"/>' for formula in formulas)
    first = f'<table:table-cell office:value-type="string"><text:p>{line}</text:p></table:table-cell>'
    table = f'<table:table table:name="A"><table:table-row>{first}{cells}</table:table-row></table:table>'
    return open_document("spreadsheet", table, **more)


def odp(line: str) -> bytes:
    box = f"<draw:text-box><text:p>{line}</text:p></draw:text-box>"
    frame = f'<draw:frame svg:x="2cm" svg:y="2cm" svg:width="20cm" svg:height="3cm">{box}</draw:frame>'
    return open_document("presentation", f'<draw:page draw:name="1">{frame}</draw:page>')


def ods_with_macro(marker: str) -> bytes:
    """A workbook with a function of its own that writes a file: when it is opened, and when a cell is computed."""
    address = "vnd.sun.star.script:Standard.Module1.Written?language=Basic&amp;location=document"
    events = (
        "<office:scripts><office:event-listeners><script:event-listener script:language='ooo:script' "
        f"script:event-name='dom:load' xlink:href='{address}' xlink:type='simple'/></office:event-listeners></office:scripts>"
    )
    basic = f'Function Written()&#10;Open "{marker}" For Output As #1&#10;Print #1, "ran"&#10;Close #1&#10;Written = 7&#10;End Function'
    names = 'xmlns:library="http://openoffice.org/2000/library" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return ods(
        "Tờ trình",
        "WRITTEN()",
        events=events,
        **{
            "Basic/script-lc.xml": f"<library:libraries {names}><library:library library:name='Standard' library:link='false'/></library:libraries>",
            "Basic/Standard/script-lb.xml": f"<library:library {names} library:name='Standard' library:readonly='false'><library:element library:name='Module1'/></library:library>",
            "Basic/Standard/Module1.xml": f"<script:module xmlns:script='http://openoffice.org/2000/script' script:name='Module1' script:language='StarBasic'>{basic}</script:module>",
        },
    )


# -- What must be refused ----------------------------------------------------------------------------------------------


def ole(*names: str) -> bytes:
    """An OLE file whose root holds streams of these names, all of them empty: as of old office files, and encrypted ones."""
    return ole_with("", b"", *names)


def ole_with(first: str, content: bytes, *names: str) -> bytes:
    """The same, whose first stream holds something: 4096 bytes at least, or it would have to lie elsewhere."""
    names = (first, *names) if first else names
    rows = [("Root Entry", 5, 1)] + [(name, 2, 0xFFFFFFFF) for name in names]
    listed, filled = b"", -(-len(content) // 512)
    rows_sectors = -(-128 * len(rows) // 512)
    for place, (name, kind, child) in enumerate(rows):
        right = place + 1 if 0 < place < len(names) else 0xFFFFFFFF
        encoded = name.encode("utf-16-le") + b"\0\0"
        listed += encoded.ljust(64, b"\0") + struct.pack("<HBBIII", len(encoded), kind, 1, 0xFFFFFFFF, right, child)
        start, size = (rows_sectors + 1, len(content)) if place == 1 and content else (0xFFFFFFFE, 0)
        listed += bytes(36) + struct.pack("<IQ", start, size)
    listed = listed.ljust(512 * rows_sectors, b"\0")
    follows = [0xFFFFFFFD, *range(2, rows_sectors + 1), 0xFFFFFFFE]
    if filled:
        follows += [*range(rows_sectors + 2, rows_sectors + filled + 1), 0xFFFFFFFE]
    table = struct.pack(f"<{len(follows)}I", *follows).ljust(512, b"\xff")
    magic = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header = magic + struct.pack(
        "<HHHHH6xIIIIIIIIII", 62, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0
    )
    return (
        header[:76].ljust(76, b"\0")
        + struct.pack("<I", 0)
        + b"\xff" * 432
        + table
        + listed
        + content.ljust(512 * filled, b"\0")
    )


def zip_bomb() -> bytes:
    """A text whose 2 MB unpack to 2 GB."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", content_types(**{"word/document.xml": WORD}))
        with package.open("word/document.xml", "w", force_zip64=True) as part:
            for _time in range(300):
                part.write(bytes(1 << 20))
    return buffer.getvalue()


def png_bomb() -> bytes:
    """A picture of 100 000 by 100 000 pixels, as far as its head tells."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


# -- Pictures ----------------------------------------------------------------------------------------------------------


def picture(
    kind: str, size: tuple[int, int] = (1240, 1754), *, mode: str = "RGB", pages: int = 1, **saving: object
) -> bytes:
    """A picture that is red on its left half."""
    made = Image.new(mode, size, "white")
    made.paste("red" if mode.startswith("RGB") else 0, (0, 0, size[0] // 2, size[1]))
    buffer = io.BytesIO()
    if pages > 1:
        saving |= {"save_all": True, "append_images": [made] * (pages - 1)}
    made.save(buffer, kind, **saving)
    return buffer.getvalue()
