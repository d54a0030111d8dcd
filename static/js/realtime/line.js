// Does what models/connection_state.js decides: tickets, the socket, and asking by POST while sockets do not open.

import { waitBefore } from "../models/backoff.js";
import { GREETING_PATIENCE_MS, TICK_MS, firstState, statusOf, step } from "../models/connection_state.js";
import { FrameParts } from "../models/frame_parts.js";

const TICKET_SPARE_MS = 5000;
// Ephemera are worth nothing late; behind this much they would only delay what is durable.
const EPHEMERA_STOP_AT_BYTES = 64 * 1024;
// The server ends a conversation for a larger one.
const EPHEMERAL_CHARACTERS_MOST = 8000;

export class Line {
  #around;
  #owner;
  #state = firstState();
  /** @type {WebSocket|null} */
  #socket = null;
  #ticket = null;
  #timers = { retry: null, greeting: null, tick: null, sync: null };
  #isSyncing = false;
  /** @type {object[]} frames waiting for the next POST */
  #outgoing = [];

  /**
   * @param {ReturnType<import("./surroundings.js").browserSurroundings>} around
   * @param {{isOwn: (principal: string) => boolean, hello: () => object, serverNow: () => number, onFrame: (frame: object, way: "socket"|"sync") => void,
   *   onUp: () => void, onDown: () => void, onChange: () => void, onPing: () => void, onLeave: (code: string) => void}} owner
   */
  constructor(around, owner) {
    this.#around = around;
    this.#owner = owner;
  }

  start() {
    if (!this.#timers.tick) this.#watch();
    this.#take({ type: "start" });
  }

  #watch() {
    this.#around.onOffline(() => this.#take({ type: "offline" }));
    this.#around.onWaking(() => this.#take({ type: "woken", at: this.#at(), online: this.#around.isOnline() }));
    this.#timers.tick = this.#around.setTimeout(() => this.#tick(), TICK_MS);
  }

  /** Another tab holds the line; `start` wakes this one again. */
  rest() {
    this.#take({ type: "rest" });
  }

  get status() {
    return statusOf(this.#state);
  }

  /** @returns {"socket"|"sync"|null} how frames travel now; null while they do not */
  get way() {
    return this.#path === "sync" && !this.#state.syncWorks ? null : this.#path;
  }

  /** Where a frame would be put. */
  get #path() {
    if (this.#state.phase === "live") return "socket";
    return this.#state.syncing ? "sync" : null;
  }

  /** @returns {boolean} whether it was handed to the network (which promises nothing) */
  send(frame) {
    if (this.#state.phase === "live") {
      this.#socket.send(JSON.stringify(frame));
      return true;
    }
    if (!this.#state.syncing) return false;
    // What is listened to stands in the hello of every POST.
    if (frame.t === "op") this.#outgoing.push(frame);
    this.#syncIn(0);
    return true;
  }

  /** Only over a live socket that is keeping up. */
  sendIfFresh(frame) {
    if (this.#state.phase !== "live" || this.#socket.bufferedAmount > EPHEMERA_STOP_AT_BYTES) return false;
    const text = JSON.stringify(frame);
    if (text.length > EPHEMERAL_CHARACTERS_MOST) return false;
    this.#socket.send(text);
    return true;
  }

  /** A ticket that came over the line is for whoever the line belongs to. */
  renewTicket(ticket, expires) {
    this.#ticket = { ticket, expires, isProven: true };
  }

  /** The server says farewell. */
  bye(code) {
    this.#take({ type: "bye", code });
  }

  #at() {
    return this.#around.monotonic();
  }

  #take(event) {
    const before = { status: this.status, way: this.way, path: this.#path };
    const { state, effects } = step(this.#state, event);
    this.#state = state;
    if (before.path !== null && before.path !== this.#path) this.#owner.onDown();
    for (const effect of effects) this.#do(effect);
    if (before.path !== "socket" && this.#path === "socket") this.#owner.onUp();
    if (before.status !== this.status || before.way !== this.way) this.#owner.onChange();
  }

  #do(effect) {
    switch (effect.do) {
      case "ask_ticket":
        return void this.#askTicket();
      case "forget_ticket":
        return void (this.#ticket = null);
      case "open_socket":
        return this.#openSocket();
      case "close_socket":
        return this.#closeSocket();
      case "retry_in":
        return this.#after("retry", waitBefore(effect.attempt, this.#around.random), () => this.#take({ type: "retry_due" }));
      case "cancel_retry":
        return this.#cancel("retry");
      case "ping":
        return this.#owner.onPing();
      case "sync_in":
        return this.#syncIn(effect.ms);
      case "stop_sync":
        this.#outgoing = [];
        return this.#cancel("sync");
      case "leave":
        return this.#owner.onLeave(effect.code);
    }
  }

  #after(name, ms, work) {
    this.#cancel(name);
    this.#timers[name] = this.#around.setTimeout(work, ms);
  }

  #cancel(name) {
    this.#around.clearTimeout(this.#timers[name]);
    this.#timers[name] = null;
  }

  #tick() {
    this.#after("tick", TICK_MS, () => this.#tick());
    this.#take({ type: "tick", at: this.#at() });
  }

  async #askTicket() {
    this.#take({ type: await this.#fetchTicket() });
  }

  /** @returns {Promise<"ticket"|"ticket_failed"|"ticket_refused">} */
  async #fetchTicket() {
    if (this.#ticket && this.#ticket.expires - TICKET_SPARE_MS > this.#owner.serverNow()) return "ticket";
    try {
      const { ok, isLoggedOut, answer } = await this.#around.post("/tickets/");
      if (isLoggedOut) return "ticket_refused";
      if (!ok) return "ticket_failed";
      this.#ticket = { ...answer, isProven: false };
      return "ticket";
    } catch {
      return "ticket_failed";
    }
  }

  #hello() {
    return { t: "hello", v: 1, ticket: this.#ticket?.ticket ?? "", ...this.#owner.hello() };
  }

  #openSocket() {
    this.#closeSocket();
    const socket = this.#around.openSocket();
    let opened = false;
    this.#socket = socket;
    // A socket that was given up may still speak; only the present one is heard.
    const ifCurrent = (work) => (event) => {
      if (this.#socket === socket) work(event);
    };
    const closed = ifCurrent(() => {
      this.#closeSocket();
      this.#take({ type: "socket_closed", opened });
    });
    socket.onopen = ifCurrent(() => {
      opened = true;
      socket.send(JSON.stringify(this.#hello()));
    });
    const parts = new FrameParts();
    socket.onmessage = ifCurrent((event) => {
      const frame = parts.add(JSON.parse(event.data));
      if (frame) this.#hear(frame, "socket");
      else this.#take({ type: "heard", at: this.#at() });
    });
    socket.onclose = closed;
    socket.onerror = closed;
    this.#after("greeting", GREETING_PATIENCE_MS, () => this.#take({ type: "greeting_late" }));
  }

  #closeSocket() {
    this.#cancel("greeting");
    const socket = this.#socket;
    this.#socket = null;
    if (socket) socket.close();
  }

  #hear(frame, way) {
    if (frame.t === "welcome" && !this.#proveTicket(frame.principal)) return;
    if (way === "socket") {
      this.#take({ type: "heard", at: this.#at() });
      if (frame.t === "welcome") {
        this.#cancel("greeting");
        this.#take({ type: "welcome", at: this.#at() });
      }
    }
    this.#owner.onFrame(frame, way);
  }

  /**
   * Tickets are given to whoever is logged in now, and that may have become another person in another tab: nothing of
   * this page's person may be sent in that one's name.
   */
  #proveTicket(principal) {
    const isOwn = this.#owner.isOwn(principal);
    if (isOwn && this.#ticket) this.#ticket.isProven = true;
    if (!isOwn) this.#take({ type: "bye", code: "other_person" });
    return isOwn;
  }

  #syncIn(ms) {
    if (!this.#isSyncing) this.#after("sync", ms, () => this.#sync());
  }

  /** One question and its answers by POST: the same frames as on the socket. */
  async #sync() {
    this.#isSyncing = true;
    const isDone = await this.#postFrames();
    this.#isSyncing = false;
    if (!isDone && this.#state.syncing) this.#owner.onDown();
    this.#take({ type: isDone ? "sync_done" : "sync_failed" });
    if (isDone && this.#state.syncing) this.#owner.onUp();
    if (this.#outgoing.length > 0) this.#syncIn(0);
  }

  async #postFrames() {
    try {
      if ((await this.#fetchTicket()) !== "ticket") return false;
      const outgoing = this.#ticket.isProven ? this.#outgoing.splice(0) : [];
      const { ok, isLoggedOut, answer } = await this.#around.post("/sync/", { frames: [this.#hello(), ...outgoing] });
      if (isLoggedOut) this.#ticket = null;
      if (!ok) return false;
      for (const frame of answer.frames) this.#hear(frame, "sync");
      return answer.frames.every((frame) => frame.t !== "bye");
    } catch {
      this.#outgoing = [];
      return false;
    }
  }
}
