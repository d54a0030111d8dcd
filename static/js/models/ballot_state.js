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
  const isMine = ballot.sent === null || ballot.sent === received.choice || received.how === "aloud";
  return { ...ballot, received, sent: isMine ? null : ballot.sent, reopened: isMine ? false : ballot.reopened };
}

/** The ack of the very operation that was sent. @param {Ballot} ballot @param {Received} received */
export function acknowledgeSent(ballot, received) {
  return { ...ballot, received, sent: null, picked: null, reopened: false, refusal: "" };
}

/** The server said no; `now`, if it came along, is what is on record instead. */
export function refuse(ballot, { text, now = null }) {
  return { ...ballot, sent: null, reopened: false, received: now ?? ballot.received, refusal: text };
}

/**
 * What to show.
 * @param {Ballot} ballot
 * @param {{person: string, roll: string[], waiting: string[], isOpen: boolean, isConfirmed: boolean, mayChange: boolean}} poll
 *   roll: who may cast a ballot; waiting: who is on the roll but not checked in. A poll that is over concerns nobody
 *   who is not on the roll, and nothing is said ("over").
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
  if (ballot.picked !== null && poll.isConfirmed) return { ...said, kind: "chosen", choice: ballot.picked, mayChoose: true };
  return { ...said, kind: "asked", mayChoose: true };
}

/** A press on a choice: either it is picked, to be confirmed, or it goes at once. */
export function press(ballot, choice, { isConfirmed }) {
  return isConfirmed ? { ballot: pick(ballot, choice), toSend: null } : { ballot: send(ballot, choice), toSend: choice };
}
