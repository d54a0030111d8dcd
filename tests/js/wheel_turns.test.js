import assert from "node:assert/strict";
import { test } from "node:test";
import { WheelTurns } from "../../static/js/models/wheel_turns.js";

/** The pages turned by movements [ms after the one before, px]. */
function turned(movements, { deltaMode = 0, wheel = new WheelTurns(), across = false } = {}) {
  let now = 1000;
  return movements.reduce((pages, [after, delta]) => {
    now += after;
    const [deltaX, deltaY] = across ? [delta, 0] : [0, delta];
    return pages + wheel.turn({ deltaX, deltaY, deltaMode, timeStamp: now }, 700);
  }, 0);
}

test("each notch is a page, however slowly they come and whatever they are counted in", () => {
  assert.equal(turned([[0, 100], [400, 100], [400, 100]]), 3);
  assert.equal(turned([[0, 53], [900, 53]]), 2);
  assert.equal(turned([[0, 3], [900, 3]], { deltaMode: 1 }), 2);
  assert.equal(turned([[0, -1], [900, -1]], { deltaMode: 2 }), -2);
});

test("who goes on turning a wheel gets page after page, not one for each notch", () => {
  const second = Array.from({ length: 20 }, () => [50, 100]);
  const pages = turned(second);
  assert.ok(pages >= 3 && pages <= 4, String(pages));
});

test("one push on a trackpad is one page, with all that comes after the fingers have left", () => {
  const push = [2, 8, 20, 45, 80].map((px) => [16, px]);
  const after = Array.from({ length: 70 }, (_, step) => [16, Math.max(1, Math.round(78 * 0.95 ** step))]);
  assert.equal(turned([...push, ...after]), 1);
  assert.equal(turned([...push, ...after, [300, 2], ...push]), 2);
});

test("many small steps in a row are one push", () => {
  assert.equal(turned(Array.from({ length: 20 }, () => [15, 30])), 1);
});

test("a second push while the first dies away is a second page", () => {
  const push = [10, 30, 60, 90].map((px) => [16, px]);
  const after = Array.from({ length: 25 }, (_, step) => [16, Math.round(80 * 0.9 ** step)]);
  assert.equal(turned([...push, ...after, ...push]), 2);
});

test("a push across turns as well, and a tremor does not", () => {
  assert.equal(turned([[0, 20], [16, 40]], { across: true }), 1);
  assert.equal(turned([[0, 10], [16, -8], [16, 6]]), 0);
});
