import assert from "node:assert/strict";
import { test } from "node:test";
import { History, MOST_ACTS } from "../../static/js/models/history.js";

const mark = (id) => ({ id });

test("the last stroke is taken back first and can be drawn again", () => {
  const history = new History();
  history.did({ did: "made", marks: [mark("a")] });
  history.did({ did: "made", marks: [mark("b")] });
  assert.deepEqual(history.undo(), { erase: [mark("b")] });
  assert.deepEqual(history.redo(), { make: [mark("b")] });
});

test("erasing is taken back by making the same marks", () => {
  const history = new History();
  history.did({ did: "erased", marks: [mark("a"), mark("b")] });
  assert.deepEqual(history.undo(), { make: [mark("a"), mark("b")] });
});

test("a mark that came back under a new id is still the one that was made", () => {
  const history = new History();
  history.did({ did: "made", marks: [mark("a")] });
  history.did({ did: "erased", marks: [mark("a")] });
  history.undo();
  history.renamed("a", mark("a2"));
  assert.deepEqual(history.undo(), { erase: [mark("a2")] });
});

test("a new act ends what could be done again", () => {
  const history = new History();
  history.did({ did: "made", marks: [mark("a")] });
  history.undo();
  history.did({ did: "made", marks: [mark("b")] });
  assert.equal(history.canRedo, false);
  assert.equal(history.redo(), null);
});

test("what is gone for good is nothing to take back", () => {
  const history = new History();
  history.did({ did: "made", marks: [mark("a")] });
  history.forget("a");
  assert.equal(history.canUndo, false);
  assert.equal(history.undo(), null);
});

test("the oldest acts are forgotten, and the rest survives a reload", () => {
  const history = new History();
  for (let i = 0; i <= MOST_ACTS; i += 1) history.did({ did: "made", marks: [mark(`m${i}`)] });
  const again = new History(JSON.parse(JSON.stringify(history)));
  assert.equal(again.done.length, MOST_ACTS);
  assert.deepEqual(again.undo(), { erase: [mark(`m${MOST_ACTS}`)] });
});
