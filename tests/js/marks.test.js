import assert from "node:assert/strict";
import { test } from "node:test";
import { MarkSet } from "../../static/js/models/marks.js";

const ME = 12;
const OTHER = 31;

function ink(id, facts = {}) {
  return {
    id,
    page: 3,
    kind: "ink",
    geometry: { scale: 50, start: [10, 10], deltas: [500, 0] },
    style: { color: "#111", width_pt: 2 },
    owner: ME,
    owner_name: "Trần Thị Hoa",
    layer: "private",
    ...facts,
  };
}

const idsOn = (set, page = 3) => set.onPage(page).map((mark) => mark.id);

test("an own mark is there before the server knows it, and is saved in place", () => {
  const set = new MarkSet(ME);
  set.add(ink("a"));
  assert.equal(set.syncOf(3), "pending");
  set.apply("private", { k: "mark", mark: ink("a", { revision: 4 }) });
  assert.deepEqual(idsOn(set), ["a"]);
  assert.equal(set.syncOf(3), "saved");
  assert.equal(set.count("pending"), 0);
});

test("a mark that only came on top says so, for a canvas that need not be drawn again", () => {
  const set = new MarkSet(ME);
  const [change] = set.add(ink("a"));
  assert.equal(change.page, 3);
  assert.equal(change.added.id, "a");
  assert.deepEqual(set.saved("a"), [{ page: 3, same: true }]);
  assert.deepEqual(set.refused("a", "quá lớn"), [{ page: 3, box: [9, 9, 21, 11] }]);
});

test("a reset keeps what the server does not know yet, and drops what it no longer has", () => {
  const set = new MarkSet(ME);
  set.apply("private", { k: "mark", mark: ink("gone", { page: 5 }) });
  set.add(ink("unsent"));
  const changes = set.reset("private", [ink("kept")]);
  assert.deepEqual(idsOn(set), ["kept", "unsent"]);
  assert.deepEqual(idsOn(set, 5), []);
  assert.deepEqual(changes.map((change) => change.page).sort(), [3, 5]);
});

test("a reset of one layer leaves the other alone", () => {
  const set = new MarkSet(ME);
  set.apply("shared", { k: "mark", mark: ink("theirs", { owner: OTHER }) });
  set.reset("private", []);
  assert.deepEqual(idsOn(set), ["theirs"]);
});

test("a reset takes over a mark that was still waiting here", () => {
  const set = new MarkSet(ME);
  set.add(ink("a"));
  set.reset("private", [ink("a")]);
  assert.equal(set.get("a").sync, "saved");
});

test("an erased mark is gone at once and no late entry brings it back", () => {
  const set = new MarkSet(ME);
  set.add(ink("a"));
  set.erase("a");
  assert.deepEqual(idsOn(set), []);
  set.apply("private", { k: "mark", mark: ink("a") });
  assert.deepEqual(idsOn(set), []);
  set.apply("private", { k: "erased", id: "a", by: ME });
  assert.deepEqual(set.all(), []);
});

test("an erasing that was refused shows the mark again", () => {
  const set = new MarkSet(ME);
  set.apply("private", { k: "mark", mark: ink("a") });
  set.erase("a");
  assert.deepEqual(set.restore("a"), [{ page: 3, box: [9, 9, 21, 11] }]);
  assert.deepEqual(idsOn(set), ["a"]);
});

test("a refused shared mark stays with its owner as a private one, with the sentence", () => {
  const set = new MarkSet(ME);
  set.add(ink("a", { layer: "shared" }));
  set.madePrivate("a", "không chia sẻ được: phiên họp đã kết thúc");
  const mark = set.get("a");
  assert.equal(mark.layer, "private");
  assert.equal(mark.sync, "pending");
  assert.deepEqual(set.withNote().map((noted) => noted.id), ["a"]);
  set.apply("private", { k: "mark", mark: ink("a") });
  set.reset("private", [ink("a")]);
  assert.equal(set.get("a").note, "không chia sẻ được: phiên họp đã kết thúc");
});

test("the topmost mark under the finger comes first, and only near ones", () => {
  const set = new MarkSet(ME);
  set.add(ink("below"));
  set.add(ink("above"));
  set.add(ink("far", { geometry: { scale: 50, start: [300, 300], deltas: [50, 0] } }));
  assert.deepEqual(set.near(3, 15, 12, 4).map((mark) => mark.id), ["above", "below"]);
});

test("a shared copy and its private original know each other by their shape", () => {
  const set = new MarkSet(ME);
  const original = ink("a");
  set.add(original);
  set.add(ink("copy", { layer: "shared" }));
  set.add(ink("theirs", { layer: "shared", owner: OTHER }));
  assert.equal(set.twinOf(set.get("a")).id, "copy");
  assert.equal(set.twinOf(set.get("copy")).id, "a");
});

test("only my own marks count as not sent", () => {
  const set = new MarkSet(ME);
  set.add(ink("a"));
  set.add(ink("b", { sync: "refused" }));
  set.apply("shared", { k: "mark", mark: ink("theirs", { owner: OTHER }) });
  assert.equal(set.count("pending"), 1);
  assert.equal(set.syncOf(3), "refused");
});
