// The marks on one page: a dry canvas with the finished strokes, one under it for what print shows through (highlights and
// the marker), and over both while needed a wet one with the stroke being drawn here and those being drawn elsewhere.
// Made by <paper-page>:
//   <ink-layer data-mark-count="3" data-preview-count="0" data-sync="saved"></ink-layer>

import { applyToBox, compose, enlargement, inverse, scaling, shift } from "../models/affine.js";
import { around, liesUnder, shapeOf } from "../models/shapes.js";
import { boxesMeet, trace } from "../models/stroke.js";

/** A wet canvas nobody draws on gives its memory back. */
const DRIES_AFTER_MS = 4000;
const HALO = "rgb(255 196 0 / 55%)";

const paths = new WeakMap();

function pathOf(mark) {
  let path = paths.get(mark.geometry);
  if (!path) {
    path = newPath(mark);
    paths.set(mark.geometry, path);
  }
  return path;
}

function newPath(mark) {
  const path = new Path2D();
  if (mark.kind !== "highlight") return trace(shapeOf(mark).points, path);
  for (const quad of mark.geometry.quads) {
    around(quad).forEach(([x, y], i) => (i ? path.lineTo(x, y) : path.moveTo(x, y)));
    path.closePath();
  }
  return path;
}

/** Notes are signs of their own (see note-pins.js); everything else is ink here. */
function isDrawn(mark) {
  return mark.kind !== "note";
}

/** Whole pixels around a box, with room for what edges spill over. */
function grown([left, top, right, bottom]) {
  return [Math.floor(left) - 2, Math.floor(top) - 2, Math.ceil(right) + 2, Math.ceil(bottom) + 2];
}

function overlap(one, other) {
  return [Math.max(one[0], other[0]), Math.max(one[1], other[1]), Math.min(one[2], other[2]), Math.min(one[3], other[3])];
}

export class InkLayer extends HTMLElement {
  #dry = null;
  #under = null;
  #wet = null;
  #region = null;
  #toCanvas = null;
  #stroke = null;
  #halo = null;
  #frame = null;
  #dryTimer = null;
  rubbed = [];

  disconnectedCallback() {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#dryTimer);
  }

  /** @param {{page: number, matrix: number[], book: import("../reader/mark_book.js").MarkBook}} facts */
  setUp({ page, matrix, book }) {
    this.page = page;
    this.matrix = matrix;
    this.book = book;
    this.dataset.previewCount = 0;
    return this;
  }

  get region() {
    return this.#region;
  }

  /** Where the canvases lie on the page, in CSS px, and how many CSS px a view point is. */
  place(region, scale, pixelRatio) {
    this.#region = region;
    this.#toCanvas = compose(
      compose(this.matrix, scaling(scale)),
      compose(shift(-region.left, -region.top), scaling(pixelRatio)),
    );
    this.pixelRatio = pixelRatio;
    for (const canvas of [this.#under, this.#dry, this.#wet]) if (canvas) this.#fit(canvas);
    this.draw();
    this.#drawWet();
  }

  #canvas(name) {
    const canvas = document.createElement("canvas");
    canvas.className = name;
    if (name === "under") this.prepend(canvas);
    else this.append(canvas);
    this.#fit(canvas);
    return canvas;
  }

  #fit(canvas) {
    const { left, top, width, height } = this.#region;
    canvas.width = Math.max(1, Math.round(width * this.pixelRatio));
    canvas.height = Math.max(1, Math.round(height * this.pixelRatio));
    Object.assign(canvas.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
  }

  /** Draws the finished marks anew, all of them or those within a box of PDF user space. */
  draw(box = null) {
    if (!this.book) return;
    const marks = this.book.marks.onPage(this.page).filter((mark) => !this.rubbed.includes(mark));
    this.#tellState(marks.length);
    if (!this.#region) return;
    const drawn = marks.filter(isDrawn);
    const under = drawn.filter(liesUnder);
    if (under.length || this.#under) this.#drawOn((this.#under ??= this.#canvas("under")), under, box);
    if (drawn.length > under.length || this.#dry) {
      this.#drawOn((this.#dry ??= this.#canvas("dry")), drawn.filter((mark) => !liesUnder(mark)), box);
    }
  }

  #drawOn(canvas, marks, box) {
    const whole = [0, 0, canvas.width, canvas.height];
    const part = box ? overlap(grown(applyToBox(this.#toCanvas, box)), whole) : whole;
    if (part[2] <= part[0] || part[3] <= part[1]) return;
    const seen = applyToBox(inverse(this.#toCanvas), part);
    const pen = canvas.getContext("2d");
    pen.save();
    this.#clear(pen, part);
    this.#ready(pen);
    for (const mark of marks) if (boxesMeet(shapeOf(mark).bounds, seen)) this.#ink(pen, mark);
    pen.restore();
  }

  /** The eraser is on its way: these are gone already, the last one just now. */
  drawWithout(rubbed) {
    this.rubbed = rubbed;
    this.draw(shapeOf(rubbed.at(-1)).bounds);
    this.rubbed = [];
  }

  /** Draws what changed and no more. */
  drawChange({ added, box, same }) {
    if (same || (added && !isDrawn(added))) return this.#tellState(this.book.marks.onPage(this.page).length);
    const canvas = added && (liesUnder(added) ? this.#under : this.#dry);
    if (!canvas) return this.draw(this.#dry || this.#under ? box : null);
    if (isDrawn(added)) this.#ink(this.#ready(canvas.getContext("2d")), added);
    this.#tellState(this.book.marks.onPage(this.page).length);
  }

  #tellState(count) {
    this.dataset.markCount = count;
    this.dataset.sync = this.book.marks.syncOf(this.page);
  }

  /** Empties a part of the canvas, in its pixels, and keeps the pen inside of it. */
  #clear(pen, [left, top, right, bottom]) {
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.beginPath();
    pen.rect(left, top, right - left, bottom - top);
    pen.clip();
    pen.clearRect(left, top, right - left, bottom - top);
  }

  #ready(pen) {
    pen.setTransform(...this.#toCanvas);
    pen.lineCap = "round";
    pen.lineJoin = "round";
    return pen;
  }

  #ink(pen, mark) {
    if (mark.kind === "highlight") {
      pen.fillStyle = mark.style.color;
      pen.fill(pathOf(mark));
      return;
    }
    pen.strokeStyle = mark.style.color;
    pen.lineWidth = mark.style.width_pt;
    pen.setLineDash(mark.sync === "refused" ? [3, 4] : []);
    pen.stroke(pathOf(mark));
  }

  /** The stroke being drawn here: {points, style, tip?}, or null when it ended. */
  showStroke(stroke) {
    this.#stroke = stroke;
    this.#drawWetSoon();
  }

  /** A stroke that ended is dry in the same frame in which it is wet no more. */
  dryStroke() {
    this.#stroke = null;
    cancelAnimationFrame(this.#frame);
    this.#frame = null;
    this.#drawWet();
  }

  /** Shows which mark is meant. */
  showHalo(mark) {
    this.#halo = mark;
    this.#drawWetSoon();
  }

  /** Others are drawing. */
  showPreviews() {
    this.dataset.previewCount = this.book.previews.onPage(this.page).length;
    this.#drawWetSoon();
  }

  #drawWetSoon() {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null;
      this.#drawWet();
    });
  }

  #drawWet() {
    if (!this.#region || !this.book) return;
    const previews = this.book.previews.onPage(this.page);
    if (!this.#stroke && !previews.length && !this.#halo) return this.#drySoon();
    clearTimeout(this.#dryTimer);
    this.#wet ??= this.#canvas("wet");
    this.#wet.classList.toggle("marker", [this.#stroke, ...previews].some((line) => line?.style?.pen === "marker"));
    const pen = this.#emptyWet();
    if (this.#halo) this.#drawHalo(pen, this.#halo);
    for (const preview of previews) this.#line(pen, preview.points, preview.style);
    if (this.#stroke) this.#line(pen, this.#stroke.points, this.#stroke.style);
  }

  #emptyWet() {
    const pen = this.#wet.getContext("2d");
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, this.#wet.width, this.#wet.height);
    return this.#ready(pen);
  }

  #line(pen, points, style) {
    pen.strokeStyle = style?.color ?? "#1a1d21";
    pen.lineWidth = style?.width_pt ?? 1.2;
    pen.beginPath();
    trace(points, pen);
    pen.stroke();
  }

  #drawHalo(pen, mark) {
    if (!isDrawn(mark)) return;
    const wider = (10 * this.pixelRatio) / enlargement(this.#toCanvas);
    pen.strokeStyle = HALO;
    pen.lineWidth = mark.kind === "highlight" ? wider / 2 : mark.style.width_pt + wider;
    pen.stroke(pathOf(mark));
  }

  #drySoon() {
    if (!this.#wet) return;
    this.#emptyWet();
    clearTimeout(this.#dryTimer);
    this.#dryTimer = setTimeout(() => {
      this.#wet?.remove();
      this.#wet = null;
    }, DRIES_AFTER_MS);
  }

  /** Out of sight: the canvases go, the facts stay. */
  empty() {
    clearTimeout(this.#dryTimer);
    cancelAnimationFrame(this.#frame);
    this.#frame = null;
    this.#dry = this.#under = this.#wet = this.#region = null;
    this.replaceChildren();
  }
}

customElements.define("ink-layer", InkLayer);
