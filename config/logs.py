"""What no line of the log may hold."""

import logging
import re

SECRET_LINK = re.compile(r"(/calendar/feed/)[^/\s]+")


class WithoutSecretLinks(logging.Filter):
    """Addresses of calendars are secrets: an error on such a page is logged without the token."""

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        if SECRET_LINK.search(text):
            record.msg, record.args = SECRET_LINK.sub(r"\1…", text), ()
        return True
