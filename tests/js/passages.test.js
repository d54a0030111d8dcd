import assert from "node:assert/strict";
import { test } from "node:test";
import { passageBetween, placeAt, quadOf, wordAt } from "../../static/js/models/passages.js";

/** A line of letters 10 pt wide and 12 pt high. */
const line = (text, x, y) => ({ text, box: [x, y, x + 10 * text.length, y + 12], x: [...Array(text.length + 1).keys()].map((i) => x + 10 * i) });
const LINES = [line("Dự toán ngân", 50, 700), line("sách năm 2027", 50, 680), line("Nơi nhận", 300, 680)];

test("a point means the nearest letter of the nearest line", () => {
  assert.deepEqual(placeAt(LINES, 72, 705), { span: 0, offset: 2 });
  assert.deepEqual(placeAt(LINES, 1, 683), { span: 1, offset: 0 });
  assert.deepEqual(placeAt(LINES, 330, 686), { span: 2, offset: 3 });
  assert.equal(placeAt(LINES, 72, 100), null);
  assert.equal(placeAt([], 1, 1), null);
});

test("a word goes from space to space", () => {
  assert.deepEqual(wordAt(LINES, { span: 0, offset: 5 }), [{ span: 0, offset: 3 }, { span: 0, offset: 7 }]);
});

test("a passage over two lines has a piece on each, its words and what stands around", () => {
  const passage = passageBetween(LINES, { span: 1, offset: 4 }, { span: 0, offset: 8 });
  assert.deepEqual(passage.quads, [
    [130, 712, 170, 712, 130, 700, 170, 700],
    [50, 692, 90, 692, 50, 680, 90, 680],
  ]);
  assert.deepEqual(passage.anchor, { quote: "ngân sách", prefix: "Dự toán ", suffix: " năm 2027 Nơi nhận" });
});

test("space is no passage, and at the ends of one it is left out", () => {
  assert.equal(passageBetween(LINES, { span: 0, offset: 2 }, { span: 0, offset: 3 }), null);
  const passage = passageBetween(LINES, { span: 0, offset: 2 }, { span: 0, offset: 8 });
  assert.equal(passage.anchor.quote, "toán");
  assert.deepEqual(passage.quads, [[80, 712, 120, 712, 80, 700, 120, 700]]);
});

test("a line that runs upwards is framed as it runs", () => {
  const upright = { text: "abc", box: [100, 200, 112, 230], dir: [0, 1], x: [200, 210, 220, 230] };
  // Upper left of the letters: the head of the line is at the left, x = 100.
  assert.deepEqual(quadOf(upright, 1, 3), [100, 210, 100, 230, 112, 210, 112, 230]);
  assert.deepEqual(placeAt([upright], 106, 219), { span: 0, offset: 2 });
});

test("without places of the letters they are taken to be equally wide", () => {
  assert.deepEqual(quadOf({ text: "abcd", box: [0, 0, 40, 10] }, 1, 2), [10, 10, 20, 10, 10, 0, 20, 0]);
});
