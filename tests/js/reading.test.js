import assert from "node:assert/strict";
import { test } from "node:test";
import { ReadingTime } from "../../static/js/models/reading_time.js";
import { MOST_PLACES, WayBack } from "../../static/js/models/way_back.js";

test("a page is seen after two seconds on the screen, and told once", () => {
  const time = new ReadingTime();
  time.look([1, 2], 0);
  assert.deepEqual(time.take(1900), []);
  time.look([2, 3], 1950);
  assert.deepEqual(time.take(2100), [2]);
  assert.deepEqual(time.take(9000), [3]);
  time.look([2], 9000);
  assert.deepEqual(time.take(20000), []);
});

test("time on the screen does not add up over two short looks, nor while nobody looks", () => {
  const time = new ReadingTime();
  time.look([1], 0);
  time.look([], 1500);
  time.look([1], 60000);
  assert.deepEqual(time.take(61500), []);
  assert.deepEqual(time.take(62000), [1]);
});

test("the way back leads to the last place first, and the same page is one place", () => {
  const way = new WayBack();
  way.leave({ version: "a", page: 3, y: 10 });
  way.leave({ version: "a", page: 3, y: 40 });
  way.leave({ version: "b", page: 1, y: 0 });
  assert.deepEqual(way.back(), { version: "b", page: 1, y: 0 });
  assert.deepEqual(way.back(), { version: "a", page: 3, y: 40 });
  assert.equal(way.back(), null);
  for (let page = 1; page <= MOST_PLACES + 5; page += 1) way.leave({ version: "a", page, y: 0 });
  assert.equal(way.places.length, MOST_PLACES);
});
