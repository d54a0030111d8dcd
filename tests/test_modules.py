"""What a page needs of our modules is named in its head."""

import re
from pathlib import Path

from django.conf import settings
from django.template import Context, Template

from config.templatetags.modules import closure, joined

STATIC = Path(settings.BASE_DIR) / "static"


def test_everything_a_module_imports_is_there_and_named_once() -> None:
    names = closure("js/elements/phien-reader.js")
    assert len(names) == len(set(names)) > 40
    for name in names:
        source = (STATIC / name).read_text()
        for target in re.findall(r'from "(\.[^"]+)"|^import "(\.[^"]+)"', source, re.MULTILINE):
            assert joined(Path(name).parent, "".join(target)) in names, (name, target)


def test_what_came_with_an_earlier_module_is_not_named_again() -> None:
    words = "{% load modules %}{% module_preloads 'js/elements/phien-reader.js' after='js/app.js' %}"
    links = Template(words).render(Context())
    assert 'rel="modulepreload"' in links
    assert "phien-reader" in links
    assert "realtime/connection" not in links
