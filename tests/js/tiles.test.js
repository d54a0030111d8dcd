import assert from "node:assert/strict";
import { test } from "node:test";
import { MOST_TILES, levelFor, nameOf, rowsOf, seenOn, tilesInSight } from "../../static/js/models/tiles.js";

const FACTS = {
  tiers: { 1600: [1600, 2264], 2400: [2400, 3396] },
  levels: { 3600: [3600, 5094], 6000: [6000, 8491], 9600: [9600, 13585] },
};
// 1200 px wide on the screen: a tile of level 3600 is 170⅔ px wide there.
const PAGE = { width: 1200, height: 1698 };
const names = (tiles) => tiles.map(nameOf);

test("the image of the whole page is enough until it would be stretched", () => {
  assert.equal(levelFor(FACTS, 800, 1), null);
  assert.equal(levelFor(FACTS, 2400 * 1.12, 1), null);
  assert.equal(levelFor(FACTS, 2400 * 1.12 + 1, 1), 3600);
  assert.equal(levelFor(FACTS, 1400, 2), 3600);
  assert.equal(levelFor(FACTS, 2400, 2), 6000);
  assert.equal(levelFor(FACTS, 4000, 2), 9600);
});

test("beyond the largest level the largest is stretched", () => {
  assert.equal(levelFor(FACTS, 7080, 2), 9600);
});

test("of a tall page counts how wide it is drawn, not how wide was asked", () => {
  const tall = { tiers: { 2400: [600, 6000] }, levels: { 3600: [900, 9000], 6000: [1500, 15000] } };
  assert.equal(levelFor(tall, 672, 1), null);
  assert.equal(levelFor(tall, 800, 1), 3600);
  assert.equal(levelFor(tall, 1200, 1), 6000);
});

test("without levels there are no tiles", () => {
  assert.equal(levelFor({ tiers: FACTS.tiers }, 9000, 2), null);
});

test("the tiles in sight are wanted and no others, those in the middle first", () => {
  const seen = { left: 171, top: 0, width: 341, height: 300 };
  const tiles = tilesInSight(3600, FACTS.levels[3600], 512, PAGE, seen);
  assert.deepEqual(names(tiles).sort(), ["3600/1-0", "3600/1-1", "3600/2-0", "3600/2-1"]);
  const tall = tilesInSight(3600, FACTS.levels[3600], 512, PAGE, { left: 0, top: 0, width: 1200, height: 1698 });
  assert.equal(tall.length, Math.min(MOST_TILES, 8 * 10));
  assert.ok(["3600/3-4", "3600/4-4", "3600/3-5", "3600/4-5"].includes(nameOf(tall[0])));
});

test("tiles lie beside each other and end where the page ends", () => {
  const tiles = tilesInSight(3600, FACTS.levels[3600], 512, PAGE, { left: 0, top: 0, width: 1200, height: 1698 }, 999);
  assert.equal(tiles.length, 80);
  const last = tiles.find((tile) => nameOf(tile) === "3600/7-9");
  assert.ok(Math.abs(last.left + last.width - 100) < 1e-9);
  assert.ok(Math.abs(last.top + last.height - 100) < 1e-9);
  const first = tiles.find((tile) => nameOf(tile) === "3600/0-0");
  const second = tiles.find((tile) => nameOf(tile) === "3600/1-0");
  assert.deepEqual([first.left, first.top, first.width], [0, 0, second.left]);
  const area = tiles.reduce((sum, { width, height }) => sum + width * height, 0);
  assert.ok(Math.abs(area - 10_000) < 1e-6);
});

test("tiles of a row are asked for together, the row in the middle first", () => {
  const seen = { left: 350, top: 0, width: 300, height: 500 };
  const rows = rowsOf(tilesInSight(3600, FACTS.levels[3600], 512, PAGE, seen));
  assert.deepEqual(rows.map(names), [
    ["3600/2-1", "3600/3-1"],
    ["3600/2-0", "3600/3-0"],
    ["3600/2-2", "3600/3-2"],
  ]);
  assert.deepEqual(rowsOf([]), []);
});

test("a page out of sight wants no tiles, and one at the edge none beyond it", () => {
  const size = FACTS.levels[3600];
  assert.deepEqual(tilesInSight(3600, size, 512, PAGE, { left: 0, top: 1698, width: 800, height: 0 }), []);
  const corner = tilesInSight(3600, size, 512, PAGE, { left: 1100, top: 1650, width: 100, height: 48 });
  assert.deepEqual(names(corner).sort(), ["3600/6-9", "3600/7-9"]);
});

test("what is seen of a page ends with the page and with the window", () => {
  const place = { left: 8, top: 1000, width: 1200, height: 900 };
  const at = (left, top) => seenOn(place, { left, top, box: { width: 800, height: 600 } });
  assert.deepEqual(at(0, 500), { left: 0, top: 0, width: 792, height: 100 });
  assert.deepEqual(at(308, 1500), { left: 300, top: 500, width: 800, height: 400 });
  assert.equal(at(0, 100).height, 0);
  assert.equal(at(0, 2000).height, 0);
});
