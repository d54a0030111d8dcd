// One socket for all tabs of a person in one browser. The tab somebody looks at leads: it holds the line, and the others
// speak and hear through it over a channel. Where a browser has no locks or channels, and while frames go by POST, every
// tab has a line of its own.
//
// To its owner it looks like a Line. Only `onJoin` is new: the line is another tab's, so ask anew for all that is listened to.

import { Line } from "./line.js";
import { OneTab } from "./one_tab.js";

// A tab that sleeps answers nothing; whoever looks at this one should not wait for it.
const LEADER_ANSWERS_WITHIN_MS = 1500;
// Something comes at least with each ping.
const LEADER_IS_HEARD_WITHIN_MS = 12000;
// The server hears no more streams on one connection (realtime/frames.py).
const STREAMS_MOST = 64;
const NOBODY = { status: "reconnecting", way: null };

export class SharedLine {
  #around;
  #owner;
  #id;
  #tab;
  #line;
  #channel;
  /** @type {{status: string, way: string|null}} what the leading tab said of its line */
  #leader = NOBODY;
  /** Too much is listened to for one connection, or the leader asks by POST. */
  #isAlone = false;
  /** @type {Map<string, Set<string>>} the leader's list of who listens to what */
  #wanted = new Map();
  #silence = null;

  /**
   * @param {object} around the surroundings
   * @param {string} name of the person, the build and the language: tabs that differ in them do not share
   * @param {object} owner as a Line has it, and onJoin(), onChosen(), principal and lastQuestion, when it last asked the time
   */
  constructor(around, name, owner) {
    this.#around = around;
    this.#owner = owner;
    this.#id = around.newId();
    this.#channel = around.locks ? around.openChannel(`${name}-line`) : null;
    if (this.#channel) this.#channel.onmessage = (event) => this.#hearTab(event.data);
    const locks = this.#channel ? around.locks : null;
    this.#tab = new OneTab(`${name}-line`, locks, () => this.#lead(), () => this.#follow());
    this.#line = new Line(around, this.#lineOwner());
  }

  start() {
    this.#around.onVisibility((isVisible) => this.#turn(isVisible));
    this.#around.onGone(() => this.#tell("gone"));
    if (!this.#channel) return this.#tab.start();
    this.#tell("who");
    if (this.#around.isVisible()) return this.#tab.takeOver();
    this.#tab.start();
    this.#expectLeader(LEADER_ANSWERS_WITHIN_MS);
  }

  /** Whether this tab leads: it also sends what waits in the outbox. */
  get isChosen() {
    return this.#tab.isChosen;
  }

  takeOver() {
    this.#tab.takeOver();
  }

  get status() {
    return this.#hasOwnLine ? this.#line.status : this.#leader.status;
  }

  get way() {
    return this.#hasOwnLine ? this.#line.way : this.#leader.way;
  }

  get #hasOwnLine() {
    return this.#tab.isChosen || this.#isAlone;
  }

  /** @returns {boolean} whether it was handed on (which promises nothing) */
  send(frame) {
    if (this.#hasOwnLine) return this.#sendFor(this.#id, frame);
    if (this.#leader.way !== "socket") return false;
    this.#tell("say", { frame });
    return true;
  }

  sendIfFresh(frame) {
    const hasLeft = this.#hasOwnLine ? this.#line.sendIfFresh(frame) : this.#leader.way === "socket";
    // The server tells everybody but the connection it comes from, and that is also the one of the other tabs.
    if (hasLeft) this.#tell("fresh", { frame });
    return hasLeft;
  }

  renewTicket(ticket, expires) {
    this.#line.renewTicket(ticket, expires);
  }

  bye(code) {
    if (this.#hasOwnLine) this.#line.bye(code);
  }

  // -- Leading

  #lead() {
    this.#around.clearTimeout(this.#silence);
    if (!this.#isAlone && this.#leader.way !== null) this.#owner.onDown();
    this.#leader = NOBODY;
    this.#isAlone = false;
    this.#line.start();
    this.#tellState();
    this.#owner.onChange();
    this.#owner.onChosen();
  }

  #lineOwner() {
    return {
      isOwn: (principal) => this.#owner.isOwn(principal),
      serverNow: () => this.#owner.serverNow(),
      hello: () => this.#hello(),
      onFrame: (frame, way) => this.#heard(frame, way),
      onUp: () => {
        this.#owner.onUp();
        this.#tellState();
      },
      onDown: () => {
        this.#owner.onDown();
        this.#tellState();
      },
      onPing: () => this.#owner.onPing(),
      onChange: () => {
        this.#owner.onChange();
        this.#tellState();
      },
      onLeave: (code) => {
        this.#owner.onLeave(code);
        if (this.#tab.isChosen) this.#tell("leave", { code });
      },
    };
  }

  /** A new connection knows nobody but this tab; the others join when they hear that it is up. */
  #hello() {
    const hello = this.#owner.hello();
    this.#wanted = new Map([[this.#id, new Set(Object.keys(hello.streams))]]);
    return hello;
  }

  #heard(frame, way) {
    this.#owner.onFrame(frame, way, null);
    if (!this.#tab.isChosen || frame.t === "bye") return;
    if (frame.t === "welcome") this.#tellState(); // its streams are ours; who and what time it is, all want to know
    else this.#tell("heard", { frame, way, ...this.#times() });
  }

  /** Each tab has a monotonic clock of its own; these are on one that all share. */
  #times() {
    const { timeOrigin, monotonic } = this.#around;
    return { askedAt: timeOrigin + this.#owner.lastQuestion, heardAt: timeOrigin + monotonic() };
  }

  #tellState() {
    if (!this.#tab.isChosen) return;
    const { status, way } = this.#line;
    const said = { principal: this.#owner.principal, now: this.#owner.serverNow(), ...this.#times() };
    this.#tell("state", { status, way, isVisible: this.#around.isVisible(), said });
  }

  #sendFor(tab, frame) {
    if (frame.t === "listen") this.#note(tab, Object.keys(frame.streams));
    if (frame.t !== "leave") return this.#line.send(frame);
    const streams = this.#forget(tab, frame.streams);
    return streams.length === 0 || this.#line.send({ t: "leave", streams });
  }

  #note(tab, streams) {
    const wanted = this.#wanted.get(tab) ?? new Set();
    this.#wanted.set(tab, new Set([...wanted, ...streams]));
  }

  /** @returns {string[]} what nobody listens to any more */
  #forget(tab, streams) {
    for (const name of streams) this.#wanted.get(tab)?.delete(name);
    const others = this.#allWanted();
    return streams.filter((name) => !others.has(name));
  }

  #allWanted() {
    return new Set([...this.#wanted.values()].flatMap((names) => [...names]));
  }

  #sayFor(tab, frame) {
    const asked = frame.t === "listen" ? Object.keys(frame.streams) : [];
    if (new Set([...this.#allWanted(), ...asked]).size > STREAMS_MOST) this.#tell("full", { to: tab });
    else this.#sendFor(tab, frame);
  }

  #gone(tab) {
    const streams = this.#forget(tab, [...(this.#wanted.get(tab) ?? [])]);
    this.#wanted.delete(tab);
    if (streams.length > 0) this.#line.send({ t: "leave", streams });
  }

  // -- Following

  #follow() {
    if (!this.#isAlone) this.#line.rest();
    this.#expectLeader(LEADER_ANSWERS_WITHIN_MS);
    this.#tell("who");
  }

  #followState({ status, way, isVisible, said }) {
    if (!isVisible && this.#around.isVisible()) return this.#tab.takeOver();
    if (this.#isAlone && way === "socket") this.#joinAgain();
    if (!this.#isAlone && way === "sync") return this.#goAlone();
    if (this.#isAlone) return undefined;
    if (said.principal) this.#pass({ t: "welcome", principal: said.principal, now: said.now }, way, { ...said, askedAt: said.heardAt });
    return this.#mirror({ status, way });
  }

  #mirror(next) {
    const before = this.#leader;
    this.#leader = next;
    if (this.#hasOwnLine) return;
    if (before.way === "socket" && next.way !== "socket") this.#owner.onDown();
    if (before.way !== "socket" && next.way === "socket") {
      this.#owner.onJoin();
      this.#owner.onUp();
    }
    if (before.way !== next.way || before.status !== next.status) this.#owner.onChange();
  }

  #pass(frame, way, { askedAt, heardAt }) {
    const { timeOrigin } = this.#around;
    this.#owner.onFrame(frame, way, { askedAt: askedAt - timeOrigin, heardAt: heardAt - timeOrigin });
  }

  #goAlone() {
    this.#mirror(NOBODY);
    this.#isAlone = true;
    this.#line.start();
  }

  #joinAgain() {
    this.#line.rest();
    this.#isAlone = false;
  }

  #expectLeader(ms) {
    this.#around.clearTimeout(this.#silence);
    this.#silence = this.#around.setTimeout(() => {
      if (this.#around.isVisible() && !this.#isAlone) this.#tab.takeOver();
    }, ms);
  }

  // -- Between tabs

  #tell(kind, rest = {}) {
    this.#channel?.postMessage({ kind, from: this.#id, ...rest });
  }

  #hearTab(message) {
    if (message.kind === "fresh") return this.#hearFresh(message.frame);
    return this.#tab.isChosen ? this.#hearFollower(message) : this.#hearLeader(message);
  }

  #hearFollower({ kind, from, frame }) {
    if (kind === "who") this.#tellState();
    if (kind === "say") this.#sayFor(from, frame);
    if (kind === "gone") this.#gone(from);
  }

  #hearLeader(message) {
    if (!["state", "heard", "leave", "full"].includes(message.kind)) return;
    this.#expectLeader(LEADER_IS_HEARD_WITHIN_MS);
    if (message.kind === "state") this.#followState(message);
    if (message.kind === "heard" && !this.#isAlone) this.#pass(message.frame, message.way, message);
    if (message.kind === "leave") this.#owner.onLeave(message.code);
    if (message.kind === "full" && message.to === this.#id) this.#goAlone();
  }

  #hearFresh(frame) {
    const { s, t: _t, ...item } = frame;
    if (this.#tab.isChosen) this.#line.sendIfFresh(frame);
    this.#pass({ t: "ephemera", s, e: [{ ...item, by: this.#owner.principal }] }, this.way, { askedAt: 0, heardAt: 0 });
  }

  #turn(isVisible) {
    if (isVisible) this.#tab.takeOver();
    else this.#tellState();
  }
}
