// Who in this page listens to which stream. Keeps the book of numbers, asks for what is missing, hands over what comes.

import { StreamBook } from "../models/stream_book.js";

/**
 * @typedef {object} Listener
 * @property {(entries: any[], from: number, to: number, epoch: string) => void} [onEntries] entries streams: in order, no gaps, each once
 * @property {(state: any, seq: number, epoch: string) => void} [onReset] forget what you have, this is all of it
 * @property {(ephemera: any[]) => void} [onEphemera] never stored; may be lost
 * @property {(panels: Record<string, string>, seq: number, about: {epoch: string, isReset: boolean}) => void} [onPanels] panels streams
 * @property {() => void} [onRefused] the server does not let this person listen
 * @property {[string, number]|null} [known] epoch and number that the listener kept from an earlier page load
 */

export class Listeners {
  #book = new StreamBook();
  /** @type {Map<string, Set<Listener>>} */
  #listeners = new Map();
  /** @type {Set<string>} */
  #toAsk = new Set();
  /** @type {Map<string, string>} stream -> the question about it that is on its way */
  #asked = new Map();
  #questions = 0;
  // Tabs share a connection: the answer says whose question it answers.
  #id = Math.random().toString(36).slice(2, 10);
  #send;

  #isAskingSoon = false;

  /** @param {(frame: object) => boolean} send whether it left: what did not is asked when the line is up */
  constructor(send) {
    this.#send = send;
  }

  /**
   * @param {string} stream
   * @param {Listener} listener
   * @returns {() => void} stop listening
   */
  add(stream, listener) {
    const listeners = this.#listeners.get(stream) ?? new Set();
    // A second listener has missed the beginning: everybody gets the whole once more.
    if (listeners.size > 0) this.#book.rewind(stream);
    else this.#book.add(stream, listener.known ?? null);
    listeners.add(listener);
    this.#listeners.set(stream, listeners);
    this.#askSoon(stream);
    return () => this.#remove(stream, listener);
  }

  #remove(stream, listener) {
    const listeners = this.#listeners.get(stream);
    if (!listeners?.delete(listener) || listeners.size > 0) return;
    this.#listeners.delete(stream);
    this.#book.remove(stream);
    this.#send({ t: "leave", streams: [stream] });
  }

  /** What came after `seq` (null: everything) is wanted again. */
  askSince(stream, seq) {
    if (!this.#book.has(stream) || (this.#book.seqOf(stream) ?? 0) <= (seq ?? -1)) return;
    this.#book.rewind(stream, seq);
    this.#askSoon(stream);
  }

  /** The line is up: ask for what was wanted between its hello and the welcome. */
  lineUp() {
    this.#askNow();
  }

  /** The line is another tab's: ask for all that is listened to. */
  joinAgain() {
    this.#book.lineOpened();
    this.#toAsk = new Set(this.#listeners.keys());
    this.#askNow();
  }

  /** Everything known, for the hello of a new line. */
  hello() {
    this.#toAsk.clear();
    this.#asked.clear();
    this.#book.lineOpened();
    return this.#book.known();
  }

  /** @param {object} frame entries, panels or reset @param {number} at ms */
  take(frame, at) {
    // Until our question is answered, what comes may begin after what we know: it answers another tab.
    if (this.#asked.has(frame.s)) return;
    const decision = this.#book.take(frame, at);
    if (decision.verdict === "ask") this.#askSoon(frame.s);
    if (decision.verdict === "deliver") this.#deliver(frame.s, (listener) => handOver(listener, frame, decision));
  }

  passOn(stream, ephemera) {
    this.#deliver(stream, (listener) => listener.onEphemera?.(ephemera));
  }

  /** @param {string} [question] from now on these streams come from where we asked */
  answered(question) {
    for (const [name, asked] of this.#asked) if (asked === question) this.#asked.delete(name);
  }

  refuse(streams) {
    for (const name of streams) this.#deliver(name, (listener) => listener.onRefused?.());
  }

  /** @param {Record<string, number>} heads as a pong tells them */
  compare(heads, at) {
    this.#book.behind(heads, at).forEach((name) => this.#askSoon(name));
  }

  #deliver(stream, hand) {
    for (const listener of [...(this.#listeners.get(stream) ?? [])]) {
      try {
        hand(listener);
      } catch (error) {
        // One broken element must not silence the others.
        (globalThis.reportError ?? console.error)(error);
      }
    }
  }

  /** Everything asked for in one turn of the page goes in one frame. */
  #askSoon(stream) {
    this.#toAsk.add(stream);
    if (this.#isAskingSoon) return;
    this.#isAskingSoon = true;
    queueMicrotask(() => {
      this.#isAskingSoon = false;
      this.#askNow();
    });
  }

  #askNow() {
    const streams = this.#book.known([...this.#toAsk]);
    const names = Object.keys(streams);
    if (names.length === 0) return void this.#toAsk.clear();
    const question = `${this.#id}-${++this.#questions}`;
    for (const name of names) this.#asked.set(name, question);
    if (this.#send({ t: "listen", for: question, streams })) this.#toAsk.clear();
    else this.answered(question); // it has not even left
  }
}

function handOver(listener, frame, { entries, from }) {
  const { seq, epoch } = frame;
  if (frame.t === "entries") return listener.onEntries?.(entries, from, frame.to, epoch);
  if (frame.t === "panels") return listener.onPanels?.(frame.p, seq, { epoch, isReset: false });
  if (listener.onPanels) return listener.onPanels(frame.state, seq, { epoch, isReset: true });
  return listener.onReset?.(frame.state, seq, epoch);
}
