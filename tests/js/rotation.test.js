import assert from "node:assert/strict";
import { test } from "node:test";
import { apply } from "../../static/js/models/affine.js";
import { partBefore, placeAfter, rotated, rotationOf, rotationsIn, sizeBefore } from "../../static/js/models/rotation.js";

const PAGE = { number: 3, width_pt: 600, height_pt: 800, matrix: [1, 0, 0, -1, 0, 800], tiers: { 1600: [1600, 2133] } };

test("rotated to the right once, the head of a page lies on the right and its foot on the left", () => {
  const page = rotated(PAGE, 1);
  assert.deepEqual([page.width_pt, page.height_pt], [800, 600]);
  assert.deepEqual(apply(page.matrix, 0, 800), [800, 0]); // its upper left corner is now the upper right one
  assert.deepEqual(apply(page.matrix, 600, 800), [800, 600]);
  assert.deepEqual(apply(page.matrix, 0, 0), [0, 0]);
});

test("rotated twice it stands on its head, three times it lies on the other side", () => {
  assert.deepEqual(apply(rotated(PAGE, 2).matrix, 0, 800), [600, 800]);
  assert.deepEqual([rotated(PAGE, 2).width_pt, rotated(PAGE, 2).height_pt], [600, 800]);
  assert.deepEqual(apply(rotated(PAGE, 3).matrix, 0, 800), [0, 600]);
  assert.deepEqual(apply(rotated(PAGE, 3).matrix, 600, 800), [0, 0]);
});

test("not rotated it is as it was, and what else is known of it stays", () => {
  const { quarters, ...facts } = rotated(PAGE, 0);
  assert.equal(quarters, 0);
  assert.deepEqual(facts, PAGE);
  assert.deepEqual(rotated(PAGE, 1).tiers, PAGE.tiers);
});

test("four times around, every corner is back", () => {
  let [size, point] = [{ width: 600, height: 800 }, [50, 70]];
  for (let step = 0; step < 4; step += 1) {
    point = apply(rotationOf(1, size.width, size.height), ...point);
    size = { width: size.height, height: size.width };
  }
  assert.deepEqual(point, [50, 70]);
});

test("the part in sight of a rotated page is the part of its picture that lies there", () => {
  const page = { width: 800, height: 600 }; // rotated; its picture is 600 wide and 800 high
  assert.deepEqual(sizeBefore(1, page), { width: 600, height: 800 });
  const upperRight = { left: 700, top: 0, width: 100, height: 50 };
  assert.deepEqual(partBefore(1, upperRight, page), { left: 0, top: 0, width: 50, height: 100 });
  assert.deepEqual(partBefore(3, upperRight, page), { left: 550, top: 700, width: 50, height: 100 });
  assert.deepEqual(partBefore(2, { left: 0, top: 0, width: 10, height: 20 }, { width: 600, height: 800 }), { left: 590, top: 780, width: 10, height: 20 });
  assert.deepEqual(partBefore(0, upperRight, page), upperRight);
});

test("what the browser remembers may be anything", () => {
  assert.deepEqual([...rotationsIn({ 3: 1, 4: 0, 5: 7, x: 1, 6: "2", 8: 3 })], [[3, 1], [8, 3]]);
  for (const nothing of [null, undefined, "abc", 5, []]) assert.equal(rotationsIn(nothing).size, 0);
});

test("a place on a page goes round with it", () => {
  assert.deepEqual(placeAfter(1, { x: 0.2, y: 0.1 }), { x: 0.9, y: 0.2 });
  assert.deepEqual(placeAfter(-1, placeAfter(1, { x: 0.25, y: 0.5 })), { x: 0.25, y: 0.5 });
  assert.deepEqual(placeAfter(2, { x: 0.25, y: 0.5 }), { x: 0.75, y: 0.5 });
  assert.deepEqual(placeAfter(0, { x: 0.25, y: 0.5 }), { x: 0.25, y: 0.5 });
  const [x, y] = apply(rotationOf(3, 600, 800), 0.25 * 600, 0.5 * 800);
  assert.deepEqual(placeAfter(3, { x: 0.25, y: 0.5 }), { x: x / 800, y: y / 600 });
});
