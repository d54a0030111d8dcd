// What this person did and the server has not yet acknowledged. An operation is on the device before it is on the wire, and
// its row leaves "waiting" only by the server's word: acknowledged, or refused with a reason. One frame is on its way at
// a time, so that a "busy" for one operation cannot let a later one overtake it.

import { waitBefore } from "../models/backoff.js";
import { OPERATIONS_PER_FRAME, firstBatch, isTooLarge, wireForm } from "../models/batches.js";

// Long: on a living line an answer is late because the server has much to do, and asking twice gives it more.
const ANSWER_PATIENCE_MS = 30000;
const OTHER_TAB_REPLIES_WITHIN_MS = 300;
const OTHER_TAB_SENDS_WITHIN_MS = 15000;
const KEPT_MS = 7 * 24 * 3600 * 1000;

/**
 * @typedef {{n?: number, op: string, type: string, payload: object, quiet: boolean, state: "waiting"|"acknowledged"|"refused",
 *   madeAt: number, settledAt: number|null, answer?: object, refusal?: Refusal, offeredAgain?: boolean}} Row
 * @typedef {{code: string, text: string, now?: any}} Refusal
 * @typedef {{op: string, type: string, payload: object, quiet: boolean, offeredAgain?: boolean, answer?: object, refusal?: Refusal}} Outcome
 */

export class Outbox {
  #around;
  #store;
  #owner;
  #tab;
  #channel;
  #isUp = false;
  /** @type {Map<string, Row>|null} */
  #onTheWay = null;
  #sentTogether = 0;
  #patience = null;
  #pause = null;
  #busyInARow = 0;
  #atMost = OPERATIONS_PER_FRAME;
  /** @type {Map<string, {resolve: (answer: object) => void, reject: (refusal: Refusal) => void}>} */
  #callers = new Map();
  #draining = Promise.resolve();
  pending = 0;

  /**
   * @param {object} around the surroundings
   * @param {import("../models/store_layout.js").Store} store
   * @param {{name: string, send: (frame: object) => boolean, now: () => number, onOutcome: (outcome: Outcome) => void,
   *   onPending: () => void}} owner
   * @param {{isChosen: boolean, takeOver: () => void}} tab of several tabs one sends
   */
  constructor(around, store, owner, tab) {
    this.#around = around;
    this.#store = store;
    this.#owner = owner;
    this.#tab = tab;
    this.#channel = around.openChannel(`${owner.name}-outbox`);
    if (this.#channel) this.#channel.onmessage = (event) => this.#hearOtherTab(event.data);
  }

  async start() {
    await this.#countPending();
    await this.#dropOld();
  }

  /**
   * @param {string} type
   * @param {object} payload
   * @param {{alsoStore?: object|object[], quiet?: boolean}} options
   * @returns {Promise<object>} the answer of the ack
   */
  async add(type, payload, { alsoStore = [], quiet = false } = {}) {
    const op = this.#around.newId();
    const outcome = new Promise((resolve, reject) => this.#callers.set(op, { resolve, reject }));
    outcome.catch(() => {}); // nobody is obliged to wait; what is refused is shown anyway
    const row = { op, type, payload, quiet, state: "waiting", madeAt: this.#owner.now(), settledAt: null };
    await this.#store.write([{ store: "outbox", add: row }, ...[alsoStore].flat().map(asStep)]);
    this.#changePending(this.pending + 1);
    if (this.#tab.isChosen) this.drain();
    else this.#askOtherTab();
    return outcome;
  }

  lineUp() {
    this.#isUp = true;
    this.drain();
  }

  lineDown() {
    this.#isUp = false;
    this.#forgetOnTheWay();
  }

  /** Send what waits, as far as that is possible now. */
  drain() {
    this.#draining = this.#draining.then(() => this.#sendNext()).catch((error) => console.error(error));
    return this.#draining;
  }

  async #sendNext() {
    if (!this.#isUp || !this.#tab.isChosen || this.#onTheWay || this.#pause) return;
    const waiting = await this.#store.all("outbox", { index: "state", equals: "waiting", limit: OPERATIONS_PER_FRAME });
    const batch = firstBatch(waiting, this.#atMost);
    if (batch.length === 0 && this.pending > 0) return this.#countPending();
    if (batch.length === 0 || !this.#isUp || this.#onTheWay) return;
    if (isTooLarge(batch[0])) return this.#settle([[batch[0], { refusal: { code: "too_large", text: "" } }]]);
    this.#onTheWay = new Map(batch.map((row) => [row.op, row]));
    this.#sentTogether = batch.length;
    this.#patience = this.#around.setTimeout(() => this.#sendAgain(), ANSWER_PATIENCE_MS);
    if (!this.#owner.send({ t: "op", ops: batch.map(wireForm) })) this.#forgetOnTheWay();
  }

  #sendAgain() {
    this.#forgetOnTheWay();
    this.drain();
  }

  #forgetOnTheWay() {
    this.#around.clearTimeout(this.#patience);
    this.#onTheWay = null;
  }

  /** @param {{t: "ack", r: object[]} | {t: "nack", op?: string, code: string, text: string, now?: any}} frame */
  take(frame) {
    if (frame.t === "ack") return this.#settle(frame.r.flatMap(({ op, ...answer }) => this.#outcomeOf(op, { answer })));
    const { op, code, text, now } = frame;
    if (code === "busy") return this.#waitOut();
    // The server may count bytes otherwise than we do; then each has to fit alone.
    if (!op || (code === "too_large" && this.#sentTogether > 1)) return this.frameRefused({ code, text });
    return this.#settle(this.#outcomeOf(op, { refusal: { code, text, now } }));
  }

  /** An answer is heard once: what is not on its way has been answered, or will be asked again. */
  #outcomeOf(op, outcome) {
    const row = this.#onTheWay?.get(op);
    return row ? [[row, outcome]] : [];
  }

  async #settle(outcomes) {
    if (outcomes.length === 0) return;
    const rows = outcomes.map(([row, outcome]) => settled(row, outcome, this.#owner.now()));
    await this.#store.write(rows.map((row) => ({ store: "outbox", put: row })));
    this.#busyInARow = 0;
    for (const row of rows) this.#onTheWay?.delete(row.op);
    for (const row of rows) this.#tell(outcomeOf(row));
    for (const row of rows) this.#channel?.postMessage({ kind: "settled", outcome: outcomeOf(row) });
    await this.#countPending();
    if (!this.#onTheWay || this.#onTheWay.size === 0) {
      this.#atMost = OPERATIONS_PER_FRAME;
      this.#sendAgain();
    }
  }

  #tell(outcome) {
    const caller = this.#callers.get(outcome.op);
    this.#callers.delete(outcome.op);
    if (outcome.refusal) caller?.reject(outcome.refusal);
    else caller?.resolve(outcome.answer);
    this.#owner.onOutcome(outcome);
  }

  #waitOut() {
    this.#forgetOnTheWay();
    if (this.#pause) return;
    const ms = waitBefore(this.#busyInARow++, this.#around.random);
    this.#pause = this.#around.setTimeout(() => {
      this.#pause = null;
      this.drain();
    }, ms);
  }

  /**
   * The server did not like the whole frame and cannot say which operation: one at a time finds it.
   * @param {Refusal} refusal
   */
  frameRefused(refusal) {
    const rows = [...(this.#onTheWay?.values() ?? [])];
    if (rows.length === 0) return undefined;
    if (this.#sentTogether === 1) return this.#settle([[rows[0], { refusal }]]);
    this.#atMost = 1;
    this.#sendAgain();
  }

  /**
   * A backup was restored: what was acknowledged since may be lost at the server, so it is offered again. What the server
   * still has, it answers as before.
   * @param {number} settledBefore what this very server acknowledged is not in doubt
   */
  async offerAgain(settledBefore) {
    const kept = await this.#store.all("outbox", { index: "state", equals: "acknowledged" });
    const doubtful = kept.filter((row) => row.settledAt < settledBefore);
    if (doubtful.length === 0) return;
    const rows = doubtful.map((row) => ({ ...row, state: "waiting", offeredAgain: true }));
    await this.#store.write(rows.map((row) => ({ store: "outbox", put: row })));
    await this.#countPending();
    this.drain();
  }

  /** @returns {Promise<Row[]>} what the server has not answered, oldest first */
  waiting() {
    return this.#store.all("outbox", { index: "state", equals: "waiting" });
  }

  /** @returns {Promise<Outcome[]>} what was refused and nobody has dismissed */
  async refused() {
    return (await this.#store.all("outbox", { index: "state", equals: "refused" })).map(outcomeOf);
  }

  async dismiss(op) {
    const rows = await this.#store.all("outbox", { index: "op", equals: op });
    await this.#store.write(rows.filter((row) => row.state === "refused").map((row) => ({ store: "outbox", delete: row.n })));
    this.#channel?.postMessage({ kind: "dismissed", op });
  }

  async #dropOld() {
    const before = this.#owner.now() - KEPT_MS;
    const settledRows = [
      ...(await this.#store.all("outbox", { index: "state", equals: "acknowledged" })),
      ...(await this.#store.all("outbox", { index: "state", equals: "refused" })),
    ];
    const old = settledRows.filter((row) => row.settledAt < before);
    if (old.length > 0) await this.#store.write(old.map((row) => ({ store: "outbox", delete: row.n })));
  }

  async #countPending() {
    this.#changePending(await this.#store.count("outbox", { index: "state", equals: "waiting" }));
  }

  #changePending(pending) {
    this.pending = pending;
    this.#owner.onPending();
  }

  #askOtherTab() {
    this.#channel?.postMessage({ kind: "written" });
    this.#unlessSentWithin(OTHER_TAB_REPLIES_WITHIN_MS);
  }

  #unlessSentWithin(ms) {
    this.#around.clearTimeout(this.#patience);
    this.#patience = this.#around.setTimeout(() => {
      if (this.#isUp && this.#callers.size > 0) this.#tab.takeOver();
    }, ms);
  }

  #hearOtherTab(message) {
    if (message.kind === "settled") {
      this.#tell(message.outcome);
      this.#countPending();
    } else if (message.kind === "written") {
      this.#countPending();
      if (this.#tab.isChosen && this.#isUp) this.#channel.postMessage({ kind: "taken" });
      if (this.#tab.isChosen) this.drain();
    } else if (message.kind === "taken" && !this.#tab.isChosen && this.#callers.size > 0) {
      this.#unlessSentWithin(OTHER_TAB_SENDS_WITHIN_MS);
    }
  }
}

function settled(row, outcome, now) {
  return { ...row, ...outcome, state: outcome.refusal ? "refused" : "acknowledged", settledAt: now };
}

/** @returns {Outcome} */
function outcomeOf({ op, type, payload, quiet, offeredAgain, answer, refusal }) {
  return refusal ? { op, type, payload, quiet, offeredAgain, refusal } : { op, type, payload, quiet, offeredAgain, answer };
}

function asStep(step) {
  return "value" in step ? { store: step.store, put: step.value } : step;
}
