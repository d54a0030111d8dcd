import assert from "node:assert/strict";
import { test } from "node:test";

import { UrgentFirst } from "../../static/js/models/urgent_first.js";

/** A queue whose jobs end when they are told to, and what has begun. */
function queue(atOnce) {
  const first = new UrgentFirst(atOnce);
  const [began, ends] = [[], {}];
  const add = (name, want) => {
    first.add(want, () => new Promise((end) => (began.push(name), (ends[name] = end))));
    return want;
  };
  const end = async (name) => (ends[name](), await new Promise(setImmediate));
  return { first, began, add, end };
}

test("what is less urgent waits until all that is more urgent has come", async () => {
  const { began, add, end } = queue(3);
  add("seen", { urgency: 0 });
  add("next", { urgency: 1 });
  add("also seen", { urgency: 0 });
  assert.deepEqual(began, ["seen", "also seen"]);
  await end("seen");
  assert.deepEqual(began, ["seen", "also seen"]);
  await end("also seen");
  assert.deepEqual(began, ["seen", "also seen", "next"]);
});

test("no more begin than may be under way at once, in the order in which they were asked for", async () => {
  const { began, add, end } = queue(2);
  for (const name of ["a", "b", "c", "d"]) add(name, { urgency: 1 });
  assert.deepEqual(began, ["a", "b"]);
  await end("b");
  assert.deepEqual(began, ["a", "b", "c"]);
});

test("what is taken back never begins", async () => {
  const { began, add, end } = queue(1);
  const stop = new AbortController();
  add("a", { urgency: 0 });
  add("b", { urgency: 0, signal: stop.signal });
  add("c", { urgency: 0 });
  stop.abort();
  await end("a");
  assert.deepEqual(began, ["a", "c"]);
});

test("what becomes more urgent while it waits begins, and goes before what was asked for earlier", async () => {
  const { first, began, add, end } = queue(2);
  add("a", { urgency: 0 });
  add("b", { urgency: 1 });
  const want = add("c", { urgency: 1 });
  want.urgency = 0;
  first.next();
  assert.deepEqual(began, ["a", "c"]);
  await end("a");
  assert.deepEqual(began, ["a", "c"]);
  await end("c");
  assert.deepEqual(began, ["a", "c", "b"]);
});

test("what is under way and becomes more urgent keeps the others waiting", async () => {
  const { first, began, add, end } = queue(2);
  const want = add("a", { urgency: 1 });
  want.urgency = 0;
  first.next();
  add("b", { urgency: 1 });
  assert.deepEqual(began, ["a"]);
  await end("a");
  assert.deepEqual(began, ["a", "b"]);
});

test("what is under way and becomes less urgent lets the others begin", () => {
  const { first, began, add } = queue(2);
  const want = add("a", { urgency: 0 });
  add("b", { urgency: 1 });
  assert.deepEqual(began, ["a"]);
  want.urgency = 1;
  first.next();
  assert.deepEqual(began, ["a", "b"]);
});
