import assert from "node:assert/strict";
import { test } from "node:test";
import { STANDSTILL_PX_PER_MS, coast } from "../../static/js/models/coasting.js";

test("the paper goes on and comes to rest", () => {
  const early = coast(1, 16);
  assert.ok(early.way > 15 && early.way <= 16);
  const late = coast(1, 2000);
  assert.ok(late.way > 300 && late.way < 330);
  assert.ok(late.velocity < STANDSTILL_PX_PER_MS);
});

test("no flick throws the paper out of sight", () => {
  assert.ok(coast(100, 5000).way < 2000);
});
