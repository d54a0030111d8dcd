// What a tablet knows about one ballot, and what it says. Pure: no document, no connection.
//
// A ballot is a plain object, replaced and never changed. Only the server's word makes it "received": what this tablet sent
// and nobody has acknowledged is "sent", whatever the screen showed before.

/**
 * @typedef {{choice: string, received_at: string, time: string, how: "tablet"|"aloud"}} Received
 * @typedef {object} Ballot
 * @property {string|null} picked chosen here, not sent: survives every push
 * @property {string|null} sent on its way, not acknowledged
 * @property {Received|null} received on record
 * @property {boolean} reopened the person wants to change what is on record
 * @property {string} refusal the server's sentence, until the next act
 */

/** @returns {Ballot} */
export function noBallot() {
  return { picked: null, sent: null, received: null, reopened: false, refusal: "" };
}

/** @param {Ballot} ballot @param {string} choice @returns {Ballot} */
export function pick(ballot, choice) {
  return { ...ballot, picked: choice, refusal: "" };
}

/** Back to the choices. @param {Ballot} ballot @returns {Ballot} */
export function unpick(ballot) {
  return { ...ballot, picked: null, refusal: "" };
}

/** @param {Ballot} ballot @returns {Ballot} */
export function reopen(ballot) {
  return { ...ballot, reopened: true, picked: null, refusal: "" };
}

/** What is chosen goes on its way. @param {Ballot} ballot @param {string} choice @returns {Ballot} */
export function send(ballot, choice) {
  return { ...ballot, picked: null, sent: choice, refusal: "" };
}

/**
 * What this person's own panel says is on record. It may be older than an ack that has come since: then it says nothing.
 * @param {Ballot} ballot @param {Received} received @returns {Ballot}
 */
export function acknowledge(ballot, received) {
  if (ballot.received && Date.parse(received.received_at) < Date.parse(ballot.received.received_at)) return ballot;
  const isKnown = ballot.received !== null && Date.parse(received.received_at) === Date.parse(ballot.received.received_at);
  if (isKnown && ballot.sent === null) return ballot; // it may be about to be changed
  const isMine = ballot.sent === null || ballot.sent === received.choice || received.how === "aloud";
  return { ...ballot, received, sent: isMine ? null : ballot.sent, reopened: isMine ? false : ballot.reopened };
}

/** The ack of the very operation that was sent. @param {Ballot} ballot @param {Received} received */
export function acknowledgeSent(ballot, received) {
  return { ...ballot, received, sent: null, picked: null, reopened: false, refusal: "" };
}

/** The server said no; `now`, if it came along, is what is on record instead, unless something newer is known. */
export function refuse(ballot, { text, now = null }) {
  return { ...ballot, sent: null, reopened: false, received: newer(now, ballot.received), refusal: text };
}

function newer(told, known) {
  if (!told || !known) return told ?? known;
  return Date.parse(told.received_at) < Date.parse(known.received_at) ? known : told;
}

/**
 * @typedef {object} Poll
 * @property {string} person who looks at it
 * @property {string[]} roll who may cast a ballot
 * @property {string[]} waiting who is on the roll but not checked in
 * @property {boolean} isOpen
 * @property {boolean} isConfirmed
 * @property {boolean} mayChange
 * @property {"question"|"election"|"rating"} [kind]
 * @property {string[]} [options] keys of choices, candidates or levels, in the order of the paper
 * @property {string[]} [subjects] keys of those rated
 * @property {number} [seats] how many may be chosen
 */

/**
 * What to show. A poll that is over concerns nobody who is not on the roll, and nothing is said ("over").
 * @param {Ballot} ballot
 * @param {Poll} poll
 * @returns {{kind: "not_on_roll"|"not_checked_in"|"asked"|"chosen"|"sent"|"received"|"closed"|"over", choice: string|null,
 *   time: string, how: string, mayChoose: boolean, mayReopen: boolean, refusal: string}}
 */
export function standing(ballot, poll) {
  const said = { choice: null, time: "", how: "", mayChoose: false, mayReopen: false, refusal: ballot.refusal };
  if (ballot.sent !== null) return { ...said, kind: "sent", choice: ballot.sent };
  if (ballot.received && !(ballot.reopened && poll.isOpen)) {
    const { choice, time, how } = ballot.received;
    return { ...said, kind: "received", choice, time, how, mayReopen: poll.isOpen && poll.mayChange };
  }
  const isOnRoll = poll.roll.includes(poll.person);
  if (!poll.isOpen) return { ...said, kind: isOnRoll ? "closed" : "over" };
  if (!isOnRoll) return { ...said, kind: poll.waiting.includes(poll.person) ? "not_checked_in" : "not_on_roll" };
  if (ballot.picked !== null && asksToBeSent(poll)) {
    return { ...said, kind: isWhole(ballot.picked, poll) ? "chosen" : "asked", choice: ballot.picked, mayChoose: true };
  }
  return { ...said, kind: "asked", mayChoose: true };
}

/** What is put together from several presses is always sent by a press of its own. @param {Poll} poll */
function asksToBeSent({ kind, isConfirmed }) {
  return isConfirmed || kind === "election" || kind === "rating";
}

/**
 * A press on a choice: either it is picked, to be confirmed, or it goes at once. In an election a candidate is chosen or
 * left again, in a rating somebody gets a level.
 * @param {Ballot} ballot @param {string} choice @param {Poll} poll @param {string} [subject]
 */
export function press(ballot, choice, poll, subject) {
  if (poll.kind === "election") return { ballot: { ...ballot, picked: toggled(ballot.picked, choice, poll), refusal: "" }, toSend: null };
  if (poll.kind === "rating") return { ballot: pick(ballot, levelled(ballot.picked, subject ?? "", choice, poll)), toSend: null };
  return poll.isConfirmed ? { ballot: pick(ballot, choice), toSend: null } : { ballot: send(ballot, choice), toSend: choice };
}

/** @returns {string[]} the keys of candidates, or "p-1=high" for each person rated */
export function marksOf(choice) {
  return choice ? choice.split(/[+;]/) : [];
}

/** How many are chosen or rated, and how many there may or must be. @param {string|null} choice @param {Poll} poll */
export function progress(choice, { kind, seats = 1, subjects = [] }) {
  return { done: marksOf(choice).length, all: kind === "rating" ? subjects.length : seats };
}

function isWhole(choice, poll) {
  return poll.kind !== "rating" || marksOf(choice).length === poll.subjects.length;
}

function toggled(picked, candidate, { options = [], seats = 1 }) {
  let chosen = marksOf(picked);
  if (chosen.includes(candidate)) chosen = chosen.filter((key) => key !== candidate);
  else if (chosen.length < seats) chosen.push(candidate);
  else if (seats === 1) chosen = [candidate];
  return options.filter((key) => chosen.includes(key)).join("+") || null;
}

function levelled(picked, subject, level, { subjects = [] }) {
  const levels = new Map(marksOf(picked).map((mark) => mark.split("=")));
  levels.set(subject, level);
  return subjects.filter((key) => levels.has(key)).map((key) => `${key}=${levels.get(key)}`).join(";");
}
