import assert from "node:assert/strict";
import { test } from "node:test";

import { folded, isMeant } from "../../static/js/models/names.js";

test("names are found without marks and capitals", () => {
  assert.equal(folded("Đặng Quốc Khánh"), "dang quoc khanh");
  assert.ok(isMeant("Đặng Quốc Khánh", "dang"));
  assert.ok(isMeant("Đặng Quốc Khánh", "KHÁNH quoc"));
});

test("every typed part begins a word of the name", () => {
  assert.ok(!isMeant("Đặng Quốc Khánh", "anh"));
  assert.ok(!isMeant("Đặng Quốc Khánh", "dang an"));
  assert.ok(isMeant("Đặng Quốc Khánh", "  "));
});
