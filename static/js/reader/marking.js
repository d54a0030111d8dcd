// What is done with marks beside drawing them: the card of a mark, notes written and rewritten, passages highlighted.

import { apply, applyToBox, inverse } from "../models/affine.js";
import { shapeOf } from "../models/shapes.js";
import { fill } from "../models/words.js";

const FINGER_REACH_PX = 16;
const HOVER_REACH_PX = 6;
/** A note of its own stands at the right edge of the text, not on it. */
const MARGIN_PT = 14;

export class Marking {
  #haloed = null;

  /** @param {HTMLElement} reader the <phien-reader>, which has all rooms */
  constructor(reader) {
    this.reader = reader;
    this.card = reader.querySelector("mark-card");
    this.list = reader.querySelector("mark-list");
    this.tip = reader.querySelector(".mark-tip");
  }

  connect(on) {
    on(this.reader, "mark:do", (event) => this.#do(event.detail));
    on(this.reader, "mark:show", (event) => this.goTo(event.detail.mark));
    on(this.reader, "mark:open", (event) => this.#openPin(event.detail));
    on(this.reader, "mark:closed", () => this.#haloOff());
  }

  hear(book) {
    book.addEventListener("ink", (event) => {
      for (const change of event.detail) {
        this.reader.sight.inkOf(change.page - 1)?.drawChange(change);
        this.reader.pages[change.page - 1]?.pins.show();
      }
    });
    book.addEventListener("preview", (event) => this.reader.sight.inkOf(event.detail - 1)?.showPreviews());
    book.addEventListener("counts", () => this.showCounts());
    book.addEventListener("note", (event) => this.#tellOwner(event.detail));
    this.showCounts();
  }

  showCounts() {
    const { reader } = this;
    if (!reader.book) return;
    const { marks, history, heard } = reader.book;
    reader.tools.showHistory(history);
    reader.querySelector("[data-take-back]").disabled = !history.canUndo;
    reader.querySelector("[data-again]").disabled = !history.canRedo;
    reader.dataset.pending = marks.count("pending");
    reader.dataset.refused = marks.count("refused");
    reader.dataset.heard = [...heard].join(" ");
    this.list?.refresh(reader.book);
    reader.contents?.showMarks(reader.book);
    const badge = reader.querySelector("[data-mark-total]");
    if (badge) badge.textContent = marks.all().length || "";
  }

  #tellOwner({ sentence, kind }) {
    const { wordNotShared, wordNotSaved, wordNotErased } = this.reader.dataset;
    const words = { not_shared: wordNotShared, not_saved: wordNotSaved, not_erased: wordNotErased };
    this.reader.say(fill(words[kind], { reason: sentence }), "warning");
  }

  // Touching the paper

  tapped({ x, y, pointer }) {
    const { reader } = this;
    const hadSelection = !getSelection()?.isCollapsed;
    if (hadSelection && pointer === "mouse") return;
    if (hadSelection) return reader.selecting.clear();
    const { left, top } = reader.viewport.box;
    const mark = reader.pen.markAt(x, y, pointer === "mouse" ? HOVER_REACH_PX : FINGER_REACH_PX);
    if (mark && (mark.kind === "note" || reader.tools.tool !== "note")) return this.#showCard(mark, x - left, y - top);
    if (reader.tools.tool === "note") this.#beginNoteAt(x, y);
  }

  hovered({ x, y }) {
    const { reader } = this;
    const mark = reader.pen.markAt(x, y, HOVER_REACH_PX);
    if (!mark || reader.book.marks.isMine(mark)) return this.hideTip();
    this.tip.textContent = mark.owner_name;
    this.tip.hidden = false;
    this.tip.style.left = `${x - reader.viewport.box.left + 12}px`;
    this.tip.style.top = `${y - reader.viewport.box.top + 14}px`;
  }

  hideTip() {
    if (this.tip) this.tip.hidden = true;
  }

  closeCard() {
    this.card.close();
  }

  #showCard(mark, x, y) {
    const { marks } = this.reader.book;
    const isMine = marks.isMine(mark);
    // A private mark and its shared copy lie one over the other; they are one mark to their owner.
    const twin = isMine ? marks.twinOf(mark) : null;
    const shown = twin?.layer === "shared" ? twin : mark;
    this.#halo(shown);
    this.card.show({ mark: shown, isMine, isShared: shown.layer === "shared", mayShare: this.reader.tools.mayShare, x, y });
  }

  #openPin({ id }) {
    const mark = this.reader.book?.marks.get(id);
    if (!mark) return;
    const [x, y] = this.#onScreen(mark.page, mark.geometry.point);
    this.#showCard(mark, x, y);
    this.card.focusFirst();
  }

  #halo(mark) {
    this.#haloOff();
    this.#haloed = mark;
    this.reader.sight.inkOf(mark.page - 1)?.showHalo(mark);
    this.reader.pages[mark.page - 1]?.pins.showHalo(mark);
  }

  #haloOff() {
    const mark = this.#haloed;
    this.#haloed = null;
    if (!mark) return;
    this.reader.sight.inkOf(mark.page - 1)?.showHalo(null);
    this.reader.pages[mark.page - 1]?.pins.showHalo(null);
  }

  #do({ act, mark, body, place }) {
    const { reader } = this;
    reader.hands.gestures.forgetTap();
    if (act === "write") return this.#write(mark, body, place);
    const { book } = reader;
    const current = book?.marks.get(mark.id);
    if (!current) return;
    if (act === "share") book.share(current);
    if (act === "withdraw") book.withdraw(current);
    if (act === "erase") book.erase([current, book.marks.twinOf(current)].filter(Boolean));
    if (act === "noted") book.dismissNote(current);
    if (act === "copy") navigator.clipboard?.writeText(current.anchor?.quote ?? current.body ?? "").catch(() => {});
    reader.scroller.focus({ preventScroll: true });
  }

  /** Brings a mark into view and shows which one is meant. */
  goTo(mark) {
    const { reader } = this;
    const page = reader.pages[mark.page - 1];
    if (!page) return;
    reader.jump(mark.page - 1, applyToBox(page.facts.matrix, shapeOf(mark).bounds));
    reader.sight.placeInk();
    this.#halo(mark);
  }

  // Notes

  #beginNoteAt(x, y) {
    const point = this.reader.viewport.pointAt(x, y);
    this.#beginNote(point.index, [point.x, point.y]);
  }

  /** A note about a passage, at the end of its first line. */
  beginNoteBeside({ page, quads }) {
    const [, , x, y, , , , foot] = quads[0];
    const { matrix } = this.reader.pages[page - 1].facts;
    this.#beginNote(page - 1, apply(matrix, x, (y + foot) / 2));
  }

  /** By keyboard: on the page being read, at the height being read. */
  beginNoteHere() {
    const { viewport, pages, paper } = this.reader;
    if (!paper?.manifest.may_mark) return;
    const index = viewport.current;
    const place = viewport.layout.places[index];
    const y = Math.max(MARGIN_PT, (viewport.top + viewport.box.height / 3 - place.top) / place.scale);
    this.#beginNote(index, [pages[index].facts.width_pt - 2 * MARGIN_PT, y]);
  }

  #beginNote(index, [viewX, viewY]) {
    const { reader } = this;
    const page = reader.pages[index];
    if (!page || !reader.paper.manifest.may_mark) return;
    const within = (value, most) => Math.max(0, Math.min(most, value));
    const { matrix, width_pt: width, height_pt: height, number } = page.facts;
    const point = apply(inverse(matrix), within(viewX, width), within(viewY, height)).map((value) => Math.round(value * 100) / 100);
    const [x, y] = this.#onScreen(number, point);
    this.card.beginNote({ place: { page: number, point }, isShared: reader.tools.layer === "shared", x, y });
  }

  #onScreen(page, point) {
    const { viewport, pages } = this.reader;
    const place = viewport.layout.places[page - 1];
    const [x, y] = apply(pages[page - 1].facts.matrix, ...point);
    return [place.left - viewport.left + x * place.scale, place.top - viewport.top + y * place.scale];
  }

  #write(mark, body, place) {
    const { book, tools } = this.reader;
    const words = body.trim();
    if (!book || !words) return;
    if (!mark) book.note({ ...place, body: words, style: { color: tools.noteColor }, layer: tools.layer });
    else if (book.marks.get(mark.id)) book.rewrite(book.marks.get(mark.id), words);
  }

  // Passages

  /** @param {{page: number, quads: number[][], anchor: {quote: string}}[]} pieces */
  highlight(pieces, color) {
    const { book, tools } = this.reader;
    if (!this.reader.paper?.manifest.may_mark) return;
    book.highlight(pieces, { style: { color }, layer: tools.layer });
  }
}
