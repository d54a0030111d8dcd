"""A pen and fingers on a tablet, through the browser's own input events. Places are px of the window."""

from playwright.sync_api import CDPSession, Locator, Page

Point = tuple[float, float]


class Hands:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.line: CDPSession = page.context.new_cdp_session(page)

    def draw(self, *points: Point) -> None:
        """One stroke of the pen."""
        self.pen("mousePressed", points[0])
        for point in points[1:]:
            self.pen("mouseMoved", point)
        self.pen("mouseReleased", points[-1])

    def pen(self, kind: str, at: Point) -> None:
        pressed = kind != "mouseReleased"
        self.line.send(
            "Input.dispatchMouseEvent",
            {
                **{"type": kind, "x": at[0], "y": at[1], "button": "left", "clickCount": 1, "pointerType": "pen"},
                **{"buttons": int(pressed), "force": 0.5 if pressed else 0},
            },
        )

    def fingers(self, kind: str, *points: Point) -> None:
        touches = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
        self.line.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    def tap(self, at: Point) -> None:
        self.fingers("touchStart", at)
        self.fingers("touchEnd")

    def drag(self, begin: Point, end: Point, steps: int = 10) -> None:
        self.fingers("touchStart", begin)
        for x, y in between(begin, end, steps):
            self.fingers("touchMove", (x, y))
        self.fingers("touchEnd")

    def spread(self, middle: Point, begin: float, end: float, steps: int = 10) -> None:
        """Two fingers on one height go apart from `begin` to `end` px."""
        x, y = middle
        self.fingers("touchStart", (x - begin / 2, y), (x + begin / 2, y))
        for wide, _ in between((begin, 0), (end, 0), steps):
            self.fingers("touchMove", (x - wide / 2, y), (x + wide / 2, y))
        self.fingers("touchEnd")


def between(begin: Point, end: Point, steps: int) -> list[Point]:
    (x0, y0), (x1, y1) = begin, end
    return [(x0 + (x1 - x0) * step / steps, y0 + (y1 - y0) * step / steps) for step in range(1, steps + 1)]


def box_of(locator: Locator) -> tuple[float, float, float, float]:
    """Left, top, width, height."""
    box = locator.bounding_box()
    assert box is not None
    return box["x"], box["y"], box["width"], box["height"]
