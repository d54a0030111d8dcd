import assert from "node:assert/strict";
import { test } from "node:test";
import * as state from "../../static/js/models/ballot_state.js";

const ME = "12";
const OPEN = { person: ME, roll: ["12", "14"], waiting: ["15"], isOpen: true, isConfirmed: true, mayChange: false };
const CLOSED = { ...OPEN, isOpen: false };
const received = (choice, how = "tablet", minute = 41) => ({
  choice, received_at: `2026-11-23T02:${minute}:00+00:00`, time: `09:${minute}`, how,
});
const kind = (ballot, poll = OPEN) => state.standing(ballot, poll).kind;

test("who is on the roll is asked, who is not checked in is told so, and nobody else is asked", () => {
  const ballot = state.noBallot();
  assert.equal(kind(ballot), "asked");
  assert.equal(kind(ballot, { ...OPEN, person: "15" }), "not_checked_in");
  assert.equal(kind(ballot, { ...OPEN, person: "99" }), "not_on_roll");
});

test("a choice is chosen, sent, and received only when the server says so", () => {
  let ballot = state.press(state.noBallot(), "for", OPEN).ballot;
  assert.equal(kind(ballot), "chosen");
  ballot = state.send(ballot, "for");
  assert.equal(kind(ballot), "sent");
  assert.equal(state.standing(ballot, OPEN).time, "");
  ballot = state.acknowledgeSent(ballot, received("for"));
  assert.deepEqual({ ...state.standing(ballot, OPEN), refusal: undefined }, {
    kind: "received", choice: "for", time: "09:41", how: "tablet", mayChoose: false, mayReopen: false, refusal: undefined,
  });
});

test("without confirmation a press sends at once", () => {
  const { ballot, toSend } = state.press(state.noBallot(), "against", { isConfirmed: false });
  assert.equal(toSend, "against");
  assert.equal(kind(ballot, { ...OPEN, isConfirmed: false }), "sent");
});

test("a half-made choice is taken back without a trace", () => {
  const ballot = state.unpick(state.pick(state.noBallot(), "for"));
  assert.deepEqual(ballot, state.noBallot());
});

test("an older ballot on record does not pass for the one that is on its way", () => {
  let ballot = state.acknowledgeSent(state.send(state.noBallot(), "for"), received("for"));
  ballot = state.send(state.reopen(ballot), "against");
  ballot = state.acknowledge(ballot, received("for"));
  assert.equal(kind(ballot, { ...OPEN, mayChange: true }), "sent");
  ballot = state.acknowledge(ballot, received("against"));
  assert.equal(state.standing(ballot, { ...OPEN, mayChange: true }).choice, "against");
});

test("a vote recorded by the secretary ends the waiting of a tablet that came back", () => {
  const ballot = state.acknowledge(state.send(state.noBallot(), "for"), received("against", "aloud"));
  assert.deepEqual([kind(ballot), state.standing(ballot, OPEN).choice], ["received", "against"]);
});

test("a refusal after closing shows its sentence and what is on record instead", () => {
  const late = state.refuse(state.send(state.noBallot(), "for"), { text: "Đã kết thúc." });
  assert.deepEqual([kind(late, CLOSED), state.standing(late, CLOSED).refusal], ["closed", "Đã kết thúc."]);
  const kept = state.refuse(state.send(state.noBallot(), "for"), { text: "Đã có.", now: received("against") });
  assert.equal(state.standing(kept, CLOSED).choice, "against");
});

test("a ballot may be reopened only while the poll is open and its rules allow it", () => {
  const ballot = state.acknowledge(state.noBallot(), received("for"));
  assert.equal(state.standing(ballot, OPEN).mayReopen, false);
  assert.equal(state.standing(ballot, { ...OPEN, mayChange: true }).mayReopen, true);
  const reopened = state.reopen(ballot);
  assert.equal(kind(reopened, { ...OPEN, mayChange: true }), "asked");
  assert.equal(kind(reopened, { ...CLOSED, mayChange: true }), "received");
});

test("after the vote nothing is said to who was never asked", () => {
  assert.equal(kind(state.noBallot(), { ...CLOSED, person: "99" }), "over");
  assert.equal(kind(state.noBallot(), CLOSED), "closed");
});

test("what is on record, told once more, leaves the change that is half made", () => {
  const poll = { ...OPEN, kind: "election", options: ["own-1", "own-2"], seats: 2, mayChange: true };
  let ballot = state.reopen(state.acknowledge(state.noBallot(), received("own-1")));
  ballot = state.press(ballot, "own-2", poll).ballot;
  assert.equal(state.acknowledge(ballot, received("own-1")), ballot);
  assert.equal(kind(ballot, poll), "chosen");
});

test("a panel older than the ack says nothing", () => {
  const changed = state.acknowledgeSent(state.send(state.noBallot(), "against"), received("against", "tablet", 45));
  assert.equal(state.acknowledge(changed, received("for", "tablet", 41)), changed);
});

test("a half-made choice counts for nothing once the poll is closed", () => {
  assert.equal(kind(state.pick(state.noBallot(), "for"), CLOSED), "closed");
});

test("what was sent and never acknowledged is never called received, also after closing", () => {
  assert.equal(kind(state.send(state.noBallot(), "for"), CLOSED), "sent");
});

const ELECTION = { ...OPEN, kind: "election", options: ["own-1", "own-2", "own-3"], seats: 2, subjects: [] };
const RATING = { ...OPEN, kind: "rating", options: ["high", "low"], subjects: ["p-1", "p-2"], seats: 1 };
const pressed = (poll, ...presses) =>
  presses.reduce((ballot, [choice, subject]) => state.press(ballot, choice, poll, subject).ballot, state.noBallot());

test("in an election candidates are taken up and left again, never more than there are seats, in the order of the paper", () => {
  assert.equal(pressed(ELECTION, ["own-3"], ["own-1"]).picked, "own-1+own-3");
  assert.equal(pressed(ELECTION, ["own-3"], ["own-1"], ["own-2"]).picked, "own-1+own-3");
  assert.equal(pressed(ELECTION, ["own-3"], ["own-3"]).picked, null);
  assert.equal(pressed({ ...ELECTION, seats: 1 }, ["own-3"], ["own-2"]).picked, "own-2");
  assert.deepEqual(state.progress("own-1+own-3", ELECTION), { done: 2, all: 2 });
});

test("an election and a rating go by a press of their own, even where a question goes at once", () => {
  const { ballot, toSend } = state.press(state.noBallot(), "own-1", { ...ELECTION, isConfirmed: false });
  assert.equal(toSend, null);
  assert.equal(kind(ballot, { ...ELECTION, isConfirmed: false }), "chosen");
});

test("a rating can be sent when everybody has a level, and the last one given counts", () => {
  const half = pressed(RATING, ["low", "p-2"]);
  assert.deepEqual([half.picked, kind(half, RATING)], ["p-2=low", "asked"]);
  const whole = pressed(RATING, ["low", "p-2"], ["high", "p-1"], ["high", "p-2"]);
  assert.deepEqual([whole.picked, kind(whole, RATING)], ["p-1=high;p-2=high", "chosen"]);
  assert.deepEqual(state.marksOf(whole.picked), ["p-1=high", "p-2=high"]);
  assert.deepEqual(state.progress(half.picked, RATING), { done: 1, all: 2 });
});
