import assert from "node:assert/strict";
import { test } from "node:test";
import { waitBefore } from "../../static/js/models/backoff.js";
import { firstBatch, isTooLarge } from "../../static/js/models/batches.js";
import { elapsedSeconds, lengthText, remainingFace } from "../../static/js/models/clock_face.js";
import { firstState, statusOf, step } from "../../static/js/models/connection_state.js";
import { PanelShelf } from "../../static/js/models/panel_shelf.js";
import { ServerClock } from "../../static/js/models/server_clock.js";
import { StreamBook } from "../../static/js/models/stream_book.js";

test("waits grow by 1.7 from half a second to four, with full jitter", () => {
  const longest = [0, 1, 2, 3, 4, 5, 50].map((attempt) => waitBefore(attempt, () => 1));
  assert.deepEqual(longest, [500, 850, 1445, 2456, 4000, 4000, 4000]);
  assert.equal(waitBefore(3, () => 0), 0);
});

test("the answer with the shortest trip decides what time it is", () => {
  let monotonic = 0;
  const clock = new ServerClock(() => monotonic, () => 5000);
  assert.equal(clock.now(), 5000);
  clock.sample(100000, 0, 1000); // a slow trip: off by up to half a second
  assert.equal(clock.now(), 99500);
  clock.sample(101020, 1000, 1040);
  monotonic = 1040;
  assert.equal(clock.now(), 101040);
  clock.sample(150000, 1040, 9040);
  assert.equal(clock.now(), 101040);
});

test("after a sleep old measurements of the clock no longer count", () => {
  const clock = new ServerClock(() => 0, () => 0);
  clock.sample(1000, 0, 0);
  clock.startAgain();
  clock.sample(600000, 0, 400);
  assert.equal(clock.now(), 599800);
});

test("a healthy line in the background, its timers slowed to one a minute, is not called dead", () => {
  let { state } = step({ ...firstState(), phase: "opening" }, { type: "welcome", at: 0 });
  const effects = [];
  for (let minute = 1; minute <= 5; minute++) {
    const ticked = step(state, { type: "tick", at: minute * 60000 });
    effects.push(...ticked.effects.map((effect) => effect.do));
    state = step(ticked.state, { type: "heard", at: minute * 60000 + 50 }).state;
  }
  assert.deepEqual(effects, ["ping", "ping", "ping", "ping", "ping"]);
  assert.equal(statusOf(state), "live");
});

test("a ticket that was on its way when the network went opens nothing", () => {
  const asking = step(firstState(), { type: "start" }).state;
  const offline = step(asking, { type: "offline" }).state;
  assert.deepEqual(step(offline, { type: "ticket" }).effects, []);
  assert.equal(statusOf(offline), "offline");
});

test("a socket that opens but is never welcomed costs the ticket, one that never opens does not", () => {
  const opening = { ...firstState(), phase: "opening" };
  const forgets = (opened) => step(opening, { type: "socket_closed", opened }).effects.some((effect) => effect.do === "forget_ticket");
  assert.deepEqual([forgets(true), forgets(false)], [true, false]);
});

test("numbers known are told, and nothing where nothing is known", () => {
  const book = new StreamBook();
  book.add("a");
  book.add("b", ["e1", 7]);
  assert.deepEqual(book.known(), { a: null, b: ["e1", 7] });
  book.rewind("b", 5);
  assert.deepEqual(book.known(["b"]), { b: ["e1", 5] });
});

test("entries of another epoch are not believed; they make us ask", () => {
  const book = new StreamBook();
  book.add("a", ["e1", 7]);
  assert.deepEqual(book.take({ t: "entries", s: "a", epoch: "e2", from: 8, to: 8, e: ["x"] }, 0), { verdict: "ask" });
  assert.deepEqual(book.take({ t: "entries", s: "unknown", epoch: "e2", from: 8, to: 8, e: ["x"] }, 0), { verdict: "drop" });
});

test("an unanswered question is repeated after five seconds", () => {
  const book = new StreamBook();
  book.add("a", ["e1", 1]);
  const gap = { t: "entries", s: "a", epoch: "e1", from: 9, to: 9, e: ["x"] };
  assert.deepEqual([0, 4999, 5000].map((at) => book.take(gap, at).verdict), ["ask", "drop", "ask"]);
});

test("panels never go backwards in number, and are delivered in any order", () => {
  const book = new StreamBook();
  book.add("room");
  for (const seq of [4, 6, 5]) {
    assert.equal(book.take({ t: "panels", s: "room", epoch: "e1", seq, p: {} }, 0).verdict, "deliver");
  }
  assert.deepEqual(book.known(), { room: ["e1", 6] });
});

test("of panels that wait the latest wins, and what is shown is never replaced by its past", () => {
  const shelf = new PanelShelf();
  const arrival = (seq, more = {}) => ({ html: `panel ${seq}`, seq, epoch: "e1", isReset: false, ...more });
  const shown = { seq: 5, epoch: "e1" };
  assert.equal(shelf.put("wrapper", arrival(4), shown), false);
  assert.equal(shelf.put("wrapper", arrival(7), shown), true);
  assert.equal(shelf.put("wrapper", arrival(6), shown), false);
  assert.equal(shelf.take("wrapper").html, "panel 7");
  assert.equal(shelf.take("wrapper"), undefined);
  assert.equal(shelf.put("wrapper", arrival(1, { epoch: "e2" }), shown), true);
  assert.equal(shelf.put("wrapper", arrival(0, { epoch: "e2", isReset: true }), shown), true);
  assert.equal(shelf.take("wrapper").html, "panel 0");
});

test("a frame holds at most 50 operations and 64 KB, and never none", () => {
  const row = (size) => ({ op: "o", type: "make_mark", payload: { x: "é".repeat(size / 2) } });
  assert.equal(firstBatch(Array.from({ length: 60 }, () => row(10))).length, 50);
  assert.equal(firstBatch([row(40000), row(40000)]).length, 1);
  assert.equal(firstBatch([row(70000), row(10)]).length, 1);
  assert.deepEqual([isTooLarge(row(60000)), isTooLarge(row(70000))], [false, true]);
});

test("lengths are minutes and seconds, from an hour on hours and minutes", () => {
  assert.deepEqual([0, 7, 754, 3599, 3600, 3900, 36000].map(lengthText), ["00:00", "00:07", "12:34", "59:59", "1:00", "1:05", "10:00"]);
});

test("a clock counts from where it last began, and a stopped one stands still", () => {
  const began = { baseSeconds: 60, since: 1000000, isRunning: true };
  assert.equal(elapsedSeconds(began, 1030999), 90);
  assert.equal(elapsedSeconds({ ...began, isRunning: false }, 1030999), 60);
  assert.equal(elapsedSeconds(began, 999000), 60); // a tablet whose clock is a little behind
});

test("what remains turns into what is over", () => {
  assert.deepEqual(remainingFace(1200, 480), { text: "12:00", isOver: false });
  assert.deepEqual(remainingFace(1200, 1200), { text: "00:00", isOver: false });
  assert.deepEqual(remainingFace(1200, 1265), { text: "01:05", isOver: true });
});
