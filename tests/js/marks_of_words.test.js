import assert from "node:assert/strict";
import { test } from "node:test";
import { Gestures } from "../../static/js/models/gestures.js";
import { History } from "../../static/js/models/history.js";
import { listed, ownersIn } from "../../static/js/models/mark_filter.js";
import { MarkSet } from "../../static/js/models/marks.js";
import { entryAt, levelled } from "../../static/js/models/outline.js";
import { liesUnder, touches } from "../../static/js/models/shapes.js";

const ME = 12;
const who = { owner: ME, owner_name: "Trần Thị Hoa", layer: "private", page: 3 };
const note = (id, body, facts = {}) => ({ id, kind: "note", geometry: { point: [100, 100] }, style: { color: "#f6c945" }, body, revision: 1, ...who, ...facts });
const QUAD = [50, 112, 90, 112, 50, 100, 90, 100];
const passage = (id, facts = {}) => ({ id, kind: "highlight", geometry: { quads: [QUAD] }, style: { color: "#ffe27a" }, anchor: { quote: "x" }, ...who, ...facts });

test("a passage is touched on its words, a note on its sign", () => {
  assert.equal(touches(passage("a"), 60, 105, 0), true);
  assert.equal(touches(passage("a"), 60, 99, 16), false);
  assert.equal(touches(note("n", "x"), 105, 95, 0), true);
  assert.equal(touches(note("n", "x"), 120, 100, 5), false);
});

test("highlights and marker strokes lie under the ink", () => {
  assert.deepEqual([passage("a"), { kind: "ink", style: { pen: "marker" } }, { kind: "ink", style: {} }].map(liesUnder), [true, true, false]);
});

test("new words stand at once, and no older entry brings the old ones back", () => {
  const set = new MarkSet(ME);
  set.apply("private", { k: "mark", mark: note("n", "cũ") });
  set.rewrite("n", "mới");
  assert.deepEqual([set.get("n").body, set.get("n").sync, set.get("n").revision], ["mới", "pending", 2]);
  set.apply("private", { k: "mark", mark: note("n", "cũ") });
  assert.equal(set.get("n").body, "mới");
  set.rewritten("n", true);
  assert.deepEqual([set.get("n").body, set.get("n").sync], ["mới", "saved"]);
});

test("of two changes in a row the last stands until both are answered", () => {
  const set = new MarkSet(ME);
  set.apply("private", { k: "mark", mark: note("n", "một") });
  set.rewrite("n", "hai");
  set.rewrite("n", "ba");
  assert.equal(set.get("n").revision, 3);
  set.apply("private", { k: "mark", mark: note("n", "hai", { revision: 2 }) });
  set.rewritten("n", true);
  assert.deepEqual([set.get("n").body, set.get("n").sync, set.get("n").revision], ["ba", "pending", 3]);
  set.rewritten("n", true);
  assert.equal(set.get("n").sync, "saved");
});

test("where the server keeps other words they are shown again", () => {
  const set = new MarkSet(ME);
  set.apply("private", { k: "mark", mark: note("n", "một") });
  set.rewrite("n", "ở đây");
  set.apply("private", { k: "mark", mark: note("n", "ở kia", { revision: 2 }) });
  set.rewritten("n", false);
  assert.deepEqual([set.get("n").body, set.get("n").sync], ["ở kia", "saved"]);
});

test("words written before the note itself has arrived wait for it", () => {
  const set = new MarkSet(ME);
  assert.deepEqual(set.rewrite("n", "mới"), []);
  set.reset("private", [note("n", "cũ")]);
  assert.equal(set.get("n").body, "mới");
});

test("changed words are taken back as words", () => {
  const history = new History();
  history.did({ did: "rewrote", marks: [note("n", "cũ")], before: "cũ", after: "mới" });
  assert.equal(history.undo().body, "cũ");
  assert.equal(history.redo().body, "mới");
});

test("the list shows an own mark and its shared copy once, and what its filter lets through", () => {
  const set = new MarkSet(ME);
  set.add(passage("a"));
  set.add(passage("copy", { layer: "shared" }));
  set.add(note("n", "x", { page: 1 }));
  set.apply("shared", { k: "mark", mark: note("o", "y", { owner: 31, owner_name: "Bùi An", layer: "shared" }) });
  const ids = (filter) => listed(set, { whose: "all", kind: "all", person: "all", ...filter }).map((mark) => mark.id);
  assert.deepEqual(ids({}), ["n", "copy", "o"]);
  assert.deepEqual(ids({ whose: "mine" }), ["n", "copy"]);
  assert.deepEqual(ids({ whose: "shared", kind: "note" }), ["o"]);
  assert.deepEqual(ids({ person: "31" }), ["o"]);
  assert.deepEqual(ownersIn(set).map(({ name }) => name), ["Bùi An", "Trần Thị Hoa"]);
});

test("an outline begins at its first level and names where one is", () => {
  const entries = [{ level: 3, title: "A", page: 1 }, { level: 9, title: "B", page: 4 }, { level: 3, title: "", page: 5 }];
  assert.deepEqual(levelled(entries).map(({ level }) => level), [1, 4]);
  assert.deepEqual([entryAt([2, 4, 4, 9], 4), entryAt([2, 4], 1), entryAt([], 1), entryAt([9, 3], 5)], [2, -1, -1, 1]);
});

test("a finger that rests selects, one that moves pans, and a second finger does not disturb", () => {
  const at = (x, t, id = 1) => ({ id, pointer: "touch", buttons: 1, x, y: 50, t });
  const gestures = new Gestures();
  gestures.down(at(50, 0));
  assert.deepEqual(gestures.hold(at(50, 480)), [{ do: "select_begin", x: 50, y: 50 }]);
  assert.deepEqual(gestures.down(at(90, 500, 2)), []);
  assert.deepEqual(gestures.move(at(70, 520)), [{ do: "select", x: 70, y: 50 }]);
  assert.deepEqual(gestures.up(at(70, 600)), [{ do: "select_end" }]);
  gestures.up(at(90, 610, 2));
  gestures.down(at(50, 1000));
  gestures.move(at(90, 1100));
  assert.deepEqual(gestures.hold(at(90, 1500)), []);
});

test("a pen that comes down ends the selecting of a hand", () => {
  const gestures = new Gestures({ tool: "pen", penSeen: true });
  gestures.down({ id: 1, pointer: "touch", buttons: 1, x: 5, y: 5, t: 0 });
  gestures.hold({ id: 1, pointer: "touch", buttons: 1, x: 5, y: 5, t: 480 });
  const acts = gestures.down({ id: 2, pointer: "pen", buttons: 1, x: 5, y: 5, t: 600 });
  assert.deepEqual(acts.map((act) => act.do), ["select_end", "begin"]);
});
