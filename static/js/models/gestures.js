/**
 * The one state machine for pen, fingers and mouse on the paper: idle, drawing, erasing, panning, pinching (and
 * pressing: a mouse or a finger that may become a tap; selecting: words). Pure: it takes facts of pointers and answers acts.
 *
 * Fact: {id, pointer: "pen" | "touch" | "mouse", buttons, x, y, t (ms), points?: [{x, y, pressure}]}; `points` are the
 * coalesced ones. Acts, in order:
 *   pen_seen                         the first pen: from now on the pen writes and fingers move the paper
 *   begin, extend {points}, end, abandon   one stroke of ink
 *   erase {points}, erase_end        the eraser's way
 *   pan {dx, dy}, pan_end {vx, vy}   px, px/ms
 *   pinch_begin {x, y}, pinch {x, y, scale}, pinch_end
 *   select_begin {x, y}, select {x, y}, select_end   words under a finger or pen that rested on one
 *   tap {x, y, pointer}, double_tap {x, y}
 */

/** A finger that came down this shortly before the pen was the hand's heel. */
export const PALM_MS = 150;
/** A pen stroke cut off by the system is kept from so many points on. */
export const KEPT_AFTER_POINTS = 5;
const YOUNG_STROKE_MS = 300;
const TAP_MS = 400;
const SLOP_PX = 8;
const DOUBLE_TAP_MS = 320;
const DOUBLE_TAP_PX = 32;
const VELOCITY_WINDOW_MS = 90;
const ERASER_BUTTON = 32;
const FIRST_BUTTON = 1;

export class Gestures {
  constructor({ tool = "select", handWrites = false, penSeen = false } = {}) {
    this.tool = tool;
    this.handWrites = handWrites;
    this.penSeen = penSeen;
    this.state = "idle";
    /** Pointers that are down and count. */
    this.pointers = new Map();
    this.ignored = new Set();
    this.lastTap = null;
  }

  get isBusy() {
    return this.state !== "idle";
  }

  down(fact) {
    const acts = [];
    if (fact.pointer === "pen") {
      if (!this.penSeen) acts.push(...this.meetPen());
      return [...acts, ...this.penDown(fact)];
    }
    return this.handDown(fact);
  }

  meetPen() {
    this.penSeen = true;
    this.handWrites = false;
    if (this.tool === "select") this.tool = "pen";
    return [{ do: "pen_seen" }];
  }

  penDown(fact) {
    const acts = this.handGivesWay(fact.t);
    this.pointers.clear();
    this.track(fact);
    return [...acts, ...this.start(fact, this.intentOf(fact))];
  }

  /** The pen has the paper: what the hand was doing ends; what it had just begun was its heel. */
  handGivesWay(t) {
    const acts = [];
    if (this.state === "drawing") acts.push(t - this.startedAt < PALM_MS ? { do: "abandon" } : { do: "end" });
    if (this.state === "erasing") acts.push({ do: "erase_end" });
    if (this.state === "panning") acts.push({ do: "pan_end", vx: 0, vy: 0 });
    if (this.state === "pinching") acts.push({ do: "pinch_end" });
    if (this.state === "selecting") acts.push({ do: "select_end" });
    for (const pointer of this.pointers.values()) this.ignored.add(pointer.id);
    this.state = "idle";
    return acts;
  }

  handDown(fact) {
    if (this.penIsDown()) {
      this.ignored.add(fact.id);
      return [];
    }
    if (fact.pointer === "mouse" && !(fact.buttons & FIRST_BUTTON)) return [];
    this.track(fact);
    const touches = [...this.pointers.values()];
    if (touches.length === 1) return this.start(fact, this.intentOf(fact));
    if (touches.length === 2 && fact.pointer === "touch" && this.state !== "selecting") return this.startPinch(fact);
    this.pointers.delete(fact.id);
    this.ignored.add(fact.id);
    return [];
  }

  penIsDown() {
    return [...this.pointers.values()].some((pointer) => pointer.pointer === "pen");
  }

  /** What this pointer is about to do: draw, erase, move, or press (a mouse that reads selects text by itself). */
  intentOf(fact) {
    const writes = fact.pointer === "pen" || this.handWrites;
    if (fact.pointer === "pen" && fact.buttons & ERASER_BUTTON) return "erase";
    if (writes && (this.tool === "pen" || this.tool === "marker")) return "draw";
    if (writes && this.tool === "eraser") return "erase";
    return fact.pointer === "mouse" ? "press" : "move";
  }

  start(fact, intent) {
    this.startedAt = fact.t;
    this.startedBy = fact.pointer;
    this.pointCount = 1;
    this.moved = false;
    if (intent === "draw") {
      this.state = "drawing";
      return [{ do: "begin", x: fact.x, y: fact.y, t: fact.t, pointer: fact.pointer }];
    }
    if (intent === "erase") {
      this.state = "erasing";
      return [{ do: "erase", points: [{ x: fact.x, y: fact.y }] }];
    }
    this.state = intent === "press" ? "pressing" : "panning";
    return [];
  }

  /** Whoever has rested on the paper for a while without moving means the word there. */
  hold(fact) {
    if (this.state !== "panning" || this.moved || this.pointers.size !== 1) return [];
    this.state = "selecting";
    return [{ do: "select_begin", x: fact.x, y: fact.y }];
  }

  startPinch(fact) {
    const acts = [];
    if (this.state === "drawing") {
      acts.push(fact.t - this.startedAt < YOUNG_STROKE_MS ? { do: "abandon" } : { do: "end" });
    }
    if (this.state === "erasing") acts.push({ do: "erase_end" });
    if (this.state === "panning" && this.moved) acts.push({ do: "pan_end", vx: 0, vy: 0 });
    this.state = "pinching";
    this.moved = true;
    this.span = this.measure();
    return [...acts, { do: "pinch_begin", x: this.span.x, y: this.span.y }];
  }

  move(fact) {
    const pointer = this.pointers.get(fact.id);
    if (!pointer) return [];
    const before = { x: pointer.x, y: pointer.y };
    this.track(fact);
    if (this.state === "drawing") return this.draw(fact);
    if (this.state === "erasing") return [{ do: "erase", points: pointsIn(fact) }];
    if (this.state === "pinching") return this.pinch();
    if (this.state === "selecting") return [{ do: "select", x: fact.x, y: fact.y }];
    if (this.state === "panning") return this.pan(pointer, before, fact);
    if (this.state === "pressing" && this.isBeyondSlop(pointer, fact)) this.moved = true;
    return [];
  }

  draw(fact) {
    const points = pointsIn(fact);
    this.pointCount += points.length;
    return [{ do: "extend", points }];
  }

  pinch() {
    const span = this.measure();
    return [{ do: "pinch", x: span.x, y: span.y, scale: span.length / this.span.length }];
  }

  pan(pointer, before, fact) {
    if (!this.moved) {
      if (!this.isBeyondSlop(pointer, fact)) {
        // Not yet a movement: the paper must not tremble under a tap.
        pointer.x = before.x;
        pointer.y = before.y;
        return [];
      }
      this.moved = true;
    }
    return [{ do: "pan", dx: fact.x - before.x, dy: fact.y - before.y }];
  }

  isBeyondSlop(pointer, fact) {
    return Math.hypot(fact.x - pointer.firstX, fact.y - pointer.firstY) > SLOP_PX;
  }

  up(fact) {
    this.ignored.delete(fact.id);
    const pointer = this.pointers.get(fact.id);
    if (!pointer) return [];
    const acts = this.finish(pointer, fact);
    this.pointers.delete(fact.id);
    return acts;
  }

  finish(pointer, fact) {
    const state = this.state;
    if (state === "pinching") return this.finishPinch(fact);
    this.state = "idle";
    if (state === "drawing") return [{ do: "end" }];
    if (state === "erasing") return [{ do: "erase_end" }];
    if (state === "selecting") return [{ do: "select_end" }];
    if (this.moved) return state === "panning" ? [{ do: "pan_end", ...velocityOf(pointer, fact.t) }] : [];
    return fact.t - this.startedAt <= TAP_MS ? this.tap(fact) : [];
  }

  /** One of two fingers left: the other one goes on moving the paper, from where it is. */
  finishPinch(fact) {
    const rest = [...this.pointers.values()].find((pointer) => pointer.id !== fact.id);
    this.state = rest ? "panning" : "idle";
    if (rest) rest.trail = [];
    return [{ do: "pinch_end" }];
  }

  tap(fact) {
    const last = this.lastTap;
    const isSecond =
      last &&
      fact.pointer !== "mouse" &&
      fact.t - last.t < DOUBLE_TAP_MS &&
      Math.hypot(fact.x - last.x, fact.y - last.y) < DOUBLE_TAP_PX;
    this.lastTap = isSecond ? null : { x: fact.x, y: fact.y, t: fact.t };
    if (isSecond) return [{ do: "double_tap", x: fact.x, y: fact.y }];
    return [{ do: "tap", x: fact.x, y: fact.y, pointer: fact.pointer }];
  }

  /** What was tapped has been answered: the next tap is a first one, however soon. */
  forgetTap() {
    this.lastTap = null;
  }

  cancel(fact) {
    this.ignored.delete(fact.id);
    const pointer = this.pointers.get(fact.id);
    if (!pointer) return [];
    this.pointers.delete(fact.id);
    const state = this.state;
    if (state === "pinching") return this.finishPinch(fact);
    this.state = "idle";
    if (state === "drawing") {
      const isKept = pointer.pointer === "pen" && this.pointCount >= KEPT_AFTER_POINTS;
      return [isKept ? { do: "end" } : { do: "abandon" }];
    }
    if (state === "erasing") return [{ do: "erase_end" }];
    if (state === "selecting") return [{ do: "select_end" }];
    return state === "panning" && this.moved ? [{ do: "pan_end", vx: 0, vy: 0 }] : [];
  }

  track(fact) {
    const known = this.pointers.get(fact.id);
    const pointer = known ?? { id: fact.id, pointer: fact.pointer, firstX: fact.x, firstY: fact.y, trail: [] };
    pointer.x = fact.x;
    pointer.y = fact.y;
    pointer.trail.push({ x: fact.x, y: fact.y, t: fact.t });
    if (pointer.trail.length > 12) pointer.trail.shift();
    this.pointers.set(fact.id, pointer);
  }

  /** The middle of the two fingers and how far they are apart. */
  measure() {
    const [one, other] = [...this.pointers.values()];
    const length = Math.max(1, Math.hypot(one.x - other.x, one.y - other.y));
    return { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2, length };
  }
}

function pointsIn(fact) {
  return fact.points?.length ? fact.points : [{ x: fact.x, y: fact.y }];
}

function velocityOf(pointer, t) {
  const recent = pointer.trail.filter((point) => t - point.t <= VELOCITY_WINDOW_MS);
  if (recent.length < 2) return { vx: 0, vy: 0 };
  const [first, last] = [recent[0], recent.at(-1)];
  const elapsed = last.t - first.t;
  if (elapsed <= 0) return { vx: 0, vy: 0 };
  return { vx: (last.x - first.x) / elapsed, vy: (last.y - first.y) / elapsed };
}
