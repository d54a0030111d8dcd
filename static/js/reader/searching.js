// Finding words in the open paper: the words of all pages come once, are searched here, and what is found is framed on the
// pages and stepped through.

import { applyToBox } from "../models/affine.js";
import { firstFrom, stepTo } from "../models/finding.js";
import { passageBetween, piecesBetween, quadOf } from "../models/passages.js";
import { boundsOf } from "../models/stroke.js";

/** While pages of a new paper are still being read, what is sought may come to be there. */
const ASK_AGAIN_AFTER_MS = 2000;

export class Searching {
  #hits = [];
  #at = -1;
  #question = "";
  #marked = new Set();
  #asked = 0;
  #again = null;
  /** From hit to hit is one way, with one way back to where the search began. */
  #hasLeft = false;

  /** @param {HTMLElement} reader the <phien-reader>, which has all rooms */
  constructor(reader) {
    this.reader = reader;
    this.bar = reader.querySelector("find-bar");
  }

  connect(on) {
    on(this.reader, "find:ask", (event) => this.#ask(event.detail.question));
    on(this.reader, "find:step", (event) => this.step(event.detail.step));
    on(this.reader, "find:mark", () => this.#highlight());
    on(this.reader, "find:closed", () => this.#closed());
  }

  get isOpen() {
    return !this.bar.hidden;
  }

  open() {
    if (this.reader.paper) this.bar.open();
  }

  close() {
    this.bar.close();
  }

  /** Words that were found in this paper before it was opened: shown at once, on this page first. */
  begin(question, page) {
    if (!this.reader.paper) return;
    this.bar.show(question);
    this.#ask(question, page);
  }

  /** Another paper: the question stays, its answers do not. */
  forget() {
    this.#asked += 1;
    this.#hits = [];
    this.#at = -1;
    this.#hasLeft = false;
    this.#marked.clear();
    if (this.isOpen) this.#ask(this.bar.field.value);
  }

  async #ask(question, page = null) {
    const { paper } = this.reader;
    const asked = (this.#asked += 1);
    clearTimeout(this.#again);
    this.#question = question;
    if (!paper || !question.trim()) return this.#found([], {});
    try {
      const words = await paper.words();
      if (asked !== this.#asked) return undefined;
      return this.#found(words.find(question, page), { page, trouble: words.isEmpty && !words.unread ? "wordless" : undefined, unread: words.unread });
    } catch {
      if (asked === this.#asked) this.#found([], { trouble: "unfetched" });
    }
  }

  #found(hits, { page, trouble, unread }) {
    this.#hits = hits;
    this.#at = firstFrom(hits, page ?? this.reader.page ?? 1);
    this.trouble = trouble;
    this.unread = unread;
    this.#show();
    if (hits.length) this.#goThere();
    else if (unread) this.#again = setTimeout(() => this.isOpen && this.#ask(this.#question), ASK_AGAIN_AFTER_MS);
  }

  step(step) {
    if (!this.#hits.length) return;
    this.#at = stepTo(this.#at, step, this.#hits.length);
    this.#show();
    this.#goThere();
  }

  #show() {
    const mayMark = Boolean(this.reader.paper?.manifest.may_mark);
    const { trouble, unread } = this;
    this.bar.tell({ question: this.#question, at: this.#at, count: this.#hits.length, mayMark, trouble, unread });
    this.#frame();
  }

  async #goThere() {
    const hit = this.#hits[this.#at];
    const box = applyToBox(this.reader.pages[hit.page - 1].facts.matrix, boundsOf((await this.#quadsOf(hit)).flat()));
    if (hit !== this.#hits[this.#at]) return;
    const isElsewhere = hit.page - 1 !== this.reader.viewport.current;
    this.reader.jump(hit.page - 1, box, { leaves: !this.#hasLeft });
    this.#hasLeft ||= isElsewhere;
  }

  async #quadsOf({ page, from, to }) {
    const { spans } = await this.reader.paper.text(page);
    return piecesBetween(spans, from, to).map(({ line, start, end }) => quadOf(line, start, end));
  }

  /** Frames what was found on the pages in sight; the others get theirs when they come into sight. */
  async #frame() {
    const asked = this.#asked;
    const current = this.#hits[this.#at];
    const byPage = Map.groupBy ? Map.groupBy(this.#hits, (hit) => hit.page) : grouped(this.#hits);
    const wanted = new Set([...this.reader.pagesInSight, current?.page]);
    for (const number of this.#marked) if (!wanted.has(number) || !byPage.has(number)) this.#showOn(number, []);
    for (const number of wanted) {
      if (!byPage.has(number)) continue;
      const hits = await Promise.all(
        byPage.get(number).map(async (hit) => ({ quads: await this.#quadsOf(hit), isCurrent: hit === current })),
      ).catch(() => []);
      if (asked !== this.#asked) return;
      this.#showOn(number, hits);
    }
  }

  #showOn(number, hits) {
    this.reader.pages[number - 1]?.showHits(hits);
    if (hits.length) this.#marked.add(number);
    else this.#marked.delete(number);
  }

  rested() {
    if (this.#hits.length) this.#frame();
  }

  async #highlight() {
    const hit = this.#hits[this.#at];
    if (!hit) return;
    const { spans } = await this.reader.paper.text(hit.page);
    const passage = passageBetween(spans, hit.from, hit.to);
    if (passage) this.reader.marking.highlight([{ page: hit.page, ...passage }], this.reader.tools.highlightColor);
  }

  #closed() {
    this.#asked += 1;
    clearTimeout(this.#again);
    this.#hits = [];
    this.#at = -1;
    this.#hasLeft = false;
    for (const number of [...this.#marked]) this.#showOn(number, []);
    this.reader.scroller.focus({ preventScroll: true });
  }
}

function grouped(hits) {
  const groups = new Map();
  for (const hit of hits) groups.set(hit.page, [...(groups.get(hit.page) ?? []), hit]);
  return groups;
}
