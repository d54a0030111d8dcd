// A browser and a server small enough to hold in one hand: time stands still until a test lets it pass.

import { MemoryStore } from "../../static/js/models/memory_store.js";
import { Connection } from "../../static/js/realtime/connection.js";

export class FakeTime {
  now = 0;
  #timers = new Map();
  #next = 1;

  setTimeout = (work, ms) => {
    this.#timers.set(this.#next, { due: this.now + ms, work });
    return this.#next++;
  };

  clearTimeout = (timer) => this.#timers.delete(timer);

  /** Let time pass; everything that falls due happens in its order. */
  async pass(ms) {
    const end = this.now + ms;
    await settle();
    for (let due = this.#firstDue(end); due; due = this.#firstDue(end)) {
      const [timer, { due: at, work }] = due;
      this.now = Math.max(this.now, at);
      this.#timers.delete(timer);
      work();
      await settle();
    }
    this.now = end;
  }

  #firstDue(end) {
    return [...this.#timers].filter(([, { due }]) => due <= end).sort(([, one], [, other]) => one.due - other.due)[0];
  }
}

/** Promises that wait for nothing but one another come to rest. */
export async function settle() {
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
}

class FakeSocket {
  bufferedAmount = 0;
  isClosed = false;

  constructor(server) {
    this.server = server;
  }

  send(text) {
    if (!this.isClosed && this.server.socket === this && !this.server.isCut) this.server.hear(JSON.parse(text), this);
  }

  close() {
    this.isClosed = true;
  }

  say(frame) {
    if (!this.isClosed && !this.server.isCut) this.onmessage({ data: JSON.stringify(frame) });
  }

  /** The other side hangs up. */
  drop() {
    this.onclose({});
  }
}

/** Keeps streams and operations as the real one does; `heard` has every frame that reached it. */
export class FakeServer {
  heard = [];
  applied = new Map();
  streams = {};
  socket = null;
  opensSockets = true;
  isSlowToWelcome = false;
  isSlowToListen = false;
  listenedTo = new Set();
  postsWork = true;
  isLoggedIn = true;
  principal = "person:12";
  isCut = false;
  losesAcks = false;
  answersPings = true;
  busyTimes = 0;
  refuses = null;
  clockAhead = 0;
  ticketsGiven = 0;

  constructor(time) {
    this.time = time;
  }

  openSocket = () => {
    const socket = new FakeSocket(this);
    setImmediate(() => {
      if (socket.isClosed) return;
      if (!this.opensSockets) return socket.onclose({});
      this.socket = socket;
      socket.onopen({});
    });
    return socket;
  };

  post = async (path, body) => {
    if (!this.postsWork) throw new TypeError("no network");
    if (!this.isLoggedIn) return { ok: false, isLoggedOut: true, answer: null };
    if (path === "/tickets/") {
      this.ticketsGiven++;
      return { ok: true, isLoggedOut: false, answer: { ticket: `ticket-${this.ticketsGiven}`, expires: this.now() + 600000 } };
    }
    const frames = [];
    for (const frame of body.frames) {
      if (frame.t !== "hello" && frame.t !== "op") return { ok: true, isLoggedOut: false, answer: { frames: [{ t: "bye", code: "invalid" }] } };
      this.hear(frame, { say: (answer) => frames.push(answer) });
    }
    return { ok: true, isLoggedOut: false, answer: { frames } };
  };

  now() {
    return this.time.now + this.clockAhead;
  }

  hear(frame, line) {
    this.heard.push(frame);
    if (frame.t === "hello" && this.isSlowToWelcome) this.welcomeAtLast = () => this.#welcome(frame, line);
    else if (frame.t === "hello") this.#welcome(frame, line);
    if (frame.t === "listen" && this.isSlowToListen) this.listenAtLast = () => this.#listen(frame, line);
    else if (frame.t === "listen") this.#listen(frame, line);
    if (frame.t === "ping" && this.answersPings) line.say({ t: "pong", now: this.now(), heads: this.heads() });
    if (frame.t === "op") this.#apply(frame, line);
  }

  heads() {
    return Object.fromEntries([...this.listenedTo].map((name) => [name, this.#stream(name).head]));
  }

  heardOf(type) {
    return this.heard.filter((frame) => frame.t === type);
  }

  #about(names) {
    return Object.fromEntries(names.map((name) => [name, { epoch: this.#stream(name).epoch, head: this.#stream(name).head, floor: 0 }]));
  }

  #stream(name) {
    return (this.streams[name] ??= { epoch: "e1", head: 0, entries: [] });
  }

  #welcome({ streams }, line) {
    this.listenedTo = new Set(Object.keys(streams));
    line.say({ t: "welcome", v: 1, principal: this.principal, now: this.now(), streams: this.#about(Object.keys(streams)), refused: [] });
    this.#bringUpToDate(streams, line);
  }

  #listen({ for: question, streams }, line) {
    for (const name of Object.keys(streams)) this.listenedTo.add(name);
    line.say({ t: "listening", for: question, streams: this.#about(Object.keys(streams)), refused: [] });
    this.#bringUpToDate(streams, line);
  }

  #bringUpToDate(streams, line) {
    for (const [name, known] of Object.entries(streams)) {
      const { epoch, head, entries } = this.#stream(name);
      if (!known || known[0] !== epoch) line.say({ t: "reset", s: name, epoch, seq: head, state: entries });
      else if (known[1] < head) line.say({ t: "entries", s: name, epoch, from: known[1] + 1, to: head, e: entries.slice(known[1]) });
    }
  }

  /** Something happens on a stream; `isLost` when its frame never arrives. */
  publish(name, entry, { isLost = false } = {}) {
    const stream = this.#stream(name);
    stream.entries.push(entry);
    stream.head++;
    const frame = { t: "entries", s: name, epoch: stream.epoch, from: stream.head, to: stream.head, e: [entry] };
    if (!isLost) this.socket?.say(frame);
  }

  #apply({ ops }, line) {
    if (this.busyTimes > 0) {
      this.busyTimes--;
      return line.say({ t: "nack", op: ops[0].op, code: "busy", text: "" });
    }
    for (const { op, t, ...payload } of ops) {
      if (this.refuses?.test(t)) line.say({ t: "nack", op, code: "closed", text: "Đã đóng." });
      else this.#acknowledge(op, { t, ...payload }, line);
    }
  }

  #acknowledge(op, operation, line) {
    if (!this.applied.has(op)) this.applied.set(op, operation);
    if (!this.losesAcks) line.say({ t: "ack", r: [{ op, order: [...this.applied.keys()].indexOf(op) }] });
  }
}

/** Locks as a browser has them, shared by the tabs that are given the same object. */
export class FakeLocks {
  #holder = null;
  #line = [];

  request(_name, { steal = false, signal } = {}, work) {
    return new Promise((resolve, reject) => {
      const entry = { work, resolve, reject };
      signal?.addEventListener("abort", () => {
        this.#line = this.#line.filter((each) => each !== entry);
        reject(new DOMException("aborted", "AbortError"));
      });
      if (steal) {
        this.#holder?.reject(new DOMException("stolen", "AbortError"));
        this.#hold(entry);
      } else if (this.#holder) this.#line.push(entry);
      else this.#hold(entry);
    });
  }

  /** The tab that held it is gone: the next in line has it. */
  release() {
    this.#holder = null;
    if (this.#line.length > 0) this.#hold(this.#line.shift());
  }

  #hold(entry) {
    this.#holder = entry;
    entry.work().then(entry.resolve, entry.reject);
  }
}

export class FakeChannels {
  #open = [];

  open = (name) => {
    const channel = { name, onmessage: null, isAsleep: false };
    channel.postMessage = (data) => {
      const copy = structuredClone(data);
      for (const other of this.#open) {
        if (other !== channel && other.name === name) setImmediate(() => other.isAsleep || other.onmessage?.({ data: copy }));
      }
    };
    this.#open.push(channel);
    return channel;
  };
}

/** One tab in front of the fake server. Give the same `store`, `locks`, `channels` to have a second tab, or a reload. */
export function openTab({ server, time, store = new MemoryStore(), locks = null, channels = null, random = () => 0.5, timeOrigin = 0 }) {
  const tab = { isOnline: true, isVisible: true, waking: [], offline: [], turning: [], gone: [], channels: {}, store };
  let ids = 0;
  const prefix = Math.random().toString(36).slice(2, 8);
  const around = {
    monotonic: () => time.now - timeOrigin,
    wallClock: () => time.now,
    random,
    newId: () => `${prefix}-${++ids}`,
    setTimeout: time.setTimeout,
    clearTimeout: time.clearTimeout,
    isOnline: () => tab.isOnline,
    openSocket: server.openSocket,
    post: server.post,
    openStore: () => store,
    locks,
    openChannel: (name) => (tab.channels[name] = channels?.open(name) ?? null),
    timeOrigin,
    isVisible: () => tab.isVisible,
    onVisibility: (listener) => tab.turning.push(listener),
    onGone: (listener) => tab.gone.push(listener),
    onWaking: (listener) => tab.waking.push(listener),
    onOffline: (listener) => tab.offline.push(listener),
  };
  tab.connection = new Connection(() => around);
  tab.start = () => tab.connection.start({ person: "12", build: "b1" });
  tab.goOffline = () => {
    tab.isOnline = false;
    tab.offline.forEach((listener) => listener());
  };
  tab.turn = (isVisible) => {
    tab.isVisible = isVisible;
    tab.turning.forEach((listener) => listener(isVisible));
  };
  tab.wake = () => {
    tab.isOnline = true;
    tab.waking.forEach((listener) => listener());
  };
  return tab;
}

/** A page connected and at rest. */
export async function openLiveTab(options = {}) {
  const time = options.time ?? new FakeTime();
  const server = options.server ?? new FakeServer(time);
  const tab = openTab({ server, time, ...options });
  tab.start();
  await settle();
  return { server, time, tab, connection: tab.connection };
}

export const INK = "ink:v1:shared:m1";

/** Everything a listener was told, in lists. */
export function listenTo(connection, stream = INK) {
  const seen = { entries: [], resets: [], ephemera: [] };
  seen.stop = connection.listen(stream, {
    onEntries: (entries) => seen.entries.push(...entries),
    onReset: (state) => seen.resets.push(state),
    onEphemera: (ephemera) => seen.ephemera.push(...ephemera),
  });
  return seen;
}
