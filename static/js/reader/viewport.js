// The window through which the paper is seen: one column of pages, or single pages one after the other, that scrolls, turns,
// coasts and zooms about a point.
//
// Events: "layout" (pages lie elsewhere or are of another size), "scroll" (what is in sight changed), "rest" (nothing moves),
// "pinch" (fingers begin to stretch the sheet), "zoom" (pages are of another size because somebody wanted it)

import { STANDSTILL_PX_PER_MS, coast } from "../models/coasting.js";
import {
  MARGIN_PX,
  anchorAt,
  besides,
  clampZoom,
  currentIndex,
  isWholeIn,
  layOut,
  pageAt,
  positionOf,
  pushedTo,
  turn,
  visibleRange,
} from "../models/pages.js";

const REST_AFTER_MS = 120;
const READING_LINE = 1 / 3;
/** Nearer to the edge of the window than this nothing is well seen. */
const EDGE_PX = 72;
/** So long a whole page takes to come into its place. */
const GLIDE_MS = 220;

export class Viewport extends EventTarget {
  #pages = [];
  #pinch = null;
  #coasting = null;
  #restTimer = null;
  #isHeld = false;
  #isStale = false;
  #isSingle = false;
  /** The page that one is on, or goes to: where it is seen the browser tells with the next frame. */
  #last = 0;

  constructor(scroller, sheet) {
    super();
    this.scroller = scroller;
    this.sheet = sheet;
    this.zoom = 1;
    this.layout = layOut([], 100);
    this.box = { left: 0, top: 0, width: 0, height: 0 };
    this.onScroll = () => this.#scrolled();
    this.observer = new ResizeObserver(() => this.resize());
  }

  connect() {
    this.scroller.addEventListener("scroll", this.onScroll, { passive: true });
    this.observer.observe(this.scroller);
  }

  disconnect() {
    this.scroller.removeEventListener("scroll", this.onScroll);
    this.observer.disconnect();
    this.stop();
    clearTimeout(this.#restTimer);
  }

  get top() {
    return this.scroller.scrollTop;
  }

  get left() {
    return this.scroller.scrollLeft;
  }

  get isEmpty() {
    return this.#pages.length === 0;
  }

  /** Index of the page the reader is on. */
  get current() {
    return this.isEmpty ? 0 : currentIndex(this.layout, this.top, this.box.height);
  }

  get visible() {
    return visibleRange(this.layout, this.top, this.box.height);
  }

  /** Each page on a screen of its own, or all in one column? */
  showSingle(isSingle) {
    if (isSingle === this.#isSingle) return;
    this.#isSingle = isSingle;
    if (this.isEmpty) return;
    this.show(this.#pages, { index: this.#last });
    this.#scrolled();
    this.dispatchEvent(new Event("zoom"));
  }

  /** Is the single page that one is on seen whole, so that there is nothing to move it for but to turn it? */
  get isWhole() {
    return this.#isWholeAt(this.current);
  }

  #isWholeAt(index) {
    const place = this.layout.places[index];
    return this.#isSingle && Boolean(place) && isWholeIn(place, this.box);
  }

  /** Nothing may move now: somebody writes. */
  get isHeld() {
    return this.#isHeld;
  }

  /** Index of the page in the middle of the window. */
  get middle() {
    return pageAt(this.layout, this.top + this.box.height / 2);
  }

  /**
   * The same pages, some of another size: what is in the middle stays there.
   *
   * @param {import("../models/pages.js").PageFacts[]} pages @param {number} index of the page that is whole then, if it is
   * @param {(anchor: {index: number, x: number, y: number}) => object} placeThen where what is in the middle lies then
   */
  layAnew(pages, index = this.#last, placeThen = (anchor) => anchor) {
    this.stop();
    const { width, height } = this.box;
    const anchor = anchorAt(this.layout, this.left + width / 2, this.top + height / 2);
    this.#pages = pages;
    this.measure();
    this.#lay();
    if (this.#isWholeAt(index)) this.goTo(index);
    else this.#moveTo(placeThen(anchor), this.box.width / 2, this.box.height / 2);
    this.#scrolled();
  }

  /** @param {import("../models/pages.js").PageFacts[]} pages */
  show(pages, { index = 0, zoom = 1 } = {}) {
    this.stop();
    this.#pages = pages;
    this.zoom = zoom;
    this.measure();
    this.#lay();
    if (pages.length) this.goTo(index);
  }

  measure() {
    const box = this.scroller.getBoundingClientRect();
    this.box = { left: box.left, top: box.top, width: this.scroller.clientWidth, height: this.scroller.clientHeight };
  }

  /** The window changed its size: the line that is being read stays where it is. */
  resize() {
    if (this.#isHeld) {
      this.#isStale = true;
      return;
    }
    const before = this.box;
    this.measure();
    const isSame = before.width === this.box.width && before.height === this.box.height;
    if (this.isEmpty || (isSame && !this.#isStale)) return;
    this.#isStale = false;
    if (this.#isSingle && this.zoom === 1) return this.layAnew(this.#pages);
    this.#relay(() => this.#lay(), before.width / 2, before.height * READING_LINE, this.box.width / 2, this.box.height * READING_LINE);
  }

  /** Nothing may move under the pen while it writes. */
  hold() {
    this.#isHeld = true;
    this.stop();
  }

  release() {
    this.#isHeld = false;
    if (this.#isStale) this.resize();
  }

  goTo(index, fraction = 0) {
    this.stop();
    const at = Math.max(0, Math.min(index, this.layout.places.length - 1));
    const place = this.layout.places[at];
    if (!place) return;
    const isBegin = !fraction || this.#isWholeAt(at);
    this.scroller.scrollTop = isBegin ? place.begin : place.top - MARGIN_PX + fraction * place.height;
    this.scroller.scrollLeft = besides(place, this.left, this.box.width);
    this.#last = at;
  }

  /** Scrolls only where need be, so that a box [x0, y0, x1, y1] in view points of a page stands where one reads. */
  reveal(index, [x0, y0, x1, y1]) {
    this.stop();
    const place = this.layout.places[index];
    if (!place) return;
    if (this.#isWholeAt(index)) return this.goTo(index);
    const [left, right] = [place.left + x0 * place.scale, place.left + x1 * place.scale];
    const [top, bottom] = [place.top + y0 * place.scale, place.top + y1 * place.scale];
    const { width, height } = this.box;
    if (top < this.top + EDGE_PX || bottom > this.top + height - EDGE_PX) this.scroller.scrollTop = top - height * READING_LINE;
    if (left < this.left || right > this.left + width) this.scroller.scrollLeft = (left + right) / 2 - width / 2;
  }

  turn(direction) {
    this.stop();
    this.scroller.scrollTop = turn(this.layout, this.top, this.box.height, direction);
    this.scroller.scrollLeft = besides(this.layout.places[this.current], this.left, this.box.width);
  }

  panBy(dx, dy) {
    this.stop();
    this.scroller.scrollBy(-dx, -dy);
  }

  /** Goes on after the finger has left, from a velocity in px/ms. */
  coast(vx, vy) {
    this.stop();
    if (this.isWhole) return this.#letGo(vx, vy);
    if (Math.hypot(vx, vy) < 0.1 || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    const from = { x: this.left, y: this.top };
    const begun = performance.now();
    const step = (now) => {
      const [x, y] = [coast(vx, now - begun), coast(vy, now - begun)];
      this.scroller.scrollTo(from.x - x.way, from.y - y.way);
      const goesOn = Math.hypot(x.velocity, y.velocity) > STANDSTILL_PX_PER_MS;
      this.#coasting = goesOn ? requestAnimationFrame(step) : null;
    };
    this.#coasting = requestAnimationFrame(step);
  }

  /** A whole page that lies between two places comes into its own. */
  settle() {
    if (this.#coasting === null && this.isWhole) this.#glideTo(this.current);
  }

  #letGo(vx, vy) {
    const index = pushedTo(this.layout, this.top, this.box.height, { x: vx, y: vy });
    if (Math.abs(vx) > Math.abs(vy)) this.goTo(index);
    else this.#glideTo(index);
  }

  #glideTo(index) {
    const [from, to, begun] = [this.top, this.layout.places[index].begin, performance.now()];
    if (Math.abs(to - from) <= 1) return;
    const isAtOnce = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const step = (now) => {
      const left = isAtOnce ? 0 : Math.max(0, 1 - (now - begun) / GLIDE_MS);
      this.scroller.scrollTop = to + (from - to) * left ** 3;
      this.#coasting = left ? requestAnimationFrame(step) : null;
    };
    this.#coasting = requestAnimationFrame(step);
  }

  stop() {
    if (this.#coasting) cancelAnimationFrame(this.#coasting);
    this.#coasting = null;
  }

  /** While fingers pinch the sheet is only stretched; the pages are laid out anew when they rest. */
  beginPinch(x, y) {
    this.stop();
    const point = { x: x + this.left, y: y + this.top };
    this.#pinch = { point, anchor: anchorAt(this.layout, point.x, point.y), from: this.zoom, to: this.zoom, x, y };
    this.dispatchEvent(new Event("pinch"));
  }

  pinch(x, y, factor) {
    const pinch = this.#pinch;
    if (!pinch) return;
    pinch.to = this.#clamped(pinch.from * factor);
    Object.assign(pinch, { x, y });
    const stretch = pinch.to / pinch.from;
    const shiftX = x + this.left - pinch.point.x * stretch;
    const shiftY = y + this.top - pinch.point.y * stretch;
    this.sheet.style.transform = `translate(${shiftX}px, ${shiftY}px) scale(${stretch})`;
  }

  endPinch() {
    const pinch = this.#pinch;
    if (!pinch) return;
    this.#pinch = null;
    this.sheet.style.transform = "";
    if (pinch.to === pinch.from && pinch.x + this.left === pinch.point.x && pinch.y + this.top === pinch.point.y) return this.#scrolled();
    this.zoom = pinch.to;
    this.#lay();
    this.#putAt(pinch.anchor, pinch.x, pinch.y);
    if (this.#isWholeAt(pinch.anchor.index)) this.goTo(pinch.anchor.index);
    this.dispatchEvent(new Event("zoom"));
  }

  #clamped(zoom) {
    return clampZoom(zoom, { isSingle: this.#isSingle, height: this.layout.height / this.zoom });
  }

  get isPinching() {
    return this.#pinch !== null;
  }

  /** Zoom about a point of the window (its middle by default). */
  zoomTo(zoom, x = this.box.width / 2, y = this.box.height / 2) {
    if (this.isEmpty) return;
    this.beginPinch(x, y);
    this.#pinch.to = this.#clamped(zoom);
    this.endPinch();
  }

  /** Zoom so that [left, right], fractions of the page's width, fill the window; the height y stays. */
  zoomToColumn(index, left, right, y) {
    const width = (right - left) * (this.layout.places[index].width / this.zoom);
    const anchor = anchorAt(this.layout, 0, y + this.top);
    this.zoom = this.#clamped((this.box.width - 4 * MARGIN_PX) / width);
    this.#lay();
    this.#putAt({ ...anchor, index, x: (left + right) / 2 }, this.box.width / 2, y);
    this.dispatchEvent(new Event("zoom"));
  }

  #relay(lay, fromX, fromY, toX, toY) {
    const anchor = anchorAt(this.layout, this.left + fromX, this.top + fromY);
    lay();
    this.#putAt(anchor, toX, toY);
  }

  #putAt(anchor, x, y) {
    this.#moveTo(anchor, x, y);
    this.#scrolled();
  }

  #moveTo(anchor, x, y) {
    const there = positionOf(this.layout, anchor);
    this.scroller.scrollTo(there.x - x, there.y - y);
  }

  #lay() {
    this.layout = layOut(this.#pages, this.box.width || 100, this.zoom, this.#isSingle ? this.box.height || 100 : null);
    this.sheet.style.width = `${this.layout.width}px`;
    this.sheet.style.height = `${this.layout.height}px`;
    this.dispatchEvent(new Event("layout"));
  }

  #scrolled() {
    this.#last = this.current;
    this.dispatchEvent(new Event("scroll"));
    clearTimeout(this.#restTimer);
    this.#restTimer = setTimeout(() => this.dispatchEvent(new Event("rest")), REST_AFTER_MS);
  }

  /** A point of the window as {index, x, y}: page and view points on it, a little outside at most. */
  pointAt(clientX, clientY) {
    const x = clientX - this.box.left + this.left;
    const y = clientY - this.box.top + this.top;
    const index = pageAt(this.layout, y);
    const place = this.layout.places[index];
    return { index, x: (x - place.left) / place.scale, y: (y - place.top) / place.scale };
  }
}
