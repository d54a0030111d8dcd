// Pen, fingers and mouse on the paper: facts of pointers go into the state machine of models/gestures.js, its acts come
// out here and are done by who can do them.

import { Gestures } from "../models/gestures.js";
import { WheelTurns, wayOf } from "../models/wheel_turns.js";

const HOLD_MS = 480;
const WHEEL_ENDS_AFTER_MS = 140;
const NO_HOLD_OVER_PX = 8;
/** The page does not leave from under a pen that has just been lifted. */
const PEN_RESTS_MS = 1500;

export class Hands {
  #wheelEnds = null;
  #wheelTurns = new WheelTurns();
  #holding = null;
  #held = null;
  #hoverFrame = null;
  #hovered = null;
  lastPenAt = -Infinity;

  /** @param {HTMLElement} reader the <phien-reader>, which has all rooms */
  constructor(reader) {
    this.reader = reader;
    this.gestures = new Gestures();
  }

  get isBusy() {
    return this.gestures.isBusy;
  }

  /** Milliseconds until a pen that was lifted rests. */
  get penRestsInMs() {
    return Math.max(0, PEN_RESTS_MS - (performance.now() - this.lastPenAt));
  }

  /** @param {(target: EventTarget, name: string, listener: (event: any) => void, options?: object) => void} on */
  connect(on) {
    const { scroller } = this.reader;
    for (const [name, kind] of [["pointerdown", "down"], ["pointermove", "move"], ["pointerup", "up"], ["pointercancel", "cancel"]]) {
      on(scroller, name, (event) => this.#pointed(kind, event));
    }
    // A stroke must become no scrolling, no selection, no magnifying glass and (iPad) no handwriting recognition.
    for (const name of ["touchstart", "touchmove"]) {
      on(scroller, name, (event) => this.#keepTouch(event), { passive: false });
    }
    const { gestures } = this;
    on(scroller, "selectstart", (event) => gestures.isBusy && gestures.state !== "pressing" && event.preventDefault());
    on(scroller, "contextmenu", (event) => gestures.isBusy && gestures.startedBy !== "mouse" && event.preventDefault());
    // A touch is told once more as that of a mouse, which would take the focus from the card that the touch has opened.
    on(scroller, "mousedown", (event) => !this.reader.marking.card.hidden && event.preventDefault());
    on(scroller, "dragstart", (event) => event.preventDefault());
    on(scroller, "pointerleave", () => this.reader.marking.hideTip());
    on(scroller, "wheel", (event) => this.#wheeled(event), { passive: false });
  }

  #pointed(kind, event) {
    const { reader, gestures } = this;
    if (!reader.paper) return;
    if (kind === "down") {
      if (event.target.closest("a, button")) return;
      reader.viewport.measure();
      reader.viewport.stop();
      reader.marking.closeCard();
      if (document.activeElement !== reader.scroller) reader.scroller.focus({ preventScroll: true });
    }
    this.#waitForHold(kind, event);
    const acts = gestures[kind](this.#factOf(event));
    const writes = ["drawing", "erasing"].includes(gestures.state);
    if (kind === "down" && (event.pointerType !== "mouse" || writes)) capture(reader.scroller, event.pointerId);
    for (const act of acts) this.#act(act, event);
    if (kind === "move" && event.pointerType !== "touch" && !event.buttons) this.#hover(event);
    if (event.pointerType === "pen") this.lastPenAt = performance.now();
    if (kind === "up") reader.selecting.showBarSoon(); // a mouse that rested before it let go changes the selection no more
    if (!gestures.isBusy) reader.handsRest();
  }

  /** A finger or a pen that rests on a word means it. */
  #waitForHold(kind, event) {
    if (kind === "move" && this.#held?.id === event.pointerId) {
      if (Math.hypot(event.clientX - this.#held.x, event.clientY - this.#held.y) <= NO_HOLD_OVER_PX) return;
    }
    clearTimeout(this.#holding);
    this.#held = null;
    if (kind !== "down" || event.pointerType === "mouse") return;
    this.#held = { id: event.pointerId, x: event.clientX, y: event.clientY };
    const fact = this.#factOf(event);
    this.#holding = setTimeout(() => {
      for (const act of this.gestures.hold(fact)) this.#act(act, event);
    }, HOLD_MS);
  }

  #factOf(event) {
    const points = event.type === "pointermove" ? event.getCoalescedEvents?.() ?? [] : [];
    return {
      id: event.pointerId,
      pointer: event.pointerType,
      buttons: event.buttons || (event.type === "pointerdown" ? 1 : 0),
      x: event.clientX,
      y: event.clientY,
      t: event.timeStamp,
      points: points.map(({ clientX, clientY, pressure }) => ({ x: clientX, y: clientY, pressure })),
    };
  }

  #act(act, event) {
    const { viewport, pen, tools, marking, selecting } = this.reader;
    const { left, top } = viewport.box;
    switch (act.do) {
      case "pen_seen":
        return tools.meetPen(this.gestures.tool);
      case "begin":
        tools.closeOptions();
        getSelection()?.removeAllRanges();
        return pen.begin(act, { style: tools.penStyle, layer: tools.layer });
      case "extend":
        return pen.extend(act.points, predictedIn(event));
      case "end":
        return pen.end();
      case "abandon":
        return pen.abandon();
      case "erase":
        return pen.erase(act.points);
      case "erase_end":
        return pen.endErasing();
      case "pan":
        this.reader.touched();
        return viewport.panBy(act.dx, act.dy);
      case "pan_end":
        return viewport.coast(act.vx, act.vy);
      case "pinch_begin":
        this.reader.touched();
        return viewport.beginPinch(act.x - left, act.y - top);
      case "pinch":
        return viewport.pinch(act.x - left, act.y - top, act.scale);
      case "pinch_end":
        return viewport.endPinch();
      case "select_begin":
        return selecting.begin(act.x, act.y);
      case "select":
        return selecting.extend(act.x, act.y);
      case "select_end":
        return selecting.end();
      case "tap":
        return marking.tapped(act);
      case "double_tap":
        return this.reader.doubleTapped(act);
    }
  }

  #keepTouch(event) {
    const isStylus = [...event.changedTouches].some((touch) => touch.touchType === "stylus");
    const writes = ["drawing", "erasing", "pinching", "selecting"].includes(this.gestures.state);
    if ((isStylus && this.gestures.tool !== "select") || writes || event.touches.length > 1) event.preventDefault();
  }

  #hover(event) {
    this.#hovered = { x: event.clientX, y: event.clientY };
    this.#hoverFrame ??= requestAnimationFrame(() => {
      this.#hoverFrame = null;
      if (this.reader.pen && !this.isBusy) this.reader.marking.hovered(this.#hovered);
    });
  }

  #wheeled(event) {
    const { reader } = this;
    if (!reader.paper) return;
    if (reader.viewport.isHeld) return event.preventDefault();
    reader.touched();
    if (!event.ctrlKey && !event.metaKey) {
      if (reader.viewport.isWhole) this.#turnByWheel(event);
      else reader.viewport.stop();
      return;
    }
    reader.viewport.stop();
    event.preventDefault();
    const { left, top } = reader.viewport.box;
    if (!reader.viewport.isPinching) {
      this.wheelFactor = 1;
      this.wheelAt = [event.clientX - left, event.clientY - top];
      reader.viewport.beginPinch(...this.wheelAt);
    }
    this.wheelFactor *= Math.exp(-wayOf(event) / 300);
    reader.viewport.pinch(...this.wheelAt, this.wheelFactor);
    clearTimeout(this.#wheelEnds);
    this.#wheelEnds = setTimeout(() => reader.viewport.endPinch(), WHEEL_ENDS_AFTER_MS);
  }

  #turnByWheel(event) {
    event.preventDefault();
    const { viewport } = this.reader;
    const pages = this.#wheelTurns.turn(event, viewport.box.height);
    if (pages) viewport.goTo(viewport.current + pages);
  }
}

function capture(element, pointerId) {
  try {
    element.setPointerCapture(pointerId);
  } catch {
    // The pointer is gone already.
  }
}

function predictedIn(event) {
  if (event?.type !== "pointermove" || event.pointerType !== "pen") return [];
  const predicted = event.getPredictedEvents?.() ?? [];
  return predicted.slice(0, 2).map(({ clientX, clientY }) => ({ x: clientX, y: clientY }));
}
