import assert from "node:assert/strict";
import { test } from "node:test";
import { Chunks, FORGOTTEN_AFTER_MS, Previews } from "../../static/js/models/previews.js";

const STYLE = { color: "#111", width_pt: 1.5 };
const chunk = (offset, d) => ({ id: "s", page: 2, by: "person:31", style: STYLE, offset, d });

test("what one tablet cuts into chunks the other puts together", () => {
  const chunks = new Chunks();
  const previews = new Previews();
  const ints = [500, 500];
  previews.append({ ...chunk(0, []), ...chunks.next(ints) }, 0);
  ints.push(50, 0, 50, 0);
  previews.append({ ...chunk(0, []), ...chunks.next(ints) }, 50);
  assert.equal(chunks.next(ints), null);
  const [stroke] = previews.onPage(2);
  assert.deepEqual([...stroke.points], [10, 10, 11, 10, 12, 10]);
});

test("a chunk sent twice changes nothing, a missing one is waited for by nobody", () => {
  const previews = new Previews();
  assert.equal(previews.append(chunk(0, [0, 0, 5, 5]), 0), 2);
  assert.equal(previews.append(chunk(0, [0, 0, 5, 5]), 10), null);
  assert.equal(previews.append(chunk(8, [1, 1]), 20), null);
  assert.equal(previews.append(chunk(2, [5, 5, 7, 7]), 30), 2);
  assert.deepEqual(previews.strokes.get("s").ints, [0, 0, 5, 5, 7, 7]);
});

test("who joins in the middle of a stroke waits for the finished one", () => {
  const previews = new Previews();
  assert.equal(previews.append(chunk(40, [1, 1]), 0), null);
  assert.deepEqual(previews.onPage(2), []);
});

test("an abandoned stroke disappears, and so does one that nobody goes on with", () => {
  const previews = new Previews();
  previews.append(chunk(0, [0, 0]), 0);
  assert.equal(previews.append({ id: "s", gone: true }, 1), 2);
  previews.append(chunk(0, [0, 0]), 100);
  assert.deepEqual(previews.expire(100 + FORGOTTEN_AFTER_MS), []);
  assert.deepEqual(previews.expire(101 + FORGOTTEN_AFTER_MS), [2]);
});
