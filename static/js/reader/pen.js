// The stroke that is being drawn and the way of the eraser: from points of the window to ink in PDF user space. Nothing
// here waits: the ink is on the screen in the frame of the pen's movement, the rest follows.

import { apply, inverse } from "../models/affine.js";
import { Chunks } from "../models/previews.js";
import { StrokeWriter, stepsBetween } from "../models/stroke.js";
import { newId } from "../realtime/surroundings.js";

const SHOWN_TO_OTHERS_EVERY_MS = 50;
/** The pen may leave the page a little; the server takes 20 pt. */
const MARGIN_PT = 10;
const ERASER_REACH_PX = 9;

export class Pen {
  /** @param {{viewport: object, book: object, layerOf: (index: number) => object|null, pageOf: (index: number) => object}} desk */
  constructor({ viewport, book, layerOf, pageOf }) {
    this.viewport = viewport;
    this.book = book;
    this.layerOf = layerOf;
    this.pageOf = pageOf;
    this.stroke = null;
    this.rubbed = [];
    this.showing = null;
  }

  begin({ x, y }, { style, layer }) {
    const { index } = this.viewport.pointAt(x, y);
    this.viewport.hold();
    this.#start(index, style, layer);
    this.extend([{ x, y }]);
  }

  #start(index, style, layer) {
    const page = this.pageOf(index);
    this.stroke = {
      id: newId(),
      index,
      page,
      style,
      layer,
      toPaper: inverse(page.matrix),
      writer: new StrokeWriter(),
      chunks: new Chunks(),
      isOnPage: false,
    };
  }

  extend(points, predicted = []) {
    const stroke = this.stroke;
    if (!stroke) return;
    for (const point of points) {
      stroke.writer.add(...this.#onPaper(point));
      if (stroke.writer.isFull) this.#goOn(point);
    }
    this.#show(predicted);
    this.#showOthers();
  }

  /** A very long stroke goes on as a second one from where it is. */
  #goOn(point) {
    const { index, style, layer } = this.stroke;
    this.#commit();
    this.#start(index, style, layer);
    this.stroke.writer.add(...this.#onPaper(point));
  }

  #onPaper({ x, y }) {
    const { index, page, toPaper } = this.stroke;
    const { box, layout, left, top } = this.viewport;
    const place = layout.places[index];
    const viewX = (x - box.left + left - place.left) / place.scale;
    const viewY = (y - box.top + top - place.top) / place.scale;
    this.stroke.isOnPage ||= viewX >= 0 && viewX <= page.width_pt && viewY >= 0 && viewY <= page.height_pt;
    return apply(
      toPaper,
      Math.max(-MARGIN_PT, Math.min(page.width_pt + MARGIN_PT, viewX)),
      Math.max(-MARGIN_PT, Math.min(page.height_pt + MARGIN_PT, viewY)),
    );
  }

  #show(predicted) {
    const { index, writer, style } = this.stroke;
    const points = writer.points;
    const tip = predicted.flatMap((point) => this.#onPaper(point));
    const withTip = tip.length ? Float64Array.from([...points, ...tip]) : points;
    this.layerOf(index)?.showStroke({ points: withTip, style });
  }

  /** At most every so often; what came in between follows, also when the pen rests. */
  #showOthers() {
    const stroke = this.stroke;
    if (stroke?.layer !== "shared" || this.showing) return;
    const chunk = stroke.chunks.next(stroke.writer.ints);
    if (!chunk) return;
    this.book.showDrawing(stroke.page.number, stroke.id, stroke.style, chunk);
    this.showing = setTimeout(() => {
      this.showing = null;
      this.#showOthers();
    }, SHOWN_TO_OTHERS_EVERY_MS);
  }

  end() {
    if (!this.stroke) return;
    if (!this.stroke.isOnPage) return this.abandon(); // beside a single page: nobody would ever see it
    this.#commit();
    this.stroke = null;
    this.viewport.release();
  }

  #commit() {
    const { id, index, page, style, layer, writer } = this.stroke;
    if (writer.pointCount) this.book.draw({ id, page: page.number, geometry: writer.geometry(), style, layer });
    this.layerOf(index)?.dryStroke();
  }

  abandon() {
    const stroke = this.stroke;
    if (!stroke) return;
    if (stroke.layer === "shared" && stroke.chunks.sent) this.book.showAbandoned(stroke.page.number, stroke.id);
    this.layerOf(stroke.index)?.dryStroke();
    this.stroke = null;
    this.viewport.release();
  }

  /** Own marks on the eraser's way go at once. */
  erase(points) {
    this.viewport.hold();
    for (const point of points) {
      for (const step of stepsBetween(this.rubbedAt ?? point, point, ERASER_REACH_PX)) this.#rubAt(step);
      this.rubbedAt = point;
    }
  }

  #rubAt({ x, y }) {
    for (const mark of this.#nearby(x, y, ERASER_REACH_PX)) {
      // Words somebody wrote are not lost by a movement of the hand: a note is erased on its card.
      const isRubbed = mark.kind !== "note" && this.book.marks.isMine(mark) && !this.rubbed.includes(mark);
      if (isRubbed) this.#rub(mark);
    }
  }

  #rub(mark) {
    this.rubbed.push(mark);
    this.layerOf(mark.page - 1)?.drawWithout(this.rubbed);
  }

  /** One way of the eraser is one act to take back. */
  endErasing() {
    const rubbed = this.rubbed;
    this.rubbed = [];
    this.rubbedAt = null;
    this.book.erase(rubbed);
    this.viewport.release();
  }

  /** The topmost mark within a finger's reach of a point of the window. */
  markAt(x, y, reachPx) {
    return this.#nearby(x, y, reachPx)[0] ?? null;
  }

  #nearby(x, y, reachPx) {
    const point = this.viewport.pointAt(x, y);
    const page = this.pageOf(point.index);
    if (!page) return [];
    const [paperX, paperY] = apply(inverse(page.matrix), point.x, point.y);
    const reach = reachPx / this.viewport.layout.places[point.index].scale;
    return this.book.marks.near(page.number, paperX, paperY, reach);
  }
}
