import assert from "node:assert/strict";
import { test } from "node:test";
import {
  MARGIN_PX,
  anchorAt,
  besides,
  clampZoom,
  columnAt,
  contains,
  currentIndex,
  inkRegion,
  isWholeIn,
  layOut,
  pageAt,
  pageNamed,
  positionOf,
  pushedTo,
  tierFor,
  turn,
  visibleRange,
  wantedIndexes,
} from "../../static/js/models/pages.js";

const PORTRAIT = { width_pt: 600, height_pt: 800 };
const LANDSCAPE = { width_pt: 800, height_pt: 600 };
const paper = (...pages) => layOut(pages, 616, 1); // a column of 600 px

test("every page is as wide as the column, with room between", () => {
  const layout = paper(PORTRAIT, LANDSCAPE);
  assert.deepEqual(
    layout.places.map(({ top, left, width, height }) => [top, left, width, height]),
    [
      [8, 8, 600, 800],
      [820, 8, 600, 450],
    ],
  );
  assert.equal(layout.height, 1278);
});

test("zoom widens the column and the sheet it scrolls in", () => {
  const layout = layOut([PORTRAIT], 616, 2);
  assert.equal(layout.places[0].width, 1200);
  assert.equal(layout.width, 1216);
});

test("a wide screen does not blow the letters up", () => {
  const layout = layOut([PORTRAIT], 2000, 1);
  assert.equal(layout.places[0].width, 1180);
  assert.equal(layout.places[0].left, 410);
});

test("the page at a height is found in long papers too", () => {
  const layout = paper(...Array(300).fill(PORTRAIT));
  assert.equal(pageAt(layout, -5), 0);
  assert.equal(pageAt(layout, 8 + 812 * 57 + 1), 57);
  assert.equal(pageAt(layout, 1e9), 299);
});

test("pages in sight, then the next ones, then the previous one", () => {
  const layout = paper(...Array(9).fill(PORTRAIT));
  const top = 8 + 812 * 4 - 100;
  assert.deepEqual(visibleRange(layout, top, 700), [3, 4]);
  assert.deepEqual(wantedIndexes(layout, top, 700), [3, 4, 5, 2, 6]);
  assert.deepEqual(wantedIndexes(layout, 0, 700), [0, 1, 2]);
});

test("a page of which only the gap below is in sight is not in sight", () => {
  const layout = paper(PORTRAIT, PORTRAIT);
  assert.deepEqual(visibleRange(layout, 810, 100), [1, 1]);
});

test("the current page is the one a third down; at the very end it is the last", () => {
  const layout = paper(PORTRAIT, PORTRAIT, { width_pt: 600, height_pt: 50 });
  assert.equal(currentIndex(layout, 0, 600), 0);
  assert.equal(currentIndex(layout, 400, 600), 0);
  assert.equal(currentIndex(layout, 700, 600), 1);
  assert.equal(currentIndex(layout, layout.height - 600, 600), 2);
});

test("a place of the paper is the same place in another layout", () => {
  const small = paper(PORTRAIT, LANDSCAPE, PORTRAIT);
  const large = layOut([PORTRAIT, LANDSCAPE, PORTRAIT], 1000, 1.7);
  const anchor = anchorAt(small, 300, 1000);
  assert.equal(anchor.index, 1);
  const there = positionOf(large, anchor);
  const back = positionOf(small, anchorAt(large, there.x, there.y));
  assert.ok(Math.abs(back.x - 300) < 1e-9 && Math.abs(back.y - 1000) < 1e-9);
});

test("the tier is the smallest that is sharp", () => {
  assert.equal(tierFor(780, 2), 1600);
  assert.equal(tierFor(1164, 2), 2400);
  assert.equal(tierFor(5000, 2), 2400);
  assert.equal(tierFor(1164, 1), 1600);
});

test("the page field takes a number and nothing that is not a page", () => {
  assert.equal(pageNamed(" 12 / 87", 87), 12);
  assert.equal(pageNamed("87", 87), 87);
  for (const wrong of ["0", "88", "mười hai", "", "1.5", "-3"]) assert.equal(pageNamed(wrong, 87), null);
});

test("ink covers the whole page until that is too large, then what is seen and some more", () => {
  const page = { width: 1000, height: 1400 };
  const seen = { left: 400, top: 600, width: 400, height: 200 };
  assert.deepEqual(inkRegion(page, seen, 2, 6e6), { left: 0, top: 0, width: 1000, height: 1400 });
  const part = inkRegion(page, seen, 2, 5e6);
  assert.deepEqual(part, { left: 300, top: 550, width: 600, height: 300 });
  assert.ok(contains(part, seen));
});

test("the column under the finger is one of two, headings across both left aside", () => {
  const lines = [
    [50, 40, 550, 60],
    [50, 80, 290, 92],
    [50, 96, 280, 108],
    [50, 112, 285, 124],
    [310, 80, 550, 92],
  ];
  assert.deepEqual(columnAt(lines, 100), [50, 290]);
  assert.deepEqual(columnAt(lines, 20), null);
});

test("turning on shows the lower part of a tall page before the next one", () => {
  const layout = paper(PORTRAIT, PORTRAIT, PORTRAIT);
  const seen = [0];
  while (seen.at(-1) < layout.height - 500 && seen.length < 20) seen.push(turn(layout, seen.at(-1), 500, 1));
  assert.deepEqual(seen.slice(0, 4), [0, 316, 812, 1128]);
  assert.equal(turn(layout, 812, 500, -1), 316);
  assert.equal(turn(layout, 316, 500, -1), 0);
});

test("turning where pages fit the screen goes page by page", () => {
  const layout = paper(LANDSCAPE, LANDSCAPE, LANDSCAPE);
  assert.equal(turn(layout, 0, 470, 1), 462);
  assert.equal(turn(layout, 462, 470, 1), 924);
});

test("a single page has a screen of its own, on which it is seen whole in the middle", () => {
  const layout = layOut([PORTRAIT, LANDSCAPE, PORTRAIT], 616, 1, 416); // 600 x 400 for each
  assert.deepEqual(
    layout.places.map(({ top, left, width, height, begin, end }) => [top, left, width, height, begin, end]),
    [
      [8, 158, 300, 400, 0, 416],
      [424, (616 - 400 * (4 / 3)) / 2, 400 * (4 / 3), 400, 416, 832],
      [840, 158, 300, 400, 832, 1248],
    ],
  );
  assert.equal(layout.height, 3 * 416);
  assert.deepEqual(visibleRange(layout, 416, 416), [1, 1]);
  assert.equal(turn(layout, 416, 416, 1), 832);
  assert.equal(turn(layout, 416, 416, -1), 0);
});

test("a low page on a high screen belongs to the screen, also above and below it", () => {
  const layout = layOut([LANDSCAPE, LANDSCAPE], 616, 1, 1016); // 600 x 450 in 1000
  assert.deepEqual([layout.places[1].top, layout.places[1].begin, layout.places[1].end], [1016 + 283, 1016, 2032]);
  assert.equal(currentIndex(layout, 1000, 1016), 1);
  assert.equal(pageAt(layout, 1100), 1);
  assert.equal(turn(layout, 1016, 1016, -1), 0);
});

test("enlarged, a single page is turned when its end was seen", () => {
  const layout = layOut([PORTRAIT, PORTRAIT], 616, 2, 416); // 600 x 800 each
  assert.deepEqual([layout.places[0].width, layout.places[0].height, layout.places[1].begin], [600, 800, 816]);
  assert.ok(turn(layout, 0, 416, 1) < 416);
  assert.equal(turn(layout, 400, 416, 1), 816);
  assert.deepEqual([clampZoom(0.5, { isSingle: true }), clampZoom(9, { isSingle: true }), clampZoom(0.5), clampZoom(9)], [1, 9, 0.5, 6]);
});

test("a very long paper is enlarged less: browsers lay nothing out below a certain depth", () => {
  assert.equal(clampZoom(6, { height: 5.5e6 }), 2);
  assert.equal(clampZoom(6, { height: 2e7 }), 1);
  assert.equal(clampZoom(0.5, { height: 2e7 }), 0.5);
});

test("a page is whole in the window in both directions, and an enlarged low one is not", () => {
  const box = { width: 820, height: 1060 };
  const [whole] = layOut([LANDSCAPE], 820, 1, 1060).places;
  const [enlarged] = layOut([LANDSCAPE], 820, 1.5, 1060).places;
  assert.equal(isWholeIn(whole, box), true);
  assert.ok(enlarged.end - enlarged.begin <= box.height);
  assert.equal(isWholeIn(enlarged, box), false);
});

test("whichever page one turns to, some of it is in sight beside a wider one", () => {
  const { places } = layOut([{ width_pt: 1600, height_pt: 400 }, PORTRAIT], 1016, 4, 616);
  assert.equal(besides(places[1], 0, 1016), places[1].left - MARGIN_PX);
  assert.equal(besides(places[1], 1e6, 1016), places[1].left + places[1].width + MARGIN_PX - 1016);
  assert.equal(besides(places[0], 700, 1016), 700);
  const [narrow] = layOut([PORTRAIT], 1016, 1, 616).places;
  assert.equal(besides(narrow, 300, 1016), 0);
});

test("a push brings the page that was pushed, a rest the one of which more is seen", () => {
  const layout = layOut([PORTRAIT, PORTRAIT, PORTRAIT], 616, 1, 416);
  const still = { x: 0, y: 0 };
  assert.equal(pushedTo(layout, 416 + 60, 416, still), 1);
  assert.equal(pushedTo(layout, 416 + 260, 416, still), 2);
  assert.equal(pushedTo(layout, 416 + 60, 416, { x: 0, y: -0.8 }), 2);
  assert.equal(pushedTo(layout, 416 - 60, 416, { x: 0, y: 0.8 }), 0);
  assert.equal(pushedTo(layout, 416, 416, { x: -0.9, y: 0.2 }), 2);
  assert.equal(pushedTo(layout, 832, 416, { x: -0.9, y: 0.2 }), 2);
});

test("of a low page that begins below the window nothing is in sight", () => {
  const layout = layOut([PORTRAIT, LANDSCAPE], 616, 1, 1016);
  assert.deepEqual(visibleRange(layout, 200, 1016), [0, 0]);
});
