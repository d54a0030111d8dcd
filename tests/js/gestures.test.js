import assert from "node:assert/strict";
import { test } from "node:test";
import { Gestures, KEPT_AFTER_POINTS, PALM_MS } from "../../static/js/models/gestures.js";

let clock = 0;
const fact = (pointer, id, x, y, more = {}) => ({ id, pointer, x, y, buttons: 1, t: (clock += 16), ...more });
const pen = (x, y, more) => fact("pen", 1, x, y, more);
const finger = (x, y, more) => fact("touch", 7, x, y, more);
const otherFinger = (x, y, more) => fact("touch", 8, x, y, more);
const mouse = (x, y, more) => fact("mouse", 3, x, y, more);
const names = (acts) => acts.map((act) => act.do);

function reading(settings) {
  return new Gestures(settings);
}

test("the first pen switches to the pen and writes with the same touch", () => {
  const gestures = reading();
  assert.deepEqual(names(gestures.down(pen(10, 10))), ["pen_seen", "begin"]);
  assert.equal(gestures.tool, "pen");
  assert.equal(gestures.state, "drawing");
  assert.deepEqual(names(gestures.move(pen(12, 10))), ["extend"]);
  assert.deepEqual(names(gestures.up(pen(12, 10))), ["end"]);
  assert.equal(gestures.state, "idle");
});

test("forty quick strokes of five points are forty strokes", () => {
  const gestures = reading();
  const seen = [];
  for (let stroke = 0; stroke < 40; stroke += 1) {
    seen.push(...gestures.down(pen(stroke, 0)));
    for (let i = 1; i < 4; i += 1) seen.push(...gestures.move(pen(stroke, i)));
    seen.push(...gestures.up(pen(stroke, 4)));
  }
  assert.equal(seen.filter((act) => act.do === "begin").length, 40);
  assert.equal(seen.filter((act) => act.do === "end").length, 40);
});

test("all coalesced points reach the stroke", () => {
  const gestures = reading();
  gestures.down(pen(0, 0));
  const points = [{ x: 1, y: 1 }, { x: 2, y: 2 }, { x: 3, y: 3 }];
  assert.deepEqual(gestures.move(pen(3, 3, { points })), [{ do: "extend", points }]);
});

test("once a pen has been seen a finger moves the paper", () => {
  const gestures = reading({ tool: "pen", penSeen: true });
  gestures.down(finger(100, 100));
  const acts = gestures.move(finger(100, 60));
  assert.deepEqual(acts, [{ do: "pan", dx: 0, dy: -40 }]);
});

test("the button lets the finger write", () => {
  const gestures = reading({ tool: "pen", penSeen: true, handWrites: true });
  assert.deepEqual(names(gestures.down(finger(100, 100))), ["begin"]);
});

test("a trembling finger is a tap and does not move the paper", () => {
  const gestures = reading();
  gestures.down(finger(100, 100));
  assert.deepEqual(gestures.move(finger(103, 101)), []);
  assert.deepEqual(names(gestures.up(finger(103, 101))), ["tap"]);
});

test("two taps at one place are a double tap, two taps apart are not", () => {
  const gestures = reading();
  const tap = (x) => [...gestures.down(finger(x, 50)), ...gestures.up(finger(x, 50))];
  assert.deepEqual(names(tap(100)), ["tap"]);
  assert.deepEqual(names(tap(104)), ["double_tap"]);
  assert.deepEqual(names(tap(104)), ["tap"]);
  assert.deepEqual(names(tap(300)), ["tap"]);
  gestures.forgetTap();
  assert.deepEqual(names(tap(300)), ["tap"]);
});

test("a finger that lets go in movement gives its velocity", () => {
  const gestures = reading();
  gestures.down(finger(100, 400));
  for (let y = 380; y >= 300; y -= 20) gestures.move(finger(100, y));
  const [act] = gestures.up(finger(100, 300));
  assert.equal(act.do, "pan_end");
  assert.ok(act.vy < -0.5);
});

test("the heel of the hand just before the pen leaves no stroke", () => {
  const gestures = reading({ tool: "pen", handWrites: true });
  const down = finger(200, 300);
  gestures.down(down);
  const acts = gestures.down(pen(100, 100, { t: down.t + PALM_MS - 1 }));
  assert.deepEqual(names(acts), ["pen_seen", "abandon", "begin"]);
  assert.deepEqual(gestures.move(finger(210, 300)), []);
  assert.deepEqual(gestures.up(finger(210, 300)), []);
  assert.equal(gestures.state, "drawing");
});

test("an earlier finger stroke is kept when the pen comes", () => {
  const gestures = reading({ tool: "pen", handWrites: true, penSeen: true });
  const down = finger(200, 300);
  gestures.down(down);
  assert.deepEqual(names(gestures.down(pen(100, 100, { t: down.t + PALM_MS }))), ["end", "begin"]);
});

test("a hand laid down while the pen writes is ignored until it is lifted", () => {
  const gestures = reading();
  gestures.down(pen(10, 10));
  assert.deepEqual(gestures.down(finger(200, 300)), []);
  assert.deepEqual(gestures.move(finger(220, 300)), []);
  assert.deepEqual(names(gestures.move(pen(11, 11))), ["extend"]);
  assert.deepEqual(gestures.up(finger(220, 300)), []);
  assert.equal(gestures.state, "drawing");
});

test("the pen stops a pinch of the hand's heel", () => {
  const gestures = reading({ penSeen: true, tool: "pen" });
  gestures.down(finger(200, 300));
  gestures.down(otherFinger(240, 320));
  assert.deepEqual(names(gestures.down(pen(100, 100))), ["pinch_end", "begin"]);
});

test("two fingers pinch about their middle, and the one that stays moves the paper", () => {
  const gestures = reading();
  gestures.down(finger(100, 100));
  assert.deepEqual(gestures.down(otherFinger(200, 100)), [{ do: "pinch_begin", x: 150, y: 100 }]);
  const [act] = gestures.move(otherFinger(300, 100));
  assert.deepEqual(act, { do: "pinch", x: 200, y: 100, scale: 2 });
  assert.deepEqual(names(gestures.up(finger(100, 100))), ["pinch_end"]);
  assert.deepEqual(gestures.move(otherFinger(300, 80)), [{ do: "pan", dx: 0, dy: -20 }]);
});

test("a second finger turns a stroke just begun into a pinch", () => {
  const gestures = reading({ tool: "pen", handWrites: true });
  gestures.down(finger(100, 100));
  assert.deepEqual(names(gestures.down(otherFinger(200, 100))), ["abandon", "pinch_begin"]);
});

test("a third finger changes nothing", () => {
  const gestures = reading();
  gestures.down(finger(100, 100));
  gestures.down(otherFinger(200, 100));
  assert.deepEqual(gestures.down(fact("touch", 9, 5, 5)), []);
  assert.equal(gestures.state, "pinching");
});

test("a pen stroke the system cuts off is kept from five points on", () => {
  const cutOff = (moves) => {
    const gestures = reading();
    gestures.down(pen(0, 0));
    for (let i = 1; i < moves; i += 1) gestures.move(pen(i, i));
    return names(gestures.cancel(pen(0, 0)));
  };
  assert.deepEqual(cutOff(KEPT_AFTER_POINTS), ["end"]);
  assert.deepEqual(cutOff(KEPT_AFTER_POINTS - 1), ["abandon"]);
});

test("a finger stroke the system cuts off was the system's gesture", () => {
  const gestures = reading({ tool: "pen", handWrites: true });
  gestures.down(finger(0, 0));
  for (let i = 1; i < 9; i += 1) gestures.move(finger(i, i));
  assert.deepEqual(names(gestures.cancel(finger(0, 0))), ["abandon"]);
});

test("the other end of the pen erases whatever the tool", () => {
  const gestures = reading({ tool: "pen", penSeen: true });
  assert.deepEqual(names(gestures.down(pen(10, 10, { buttons: 32 }))), ["erase"]);
  assert.deepEqual(names(gestures.move(pen(12, 12, { buttons: 32 }))), ["erase"]);
  assert.deepEqual(names(gestures.up(pen(12, 12))), ["erase_end"]);
});

test("with the reading tool a known pen moves the paper like a finger", () => {
  const gestures = reading({ tool: "select", penSeen: true });
  gestures.down(pen(10, 100));
  assert.deepEqual(names(gestures.move(pen(10, 60))), ["pan"]);
});

test("a mouse that reads selects text by itself, and a click is a tap", () => {
  const gestures = reading();
  gestures.down(mouse(10, 10));
  assert.deepEqual(gestures.move(mouse(90, 10)), []);
  assert.deepEqual(gestures.up(mouse(90, 10)), []);
  gestures.down(mouse(10, 10));
  assert.deepEqual(names(gestures.up(mouse(10, 10))), ["tap"]);
});

test("a mouse writes with its first button only", () => {
  const gestures = reading({ tool: "pen", handWrites: true });
  assert.deepEqual(gestures.down(mouse(10, 10, { buttons: 2 })), []);
  assert.deepEqual(names(gestures.down(mouse(10, 10))), ["begin"]);
});
