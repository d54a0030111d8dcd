import assert from "node:assert/strict";
import { test } from "node:test";
import { apply, applyToBox, compose, enlargement, inverse, scaling, shift } from "../../static/js/models/affine.js";

// A page of 200 × 300 pt whose crop box begins at (20, 30), at the four rotations: user space to view.
const PAGES = {
  0: [1, 0, 0, -1, -20, 330],
  90: [0, 1, 1, 0, -30, -20],
  180: [-1, 0, 0, 1, 220, -30],
  270: [0, -1, -1, 0, 330, 220],
};

const near = (one, other) => one.every((number, index) => Math.abs(number - other[index]) < 1e-9);

test("the corner of the crop box becomes the right corner of the view", () => {
  assert.deepEqual(apply(PAGES[0], 20, 330), [0, 0]);
  assert.deepEqual(apply(PAGES[90], 20, 30), [0, 0]);
  assert.deepEqual(apply(PAGES[180], 220, 30), [0, 0]);
  assert.deepEqual(apply(PAGES[270], 220, 330), [0, 0]);
});

test("a map and its inverse lead back at every rotation", () => {
  for (const matrix of Object.values(PAGES)) {
    const there = apply(matrix, 71.3, 99.02);
    assert.ok(near(apply(inverse(matrix), ...there), [71.3, 99.02]));
  }
});

test("compose does the first map first", () => {
  const both = compose(shift(10, 0), scaling(2));
  assert.deepEqual(apply(both, 1, 1), [22, 2]);
  assert.equal(enlargement(both), 2);
});

test("a box stays upright when the page is turned", () => {
  assert.deepEqual(applyToBox(PAGES[90], [20, 30, 120, 40]), [0, 0, 10, 100]);
});

test("a map onto a line has no inverse", () => {
  assert.throws(() => inverse([1, 0, 1, 0, 0, 0]), RangeError);
});
