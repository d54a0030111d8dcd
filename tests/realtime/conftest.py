from collections.abc import Iterator

import pytest

from realtime import principals
from tests.realtime import hall

hall.open_hall()


@pytest.fixture(autouse=True)
def an_open_hall() -> Iterator[None]:
    """Everybody is welcome again, whatever the last test did; and afterwards real people are known again."""
    # The lists themselves: a test may have put others in their place, which are taken away only after this.
    kept = [(these, these.copy()) for these in (principals.sources, principals.checks)]
    hall.believe_the_hall_only()
    yield
    for these, before in kept:
        these[:] = before
    hall.outside.clear()
    hall.removed.clear()
    hall.broken_panels.clear()
    hall.rendered.clear()
    hall.rendering_takes_seconds = 0.0
