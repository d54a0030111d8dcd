"""Make the pictures of the README again: `uv run docs/pictures.py`.

Starts a demo of its own in a temporary folder, acts in it as people do, and photographs what they see.
"""

from demonstration import ROOT, WALL, begin_the_session, enter, open_a_vote, running_demo, take_a_seat

PICTURES = ROOT / "docs" / "pictures"


def main() -> None:
    with running_demo() as browser:
        desk = begin_the_session(browser)
        floor = take_a_seat(browser)
        wall = enter(browser, "man-hinh", WALL)
        open_a_vote(desk, floor)
        for page, name in ((floor, "floor"), (desk, "desk"), (wall, "wall")):
            page.screenshot(path=PICTURES / f"{name}.png")


if __name__ == "__main__":
    main()
