import assert from "node:assert/strict";
import { test } from "node:test";
import { changeOf, nextChange, pagesToLookAt, runsOf } from "../../static/js/models/page_changes.js";

const NEWS = { number: 2, is_unopened: true, is_compared: true, changed: [3, 7], added: [5], removed: [9] };

test("changed and added pages are looked at in their order; removed ones are no longer there", () => {
  assert.deepEqual(pagesToLookAt(NEWS), [3, 5, 7]);
  assert.deepEqual(pagesToLookAt(null), []);
});

test("stepping goes round the ends", () => {
  const pages = pagesToLookAt(NEWS);
  assert.equal(nextChange(pages, 1, 1), 3);
  assert.equal(nextChange(pages, 3, 1), 5);
  assert.equal(nextChange(pages, 8, 1), 3);
  assert.equal(nextChange(pages, 4, -1), 3);
  assert.equal(nextChange(pages, 3, -1), 7);
  assert.equal(nextChange([], 3, 1), null);
});

test("each page says what became of it", () => {
  assert.deepEqual([3, 4, 5].map((page) => changeOf(NEWS, page)), ["changed", "", "added"]);
  assert.equal(changeOf(null, 3), "");
});

test("runs of pages", () => {
  assert.deepEqual(runsOf([3, 4, 5, 9]), [[3, 5], [9, 9]]);
});
