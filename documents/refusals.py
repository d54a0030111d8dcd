"""Why a file is refused: one code and one sentence each, which say what to do."""

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from realtime.refusals import Refusal

PAGE_LIMIT = 3000

SENTENCES: dict[str, Promise] = {
    "graded": gettext_lazy(
        "A paper graded Mật, Tối mật or Tuyệt mật must not enter this system. Hand it out on paper in the meeting."
    ),
    "no_grade": gettext_lazy("Say first whether the paper bears a grade of secrecy."),
    "no_file": gettext_lazy("Choose at least one file."),
    "empty": gettext_lazy("The file is empty (0 bytes). Save it again and choose it anew."),
    "not_paper": gettext_lazy(
        "This is neither a PDF nor an office file nor a picture (PNG, JPEG, TIFF), whatever its name says. "
        "Save the paper as PDF and choose that file."
    ),
    "no_office": gettext_lazy(
        "Office files are not made into pages here, because LibreOffice is not installed. "
        "Save the paper as PDF and choose that file."
    ),
    "not_converted": gettext_lazy(
        "No pages could be made of this file; it may be damaged or protected by a password. "
        "Open it, save it as PDF and choose that file."
    ),
    "archive": gettext_lazy("This is an archive. Unpack it and choose the papers that are in it."),
    "web_page": gettext_lazy("This is a web page. Open it, print it to PDF and choose that file."),
    "program": gettext_lazy("This is a program, not a paper. Nothing of it was kept."),
    "unpacks_too_large": gettext_lazy(
        "The file unpacks to more than is allowed. Save the paper as PDF and choose that file."
    ),
    "too_many_pixels": gettext_lazy(
        "The picture has too many pixels. Make it smaller (A3 at 600 dots an inch is fine) and choose it anew."
    ),
    "encrypted": gettext_lazy("The file is protected by a password. Save it without a password and choose it anew."),
    "broken": gettext_lazy("The file is damaged and cannot be opened. Make the PDF anew from the original."),
    "too_many_pages": gettext_lazy("The file has more than 3000 pages. Split it into several papers."),
    "too_slow": gettext_lazy(
        "Opening the file takes longer than is allowed. Print the original to PDF once more and choose the new file."
    ),
    "too_much_memory": gettext_lazy(
        "Opening the file takes more memory than is allowed. "
        "Print the original to PDF once more, with smaller pictures."
    ),
    "unreadable": gettext_lazy("None of the pages can be shown. Make the PDF anew from the original."),
    "busy": gettext_lazy("Many files are being checked at this moment. Please try again in a minute."),
    "too_many_uploads": gettext_lazy(
        "Too many of your files are still on their way. Let them finish or stop some; "
        "what is left alone goes away after 24 hours."
    ),
    "expired": gettext_lazy("Nothing more came of this file for 24 hours, so it was deleted. Choose it again."),
    "no_name": gettext_lazy("The file has no name, or one that is too long. Give it another and choose it anew."),
    "no_room": gettext_lazy("The server has no room for this file. Tell whoever runs it, and try again later."),
    "no_place": gettext_lazy("The agenda item or paper is no longer there. Load the page again and choose once more."),
    "stamped": gettext_lazy("Page 1 bears a stamp of secrecy; the paper was taken out of the system."),
}
TOO_LARGE = gettext_lazy("The file is larger than %(limit)s MB. Make the pictures in it smaller, or split it.")


def sentence_of(code: str) -> str | Promise:
    if code == "too_large":
        return str(TOO_LARGE) % {"limit": settings.UPLOAD_LIMIT_BYTES // 1024 // 1024}
    return SENTENCES.get(code, SENTENCES["broken"])


def file_refusal(code: str) -> Refusal:
    return Refusal(code if code == "too_large" or code in SENTENCES else "broken", sentence_of(code))
