// The page's connection to the server: streams come in, operations go out. One per page, started by app.js.
//
//   const stop = connection.listen("ink:…", { onEntries(e, from, to), onReset(state, seq), onEphemera(e) });
//   const answer = await connection.perform("make_mark", {…}, { alsoStore: { store: "marks", value: mark } });

import { ServerClock } from "../models/server_clock.js";
import { Listeners } from "./listeners.js";
import { Outbox } from "./outbox.js";
import { SharedLine } from "./shared_line.js";
import { browserSurroundings } from "./surroundings.js";

/**
 * Events: "status" (status, way, pending or isSaved changed), "outcome" (detail: an Outcome), "leave" (detail: {code}).
 */
export class Connection extends EventTarget {
  #makeSurroundings;
  #around;
  /** @type {SharedLine} */
  #line;
  /** @type {Outbox} */
  #outbox;
  /** @type {ServerClock} */
  #clock;
  #deviceStore;
  #listeners = new Listeners((frame) => this.#line?.send(frame) ?? false);
  #pingSentAt = 0;
  #welcomedAt = 0;
  #client = "";
  #build = "";
  #expected = "";
  #markStarted;
  #started = new Promise((resolve) => (this.#markStarted = resolve));
  /** @type {string|null} */
  principal = null;

  /** @param {() => object} makeSurroundings called at start, so that this module can be imported where there is no browser */
  constructor(makeSurroundings = browserSurroundings) {
    super();
    this.#makeSurroundings = makeSurroundings;
  }

  /**
   * @param {{person?: string, device?: string, build?: string, language?: string}} page whose page this is: a person's number,
   *   or a device's; tabs share a line when build and language are the same
   */
  start({ person, device, build = "", language = "" }) {
    if (this.#line) return;
    const owner = person ?? `device-${device}`;
    this.#expected = person ? `person:${person}` : `device:${device}`;
    const around = (this.#around = this.#makeSurroundings());
    this.#client = around.newId();
    this.#build = build;
    this.#clock = new ServerClock(around.monotonic, around.wallClock);
    this.#deviceStore = around.openStore(`phien-${owner}`);
    this.#deviceStore.addEventListener?.("saved", () => this.#tellStatus());
    this.#line = new SharedLine(around, `phien-${owner}-${build}-${language}`, this.#lineOwner());
    this.#outbox = new Outbox(around, this.#deviceStore, this.#outboxOwner(`phien-${owner}`), this.#line);
    this.#outbox.start();
    this.#line.start();
    this.#markStarted();
  }

  /**
   * @param {string} stream
   * @param {import("./listeners.js").Listener} listener
   * @returns {() => void} stop listening
   */
  listen(stream, listener) {
    return this.#listeners.add(stream, listener);
  }

  /**
   * What came after `seq` (null: everything) is wanted again, because something in the page turned out to be older.
   * @param {string} stream
   * @param {number|null} seq
   */
  askSince(stream, seq) {
    this.#listeners.askSince(stream, seq);
  }

  /**
   * Do something that must not get lost. It is on the device before it is on the wire, and survives a reload.
   * @param {string} type
   * @param {object} payload
   * @param {{alsoStore?: object|object[], quiet?: boolean}} [options]
   *   alsoStore: {store, value | put} or {store, delete: key}, one or several, written in the same transaction as the operation; quiet: the caller shows a refusal itself
   * @returns {Promise<any>} the server's answer; rejects with {code, text} when refused
   */
  async perform(type, payload, options) {
    await this.#started;
    return this.#outbox.add(type, payload, options);
  }

  /**
   * @param {(outcome: import("./outbox.js").Outcome) => void} listener also hears operations of earlier page loads and other tabs
   * @returns {() => void} stop
   */
  performed(listener) {
    const hear = (event) => listener(event.detail);
    this.addEventListener("outcome", hear);
    return () => this.removeEventListener("outcome", hear);
  }

  /** Operations the server has not answered, oldest first: [{op, type, payload, madeAt, …}]. */
  async waiting() {
    await this.#started;
    return this.#outbox.waiting();
  }

  /** Refused operations nobody has dismissed yet, also of earlier page loads. */
  async refused() {
    await this.#started;
    return this.#outbox.refused();
  }

  async dismiss(op) {
    await this.#started;
    return this.#outbox.dismiss(op);
  }

  /** Say something that is worth nothing a second later. @returns {boolean} whether it left */
  ephemeral(stream, kind, data = {}) {
    return this.#line?.sendIfFresh({ ...data, t: "ephemeral", s: stream, k: kind }) ?? false;
  }

  /** @returns {number} server time, ms since 1970 */
  now() {
    return this.#clock ? this.#clock.now() : Date.now();
  }

  /** @returns {"live"|"reconnecting"|"offline"} */
  get status() {
    return this.#line ? this.#line.status : "reconnecting";
  }

  /** @returns {"socket"|"sync"|null} */
  get way() {
    return this.#line?.way ?? null;
  }

  /** Number of operations the server has not answered. */
  get pending() {
    return this.#outbox?.pending ?? 0;
  }

  /** False while something stands only in memory because the device refuses to keep it. */
  get isSaved() {
    return this.#deviceStore?.isSaved ?? true;
  }

  /** Records kept on this device, in the object stores "marks" (index "version") and "facts". */
  store = {
    get: async (store, key) => (await this.#opened()).get(store, key),
    put: async (store, value) => (await this.#opened()).write([{ store, put: value }]),
    delete: async (store, key) => (await this.#opened()).write([{ store, delete: key }]),
    all: async (store, wanted) => (await this.#opened()).all(store, wanted),
    write: async (steps) => (await this.#opened()).write(steps),
  };

  async #opened() {
    await this.#started;
    return this.#deviceStore;
  }

  #lineOwner() {
    const connection = this;
    return {
      get principal() {
        return connection.principal;
      },
      get lastQuestion() {
        return connection.#pingSentAt;
      },
      isOwn: (principal) => principal === this.#expected,
      hello: () => this.#hello(),
      serverNow: () => this.now(),
      onFrame: (frame, way, times) => this.#take(frame, way, times ?? { askedAt: this.#pingSentAt, heardAt: this.#around.monotonic() }),
      onChosen: () => this.#outbox.drain(),
      onJoin: () => this.#listeners.joinAgain(),
      onUp: () => {
        this.#listeners.lineUp();
        this.#outbox.lineUp();
      },
      onDown: () => this.#outbox.lineDown(),
      onPing: () => this.#ping(),
      onChange: () => this.#tellStatus(),
      onLeave: (code) => this.dispatchEvent(new CustomEvent("leave", { detail: { code } })),
    };
  }

  #outboxOwner(name) {
    return {
      name,
      send: (frame) => this.#line.send(frame),
      now: () => this.now(),
      onOutcome: (outcome) => this.dispatchEvent(new CustomEvent("outcome", { detail: outcome })),
      onPending: () => this.#tellStatus(),
    };
  }

  #tellStatus() {
    this.dispatchEvent(new Event("status"));
  }

  #hello() {
    this.#pingSentAt = this.#around.monotonic();
    return { client: this.#client, build: this.#build, streams: this.#listeners.hello() };
  }

  #ping() {
    this.#pingSentAt = this.#around.monotonic();
    this.#line.send({ t: "ping" });
    // Normally there is nothing; after the device failed to answer, this finds what was left.
    this.#outbox.drain();
  }

  /** @param {{askedAt: number, heardAt: number}} times monotonic ms: when the time was last asked for, and when this came */
  #take(frame, way, times) {
    switch (frame.t) {
      case "welcome":
        return this.#welcomed(frame, way, times);
      case "listening":
        return this.#announced(frame);
      case "entries":
      case "panels":
      case "reset":
        return this.#listeners.take(frame, times.heardAt);
      case "ephemera":
        return this.#listeners.passOn(frame.s, frame.e);
      case "ack":
      case "nack":
        return void this.#outbox.take(frame);
      case "pong":
        return this.#ponged(frame, times);
      case "ticket":
        return this.#line.renewTicket(frame.ticket, frame.expires);
      case "bye":
        // Perhaps it was what we had just sent; sent again and again as it is, it would end every line.
        if (frame.code === "invalid") this.#outbox.frameRefused({ code: frame.code, text: "" });
        return this.#line.bye(frame.code);
    }
  }

  #welcomed(frame, way, { askedAt, heardAt }) {
    this.principal = frame.principal;
    if (way === "socket") this.#clock.startAgain();
    this.#clock.sample(frame.now, askedAt, heardAt);
    this.#welcomedAt = this.now();
    this.#announced(frame);
  }

  #announced({ for: question, streams = {}, refused = [] }) {
    this.#noticeNewEpochs(streams);
    this.#listeners.answered(question);
    this.#listeners.refuse(refused);
  }

  /** A new epoch means that a backup was restored. Remembered on the device, because the page may be younger than the backup. */
  async #noticeNewEpochs(streams) {
    const before = this.#welcomedAt;
    const changed = [];
    const steps = [];
    for (const [name, { epoch }] of Object.entries(streams)) {
      const fact = await this.#deviceStore.get("facts", `epoch:${name}`);
      if (fact?.epoch === epoch) continue;
      if (fact) changed.push(name);
      steps.push({ store: "facts", put: { id: `epoch:${name}`, epoch } });
    }
    // First offered again, then remembered: cut off in between, it is only offered once more.
    if (changed.length > 0) await this.#outbox.offerAgain(before);
    if (steps.length > 0) await this.#deviceStore.write(steps);
  }

  #ponged(frame, { askedAt, heardAt }) {
    this.#clock.sample(frame.now, askedAt, heardAt);
    this.#listeners.compare(frame.heads, heardAt);
  }
}

export const connection = new Connection();
