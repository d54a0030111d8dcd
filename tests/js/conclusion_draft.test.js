import assert from "node:assert/strict";
import { test } from "node:test";

import { whatNext } from "../../static/js/models/conclusion_draft.js";

const draft = { item: "3", revision: 2, isDirty: false, isBusy: false, isRefused: false };

test("nothing new, or one's own saving come back, leaves the text alone", () => {
  assert.equal(whatNext(draft, { item: "3", revision: 2 }), "stay");
  assert.equal(whatNext({ ...draft, isDirty: true }, { item: "3", revision: 1 }), "stay");
});

test("what somebody else wrote is fetched only where nothing is being typed", () => {
  assert.equal(whatNext(draft, { item: "3", revision: 3 }), "fetch");
  assert.equal(whatNext({ ...draft, isDirty: true }, { item: "3", revision: 3 }), "send");
});

test("another item waits until the text of the one before is saved", () => {
  assert.equal(whatNext({ ...draft, isDirty: true }, { item: "4", revision: 0 }), "send");
  assert.equal(whatNext({ ...draft, isDirty: true, isBusy: true }, { item: "4", revision: 0 }), "stay");
  assert.equal(whatNext({ ...draft, isDirty: true, isRefused: true }, { item: "4", revision: 0 }), "stay");
  assert.equal(whatNext(draft, { item: "4", revision: 0 }), "fetch");
});

test("without an item there is nothing to conclude", () => {
  assert.equal(whatNext(draft, { item: "", revision: 0 }), "clear");
  assert.equal(whatNext({ ...draft, item: "" , revision: 0 }, { item: "", revision: 0 }), "stay");
});
