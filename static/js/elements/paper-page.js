// One page of a paper: a sheet of the right size at once, then its image, tiles where one has zoomed in, its text and its
// ink. Made by <phien-reader>; the one that is read first comes with its image from the server, before any script:
//   <paper-page data-page="12" data-state="waiting|ready|failed" data-quarters="1" role="group" aria-label="Trang 12"></paper-page>

import { TIERS, tierFor } from "../models/pages.js";
import { levelFor, tilesInSight } from "../models/tiles.js";
import { applyToBox } from "../models/affine.js";
import { partBefore, sizeBefore } from "../models/rotation.js";
import { boundsOf } from "../models/stroke.js";
import { textLayer } from "../reader/page_text.js";
import { decoded } from "../reader/picture.js";
import { PageTiles } from "../reader/tiles.js";
import "./ink-layer.js";
import "./note-pins.js";

/** How soon an image is needed: of a page in sight, of one beside it, in place of one that is there already. */
const [NOW, SOON, SHARPER] = [0, 1, 2];

export class PaperPage extends HTMLElement {
  #image = null;
  #tier = 0;
  /** The image that came with the screen: kept by no one else, so that turning back needs no network. */
  #early = null;
  #loading = null;
  #view = null;
  #text = null;
  #hits = [];
  #isSeen = false;

  /** @param {{facts: object, paper: import("../reader/paper.js").Paper, book: object, failed: HTMLTemplateElement, label: string, words: DOMStringMap}} */
  setUp({ facts, paper, book, failed, label, words }) {
    this.facts = facts;
    this.paper = paper;
    this.failed = failed;
    this.dataset.page = facts.number;
    this.dataset.state = "waiting";
    this.setAttribute("role", "group");
    this.setAttribute("aria-label", label);
    this.ink = document.createElement("ink-layer").setUp({ page: facts.number, matrix: facts.matrix, book });
    this.pins = document.createElement("note-pins").setUp({ page: facts.number, matrix: facts.matrix, book, words });
    const layer = document.createElement("div");
    layer.className = "page-tiles";
    this.tiles = new PageTiles(paper, facts.number, layer);
    this.#early = this.querySelector("img");
    this.append(layer, this.ink, this.pins);
    this.#showQuarters();
    return this;
  }

  /** Its reader has rotated it: its pictures stay, what lies by the map of the page is laid anew. */
  rotate(facts) {
    if (facts.quarters === this.facts.quarters) return;
    this.facts = facts;
    this.ink.matrix = this.pins.matrix = facts.matrix;
    this.ink.empty();
    this.pins.empty();
    this.#view?.remove();
    this.#view = this.#text = null;
    this.#showQuarters();
  }

  #showQuarters() {
    if (this.facts.quarters) this.dataset.quarters = this.facts.quarters;
    else delete this.dataset.quarters;
  }

  /** As large as its picture lies, before it is rotated. */
  get #pictureSize() {
    return sizeBefore(this.facts.quarters, this.box);
  }

  disconnectedCallback() {
    this.leaveSight();
  }

  place({ top, left, width, height, scale }) {
    this.scale = scale;
    Object.assign(this.style, { top: `${top}px`, left: `${left}px`, width: `${width}px`, height: `${height}px` });
    if (this.#view) this.#view.style.transform = `scale(${scale})`;
    this.pins.place(scale);
    this.box = { width, height };
  }

  /**
   * The image: at first the one that is drawn already when a paper was taken in, then, of a page in sight, one as sharp as
   * its size on the screen asks for. The first will also do to lie below tiles.
   */
  async showImage(pixelRatio, isSeen) {
    this.#isSeen = isSeen;
    const sharp = this.#level(pixelRatio) ? TIERS[0] : tierFor(this.#pictureSize.width, pixelRatio);
    const tier = this.#tier && isSeen ? sharp : TIERS[0];
    const urgency = this.#tier ? SHARPER : isSeen ? NOW : SOON;
    if (this.#tier >= tier) return;
    if (this.#loading?.tier >= tier) return this.#becomes(urgency);
    this.#loading?.abort();
    const loading = Object.assign(new AbortController(), { tier, urgency });
    this.#loading = loading;
    try {
      this.#put((await this.#earlyImage(loading)) ?? (await this.#fetched(loading)), tier);
    } catch (error) {
      if (!loading.signal.aborted) this.#fail(error);
    } finally {
      if (this.#loading === loading) this.#loading = null;
    }
    if (this.#tier === tier && tier < sharp && this.#isSeen) this.showImage(pixelRatio, true);
  }

  #becomes(urgency) {
    if (urgency === this.#loading.urgency) return;
    this.#loading.urgency = urgency;
    this.paper.hurry();
  }

  async #earlyImage(loading) {
    const early = this.#early;
    if (!early || loading.tier !== TIERS[0]) return null;
    const isWhole = await this.paper.wait(loading, early.decode().then(() => true, () => false));
    loading.signal.throwIfAborted();
    if (isWhole) return early;
    early.remove();
    this.#early = null;
    return null;
  }

  async #fetched(loading) {
    return decoded(await this.paper.image(this.facts.number, loading.tier, loading), "page-image", loading.signal);
  }

  #put(image, tier) {
    this.#drop();
    this.querySelector(".page-failed")?.remove();
    if (image.parentElement !== this) this.prepend(image);
    this.#image = image;
    this.#tier = tier;
    this.dataset.state = "ready";
  }

  #level(pixelRatio) {
    return levelFor(this.facts, this.#pictureSize.width, pixelRatio);
  }

  /** Of what is seen of the page at most so many tiles; none where its image is sharp. Answers how many. */
  showTiles(seen, pixelRatio, most) {
    const level = this.#level(pixelRatio);
    if (!level || this.dataset.state === "failed") {
      this.tiles.clear();
      return 0;
    }
    const part = partBefore(this.facts.quarters, seen, this.box);
    const tiles = tilesInSight(level, this.facts.levels[level], this.paper.manifest.tile_px, this.#pictureSize, part, most);
    this.tiles.show(tiles);
    return tiles.length;
  }

  #fail(error) {
    this.dataset.state = this.#image ? "ready" : "failed";
    this.dataset.status = error.status ?? 0;
    if (this.#image || this.querySelector(".page-failed")) return;
    const note = this.failed.content.firstElementChild.cloneNode(true);
    note.querySelector("button")?.addEventListener("click", () => {
      note.remove();
      this.dataset.state = "waiting";
      this.showImage(devicePixelRatio, true);
    });
    this.append(note);
  }

  /** Tries again what failed, without being asked. */
  retry() {
    this.tiles.retry();
    if (this.dataset.state !== "failed") return;
    this.querySelector(".page-failed")?.remove();
    this.dataset.state = "waiting";
    this.showImage(devicePixelRatio, true);
  }

  async showText() {
    if (this.#text) return;
    const asked = (this.#text = this.paper.text(this.facts.number));
    try {
      const text = await asked;
      if (this.#text !== asked) return;
      this.spans = text.spans;
      this.#view = document.createElement("div");
      this.#view.className = "page-view";
      this.#view.style.transform = `scale(${this.scale})`;
      this.#view.append(textLayer(text, this.facts.matrix));
      this.insertBefore(this.#view, this.ink);
      this.#drawHits();
    } catch {
      if (this.#text === asked) this.#text = null;
    }
  }

  /** What was found on this page. @param {{quads: number[][], isCurrent: boolean}[]} hits */
  showHits(hits) {
    this.#hits = hits;
    this.#drawHits();
  }

  #drawHits() {
    if (!this.#view) return;
    this.#view.querySelector(".page-hits")?.remove();
    if (!this.#hits.length) return;
    const layer = document.createElement("div");
    layer.className = "page-hits";
    for (const { quads, isCurrent } of this.#hits) {
      for (const quad of quads) layer.append(this.#hitBox(quad, isCurrent));
    }
    this.#view.prepend(layer);
  }

  #hitBox(quad, isCurrent) {
    const [x0, y0, x1, y1] = applyToBox(this.facts.matrix, boundsOf(quad));
    const box = document.createElement("div");
    if (isCurrent) box.dataset.current = "";
    Object.assign(box.style, { left: `${x0}px`, top: `${y0}px`, width: `${x1 - x0}px`, height: `${y1 - y0}px` });
    return box;
  }

  /** Passed by: what was asked for is not waited for. */
  pass() {
    this.#loading?.abort();
    this.#loading = null;
  }

  /** Far away: image, text and canvases are given back; a sheet of the right size stays. */
  leaveSight() {
    this.#isSeen = false;
    this.pass();
    this.tiles?.clear();
    this.#drop();
    this.#view?.remove();
    this.#view = this.#text = null;
    this.ink?.empty();
    this.pins?.empty();
    if (this.dataset.state === "ready") this.dataset.state = "waiting";
  }

  #drop() {
    this.#early?.remove();
    if (!this.#image) return;
    URL.revokeObjectURL(this.#image.src);
    this.#image.remove();
    this.#image = null;
    this.#tier = 0;
  }
}

customElements.define("paper-page", PaperPage);
