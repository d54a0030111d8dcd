// Words of the paper in the hand: between the browser's own selection and passages of the page's text. A mouse selects by
// itself; a finger or a pen that rests on a word selects it, and goes on from there.

import { apply, inverse } from "../models/affine.js";
import { isBefore, passageBetween, placeAt, wordAt } from "../models/passages.js";

export class Selecting {
  #begun = null;
  #frame = null;

  /** @param {HTMLElement} reader the <phien-reader>, which has all rooms */
  constructor(reader) {
    this.reader = reader;
    this.bar = reader.querySelector("selection-bar");
  }

  connect(on) {
    on(document, "selectionchange", () => this.showBarSoon());
    on(this.bar, "selection:do", (event) => this.#do(event.detail));
    on(document, "copy", (event) => this.#copied(event));
  }

  // By hand

  begin(x, y) {
    const word = this.#wordAt(x, y);
    this.#begun = word;
    if (word) this.#select(word.page, word.from, word.page, word.to);
  }

  extend(x, y) {
    const word = this.#wordAt(x, y);
    const begun = this.#begun;
    if (!word || !begun) return;
    const isBack = word.index < begun.index || (word.index === begun.index && isBefore(word.from, begun.from));
    if (isBack) this.#select(word.page, word.from, begun.page, begun.to);
    else this.#select(begun.page, begun.from, word.page, word.to);
  }

  end() {
    this.#begun = null;
    this.showBarSoon();
  }

  #wordAt(x, y) {
    const point = this.reader.viewport.pointAt(x, y);
    const page = this.reader.pages[point.index];
    if (!page?.spans?.length) return null;
    const place = placeAt(page.spans, ...apply(inverse(page.facts.matrix), point.x, point.y));
    if (!place) return null;
    const [from, to] = wordAt(page.spans, place);
    return { page, index: point.index, from, to };
  }

  #select(firstPage, from, lastPage, to) {
    const start = nodeAt(firstPage, from);
    const end = nodeAt(lastPage, to);
    if (start && end) getSelection().setBaseAndExtent(...start, ...end);
  }

  // What is selected

  /** @returns {{page: number, quads: number[][], anchor: object}[]} the pieces of the selection, page by page */
  get pieces() {
    const selection = getSelection();
    if (!selection?.rangeCount || selection.isCollapsed) return [];
    const range = selection.getRangeAt(0);
    if (!this.reader.scroller.contains(range.commonAncestorContainer)) return [];
    return this.reader.pages.map((page) => pieceOn(page, range)).filter(Boolean);
  }

  clear() {
    getSelection()?.removeAllRanges();
    this.bar.close();
  }

  showBarSoon() {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null;
      this.#showBar();
    });
  }

  #showBar() {
    const { reader } = this;
    const selection = getSelection();
    const isHere = selection?.rangeCount && !selection.isCollapsed && reader.scroller.contains(selection.anchorNode);
    if (!reader.paper || !isHere || reader.hands.isBusy || !this.pieces.length) return this.bar.close();
    const rects = [...selection.getRangeAt(0).getClientRects()].filter((rect) => rect.width > 0);
    if (!rects.length) return this.bar.close();
    this.bar.show({ first: rects[0], last: rects.at(-1), mayMark: reader.paper.manifest.may_mark });
  }

  #do({ act, color }) {
    const { pieces } = this;
    if (!pieces.length) return;
    if (act === "copy") this.#copy(pieces);
    if (act === "highlight") this.reader.marking.highlight(pieces, color);
    if (act === "note") this.reader.marking.beginNoteBeside(pieces[0]);
    this.clear();
  }

  /** However it was asked for: the browser alone would join the last word of a line and the first of the next. */
  #copied(event) {
    const { pieces } = this;
    if (!pieces.length) return;
    event.clipboardData.setData("text/plain", wordsOf(pieces));
    event.preventDefault();
  }

  async #copy(pieces) {
    try {
      await navigator.clipboard.writeText(wordsOf(pieces));
    } catch {
      document.execCommand("copy"); // without HTTPS there is only this way
    }
    this.reader.say(this.reader.dataset.wordCopied);
  }
}

function wordsOf(pieces) {
  return pieces.map(({ anchor }) => anchor.quote).join("\n");
}

/** The part of a range that lies on this page. */
function pieceOn(page, range) {
  if (!page.spans?.length || !range.intersectsNode(page)) return null;
  const lines = linesOf(page);
  const first = lines.findIndex((line) => range.intersectsNode(line));
  const last = lines.findLastIndex((line) => range.intersectsNode(line));
  if (first < 0) return null;
  const from = { span: first, offset: offsetIn(lines[first], range.startContainer, range.startOffset, 0) };
  const to = { span: last, offset: offsetIn(lines[last], range.endContainer, range.endOffset, page.spans[last].text.length) };
  const passage = passageBetween(page.spans, from, to);
  return passage && { page: page.facts.number, ...passage };
}

function linesOf(page) {
  return [...page.querySelectorAll(".page-text > p")];
}

function offsetIn(line, node, offset, otherwise) {
  if (!line.contains(node)) return otherwise;
  const before = document.createRange();
  before.setStart(line, 0);
  before.setEnd(node, offset);
  return before.toString().length;
}

/** The text node and offset of a place, or null while the page has no text. */
function nodeAt(page, { span, offset }) {
  const line = linesOf(page)[span];
  if (!line) return null;
  const texts = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
  let left = offset;
  let node = texts.nextNode();
  while (node && left > node.length) {
    left -= node.length;
    node = texts.nextNode();
  }
  return node ? [node, left] : null;
}
