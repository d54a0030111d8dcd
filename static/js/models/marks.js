import { likeness, shapeOf, touches } from "./shapes.js";

/**
 * All marks of one version that this person sees: what the streams said, plus what this tablet did and the server has
 * not yet confirmed. Draw order is the stream's order; what is not yet confirmed lies on top.
 *
 * @typedef {"pending" | "saved" | "refused"} Sync
 * @typedef {{id: string, page: number, kind: string, geometry: object, style: {color: string, width_pt?: number},
 *            body?: string, anchor?: {quote: string}, owner: number, owner_name: string, layer: "private" | "shared", at?: string, revision?: number,
 *            sync: Sync, note?: string}} Mark
 * Every change answers what must be drawn again: [{page, added?: Mark, box?: number[], same?: true}]. With `added` the
 * mark only came on top, with `box` nothing changed outside of it, with `same` nothing looks different.
 */
export class MarkSet {
  /** @param {number} me the person whose tablet this is */
  constructor(me) {
    this.me = me;
    /** @type {Map<string, Mark>} */
    this.marks = new Map();
    /** Erased here, not yet confirmed: hidden, and no entry brings them back. */
    this.erasing = new Set();
    /** New words of own notes that the server has not confirmed: id -> {body, count of unanswered changes}. */
    this.rewriting = new Map();
  }

  isMine(mark) {
    return mark.owner === this.me;
  }

  /** The whole state of one layer's stream. Own marks that the server does not know yet stay, on top. */
  reset(layer, marks) {
    const unconfirmed = [...this.marks.values()].filter((mark) => mark.layer === layer && mark.sync !== "saved");
    const known = new Set(marks.map((mark) => mark.id));
    const others = [...this.marks.values()].filter((mark) => mark.layer !== layer);
    const pages = new Set(this.pagesWithMarks());
    const order = marks.map((mark) => this.confirmed(layer, mark));
    const waiting = unconfirmed.filter((mark) => !known.has(mark.id));
    this.marks = new Map();
    for (const mark of [...others, ...order, ...waiting]) this.marks.set(mark.id, mark);
    for (const page of this.pagesWithMarks()) pages.add(page);
    return [...pages].map((page) => ({ page }));
  }

  /** One entry of a layer's stream. */
  apply(layer, entry) {
    if (entry.k === "mark") return this.put(this.confirmed(layer, entry.mark));
    if (entry.k === "erased") return this.remove(entry.id);
    return [];
  }

  /** The server's word on a mark; the sentence its owner has not read yet stays with it. */
  confirmed(layer, mark) {
    const before = this.marks.get(mark.id);
    const known = { ...mark, layer, sync: "saved", ...(before?.note && { note: before.note }) };
    const words = this.rewriting.get(mark.id);
    return words ? this.withOwnWords(known, words.body, before) : known;
  }

  /** The mark with words the server does not know yet; what it knows is kept beside. */
  withOwnWords(known, body, before) {
    const revision = Math.max(known.revision ?? 1, before?.revision ?? 1);
    return { ...known, body, revision, sync: "pending", server: known };
  }

  /** New words for an own note, at once; also for one that has not arrived yet. */
  rewrite(id, body) {
    const count = (this.rewriting.get(id)?.count ?? 0) + 1;
    this.rewriting.set(id, { body, count });
    const mark = this.marks.get(id);
    if (!mark) return [];
    const { server, ...known } = mark;
    return this.put({ ...this.withOwnWords(server ?? known, body, mark), revision: (mark.revision ?? 1) + 1 });
  }

  /** The server has answered one change of words: they stand, or those that the server knows do. */
  rewritten(id, isTaken) {
    const words = this.rewriting.get(id);
    if (words && words.count > 1) words.count -= 1;
    else this.rewriting.delete(id);
    const mark = this.marks.get(id);
    if (!mark || this.rewriting.has(id)) return [];
    const { server, ...own } = mark;
    return this.put(isTaken ? { ...own, sync: "saved" } : { ...(server ?? own), sync: "saved" });
  }

  /** A mark of this tablet, on the screen before anybody else knows it. */
  add(mark) {
    return this.put({ sync: "pending", ...mark });
  }

  put(mark) {
    const before = this.marks.get(mark.id);
    if (this.erasing.has(mark.id)) {
      this.marks.set(mark.id, mark);
      return [];
    }
    this.marks.set(mark.id, mark);
    if (!before) return [{ page: mark.page, added: mark }];
    return this.changed(before, mark);
  }

  saved(id) {
    return this.settle(id, { sync: "saved" });
  }

  /** The server said no. A mark that was to be shared stays with its owner, with the sentence that says why. */
  refused(id, note) {
    return this.settle(id, { sync: "refused", note });
  }

  /** A refused shared mark becomes a private one under the same id; its note stays. */
  madePrivate(id, note) {
    return this.settle(id, { layer: "private", sync: "pending", note });
  }

  settle(id, facts) {
    const mark = this.marks.get(id);
    if (!mark) return [];
    const after = { ...mark, ...facts };
    this.marks.set(id, after);
    return this.changed(mark, after);
  }

  changed(before, after) {
    if ((before.sync === "refused") === (after.sync === "refused")) return [{ page: after.page, same: true }];
    return boxOf(after);
  }

  /** Hides a mark at once; `remove` makes it final, `restore` brings it back. */
  erase(id) {
    const mark = this.marks.get(id);
    if (!mark || this.erasing.has(id)) return [];
    this.erasing.add(id);
    return boxOf(mark);
  }

  restore(id) {
    if (!this.erasing.delete(id)) return [];
    const mark = this.marks.get(id);
    return mark ? boxOf(mark) : [];
  }

  remove(id) {
    const mark = this.marks.get(id);
    const wasHidden = this.erasing.delete(id);
    if (!mark) return [];
    this.marks.delete(id);
    return wasHidden ? [] : boxOf(mark);
  }

  get(id) {
    return this.erasing.has(id) ? undefined : this.marks.get(id);
  }

  /** Marks in draw order. @returns {Mark[]} */
  onPage(page) {
    const found = [];
    for (const mark of this.marks.values()) {
      if (mark.page === page && !this.erasing.has(mark.id)) found.push(mark);
    }
    return found;
  }

  all() {
    return [...this.marks.values()].filter((mark) => !this.erasing.has(mark.id));
  }

  pagesWithMarks() {
    return [...new Set([...this.marks.values()].map((mark) => mark.page))];
  }

  /** Marks that pass within `reach` points of (x, y), topmost first. */
  near(page, x, y, reach) {
    return this.onPage(page)
      .reverse()
      .filter((mark) => touches(mark, x, y, reach));
  }

  /** The other copy of an own mark: the shared one of a private, the private one of a shared. */
  twinOf(mark) {
    const like = likeness(mark);
    return this.onPage(mark.page).find(
      (other) =>
        other.id !== mark.id && other.owner === mark.owner && other.layer !== mark.layer && likeness(other) === like,
    );
  }

  /** How the page's own marks stand: refused before pending before saved. @returns {Sync} */
  syncOf(page) {
    const mine = this.onPage(page).filter((mark) => this.isMine(mark));
    return ["refused", "pending"].find((sync) => mine.some((mark) => mark.sync === sync)) ?? "saved";
  }

  count(sync) {
    return this.all().filter((mark) => mark.sync === sync && this.isMine(mark)).length;
  }

  /** Own marks with a sentence their owner has to know. */
  withNote() {
    return this.all().filter((mark) => mark.note);
  }
}

function boxOf(mark) {
  return [{ page: mark.page, box: shapeOf(mark).bounds }];
}
