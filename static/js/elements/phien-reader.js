// The reader: a paper as one column of pages, or page by page, with the marks of everybody who may write on it. Its rooms
// stand in ../reader/; here they are brought together.
//   <phien-reader class="room-fill reader" data-version="<uuid>" data-page="3" data-find="…" data-meeting="<uuid>" data-my-name="…" data-word-…>
//     <div class="reader-paper">
//       <div class="reader-scroll" tabindex="0"><div class="reader-sheet"><paper-page data-page="3"><img …></paper-page></div></div>
//       <div class="reader-empty"></div> <mark-card hidden></mark-card> <div class="reader-notes" role="status"></div>
//     </div>
//     <div class="toolbar reader-bar"><mark-tools></mark-tools> …</div>
//   </phien-reader>
// Links `<a data-open-paper="<version>" data-page="3">` anywhere in the page open their paper here, in place; under the one
// that is open its outline appears.
// Hooks: data-version, data-state ("empty" | "opening" | "open" | "failed"), data-tool, data-follow, data-zoomed, data-night,
// data-single.
// Events (bubbling): "phien:paper" (detail: {version, title}) when a paper was opened.

import { applyToBox } from "../models/affine.js";
import { columnAt, pageNamed } from "../models/pages.js";
import { placeAfter, rotationsIn } from "../models/rotation.js";
import { WayBack } from "../models/way_back.js";
import { fill } from "../models/words.js";
import { Hands } from "../reader/hands.js";
import { keyed } from "../reader/keys.js";
import { MarkBook } from "../reader/mark_book.js";
import { Marking } from "../reader/marking.js";
import { forget, recall, remember } from "../reader/memory.js";
import { News } from "../reader/news.js";
import { openEntry, outlineList } from "../reader/outline.js";
import { Paper, PaperError } from "../reader/paper.js";
import { Pen } from "../reader/pen.js";
import { Presenting, presentation } from "../reader/presenting.js";
import { Receipts } from "../reader/receipts.js";
import { Searching } from "../reader/searching.js";
import { Selecting } from "../reader/selecting.js";
import { Sight } from "../reader/sight.js";
import { Viewport } from "../reader/viewport.js";
import { connection } from "../realtime/connection.js";
import "./find-bar.js";
import "./mark-card.js";
import "./mark-list.js";
import "./mark-tools.js";
import "./more-menu.js";
import "./paper-contents.js";
import "./paper-page.js";
import "./selection-bar.js";

const ZOOM_STEP = 1.25;
const NOTE_MS = 8000;
/** Answers after which nothing of a paper may be seen. */
const TAKEN = [401, 403, 404, 410];
const A_YEAR_S = 365 * 24 * 3600;

export class PhienReader extends HTMLElement {
  #opening = null;
  #stops = [];
  #failedVersion = null;
  /** The page that was rotated last, until hands move the paper. */
  #rotating = null;
  #settling = null;
  #wayBack = new WayBack();
  /** The page one is on, from 1. */
  page = null;

  connectedCallback() {
    this.me = Number(document.body.dataset.person ?? 0);
    this.meeting = this.dataset.meeting || null;
    this.scroller = this.querySelector(".reader-scroll");
    this.tools = this.querySelector("mark-tools");
    this.contents = this.querySelector("paper-contents");
    this.field = this.querySelector("[data-page-field]");
    this.paper = this.book = this.pen = null;
    this.viewport = new Viewport(this.scroller, this.querySelector(".reader-sheet"));
    this.sight = new Sight(this.viewport, this.querySelector(".reader-sheet"));
    this.hands = new Hands(this);
    this.marking = new Marking(this);
    this.selecting = new Selecting(this);
    this.searching = new Searching(this);
    this.presenting = new Presenting(this);
    this.news = new News(this);
    this.receipts = new Receipts();
    this.viewport.connect();
    this.#hear();
    this.#showChoice("night", "night" in this.dataset);
    this.#showSingle("single" in this.dataset);
    this.early = this.querySelector("paper-page");
    if (!this.early) this.#showState("empty");
    this.#showBack();
    this.presenting.show();
    this.#begin();
  }

  disconnectedCallback() {
    this.#closePaper();
    clearTimeout(this.#settling);
    this.presenting.disconnect();
    this.viewport.disconnect();
    for (const stop of this.#stops) stop();
    this.#stops = [];
  }

  get pages() {
    return this.sight.pages;
  }

  #hear() {
    const on = (target, name, listener, options) => {
      target.addEventListener(name, listener, options);
      this.#stops.push(() => target.removeEventListener(name, listener, options));
    };
    for (const room of [this.hands, this.marking, this.selecting, this.searching, this.news]) room.connect(on);
    on(this.viewport, "layout", () => this.#laidOut());
    on(this.viewport, "scroll", () => this.#scrolled());
    on(this.viewport, "rest", () => this.#rested());
    on(this.viewport, "pinch", () => this.sight.pinched());
    on(this.viewport, "zoom", () => this.#showZoom());
    on(this, "click", (event) => this.#clicked(event));
    on(this, "tools", () => this.#toolsChanged());
    on(this, "tools:undo", () => this.book?.undo());
    on(this, "tools:redo", () => this.book?.redo());
    on(this, "contents:go", (event) => this.jump(event.detail.page - 1));
    on(this.scroller, "focusin", (event) => this.#focused(event.target));
    on(this.field, "change", () => this.#jumpToNamed(this.field.value));
    on(this.field, "focus", () => this.field.select());
    on(this.field, "keydown", (event) => event.key === "Enter" && this.field.blur());
    on(document, "keydown", (event) => keyed(event, this));
    on(document, "click", (event) => this.#linkClicked(event));
    on(document, "phien:panel", () => this.#panelSwapped());
    on(connection, "status", () => this.#statusChanged());
  }

  /** What to show first: what the page asks for, what is being presented, what was open before. */
  #begin() {
    const { version, page, find } = this.dataset;
    if (version) return this.#openAt(version, Number(page) || null, find);
    const shown = presentation();
    if (shown) return this.presenting.hear(shown);
    const last = recall(this.#placeKey());
    if (last) this.open(last.version, { page: last.page });
  }

  // Opening

  async #openAt(version, page, find) {
    await this.open(version, { page });
    if (find && this.paper?.version === version) this.searching.begin(find, page);
  }

  /** @param {string} version @param {{page?: number|null, y?: number}} [where] without a page: where this person was last */
  async open(version, { page = null, y = 0 } = {}) {
    if (this.paper?.version === version) {
      if (page) this.viewport.goTo(page - 1, y);
      return;
    }
    this.#opening?.abort();
    const opening = (this.#opening = new AbortController());
    this.#showState("opening");
    try {
      const paper = await Paper.open(version, opening.signal);
      if (opening.signal.aborted) return;
      if (!paper.pages.length) throw new PaperError("unready");
      this.#show(paper, page ?? this.#lastPage(paper));
      if (y) this.viewport.goTo(page - 1, y);
    } catch (error) {
      if (opening.signal.aborted) return;
      const mayStay = this.early && version === this.dataset.version && !TAKEN.includes(error.status);
      if (!mayStay) this.#closePaper();
      this.#failedVersion = { version, page };
      this.#showState("failed", error.status ?? 0);
    }
  }

  /** Where this person was last, on this device or on another. */
  #lastPage({ version, manifest }) {
    const [here, elsewhere] = [recall(`phien:page:${this.me}:${version}`), manifest.last_place];
    return ((here?.at ?? 0) > (elsewhere?.at ?? 0) ? here : elsewhere ?? here)?.page ?? 1;
  }

  #show(paper, page) {
    const early = paper.version === this.dataset.version ? this.early : null;
    if (this.paper) this.#closePaper();
    this.early = null;
    this.paper = paper;
    this.dataset.version = paper.version;
    paper.rotate(rotationsIn(recall(this.#rotationKey)));
    const { streams = {}, may_mark: mayMark, may_share: mayShare, meeting: paperMeeting } = paper.manifest;
    const { me, meeting } = this;
    const myName = this.dataset.myName ?? "";
    this.book = new MarkBook({ version: paper.version, streams, me, myName, meeting, paperMeeting, connection });
    this.#makePages(early);
    this.pen = new Pen({
      viewport: this.viewport,
      book: this.book,
      layerOf: (index) => this.sight.inkOf(index),
      pageOf: (index) => this.paper?.pages[index],
    });
    this.#showState("open");
    this.tools.allow({ mark: Boolean(mayMark), share: Boolean(mayShare && streams.shared && meeting) });
    this.querySelector("[data-read-only]").hidden = Boolean(mayMark);
    this.#showLink("copies");
    this.#showLink("text");
    this.marking.hear(this.book);
    this.book.addEventListener("presented", (event) => this.presenting.hear(event.detail));
    this.book.addEventListener("withdrawn", () => this.#withdraw());
    this.scroller.setAttribute("aria-label", paper.title);
    this.querySelector("[data-page-count]").textContent = paper.pages.length;
    this.viewport.show(paper.pages, { index: Math.min(page, paper.pages.length) - 1 });
    this.#scrolled();
    this.#rested();
    this.book.open();
    this.contents.setPaper(paper);
    this.marking.list.showLeftBehind(paper.manifest.left_behind);
    this.news.show();
    this.searching.forget();
    this.receipts.open(paper.version, () => ({ page: this.page, inSight: this.pagesInSight }));
    this.#showOpenLinks();
    this.presenting.show();
    this.#showZoom();
    this.#showBack();
    this.dispatchEvent(new CustomEvent("phien:paper", { bubbles: true, detail: { version: paper.version, title: paper.title } }));
  }

  /** Where else this paper is to be had, if it is, at the page that is being read. */
  #showLink(name) {
    const link = this.querySelector(`[data-${name}]`);
    const address = this.paper.manifest[name];
    link.hidden = !address;
    link.href = address && this.page ? `${address}?page=${this.page}` : (address ?? "");
  }

  /** The right to read was taken back: nothing of the paper stays on the screen or in memory. */
  #withdraw() {
    const { version } = this.paper;
    this.#closePaper();
    this.#failedVersion = { version, page: null };
    this.#showState("failed", 404);
  }

  /** @param {PaperPage|null} early the page that stands there already */
  #makePages(early) {
    const failed = this.querySelector("template[data-page-failed]");
    this.sight.show(
      this.paper.pages.map((facts) =>
        (facts.number === Number(early?.dataset.page) ? early : document.createElement("paper-page")).setUp({
          facts,
          paper: this.paper,
          book: this.book,
          failed,
          words: this.dataset,
          label: fill(this.dataset.wordPage, { page: facts.number }),
        }),
      ),
    );
  }

  #closePaper() {
    this.marking.card?.close();
    this.marking.list?.close();
    this.selecting.clear();
    this.receipts.close();
    this.book?.close();
    this.sight.show([]);
    this.viewport.show([]);
    this.contents.setPaper(null);
    this.paper = this.book = this.pen = this.early = null;
    this.page = null;
    this.news.show();
    delete this.dataset.version;
  }

  #showState(state, status = "") {
    this.dataset.state = state;
    for (const part of this.querySelectorAll("[data-when]")) {
      const [when, code] = part.dataset.when.split(" ");
      part.hidden = when !== state || (code !== undefined && !code.split(",").includes(String(status)));
    }
    for (const control of this.querySelectorAll("[data-needs-paper]")) control.disabled = state !== "open";
    this.scroller.hidden = state !== "open" && !this.early;
  }

  #linkClicked(event) {
    const entry = event.target.closest?.(".agenda .outline button[data-go]");
    if (entry && this.paper) return this.#outlineFollowed(entry);
    const link = event.target.closest?.("a[data-open-paper]");
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    this.touched();
    this.#leave();
    this.open(link.dataset.openPaper, { page: Number(link.dataset.page) || null });
    this.scroller.focus({ preventScroll: true });
  }

  #outlineFollowed(entry) {
    this.jump(Number(entry.dataset.go) - 1);
    document.dispatchEvent(new CustomEvent("phien:paper", { detail: { version: this.paper.version, title: this.paper.title } }));
    this.scroller.focus({ preventScroll: true });
  }

  /** In the agenda the open paper is marked and shows its outline. */
  #showOpenLinks() {
    for (const outline of document.querySelectorAll(".agenda .outline")) outline.remove();
    for (const link of document.querySelectorAll("a[data-open-paper]:not(.page-link)")) {
      const isOpen = link.dataset.openPaper === this.paper?.version;
      if (isOpen) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
      if (isOpen && link.closest(".agenda") && this.paper.manifest.outline?.length) {
        link.after(outlineList(this.paper.manifest.outline));
        openEntry(link.parentElement, this.page);
      }
    }
  }

  // Pages in sight

  get pagesInSight() {
    if (!this.paper || this.viewport.isEmpty) return [];
    const [first, last] = this.viewport.visible;
    return Array.from({ length: last - first + 1 }, (_, i) => first + i + 1);
  }

  #laidOut() {
    this.sight.placePages();
    this.dataset.zoomed = String(this.viewport.zoom > 1.001);
  }

  #scrolled() {
    if (!this.paper) return;
    const current = this.viewport.current;
    if (current + 1 !== this.page) this.#pageTurned(current + 1);
    this.sight.moved();
  }

  #rested() {
    if (!this.paper || this.viewport.isPinching) return;
    this.#settleWhenPenRests();
    this.#showRotateAll();
    this.sight.rested();
    this.searching.rested();
    this.receipts.moved();
    this.selecting.showBarSoon();
  }

  get #rotationKey() {
    return `phien:rotated:${this.me}:${this.paper.version}`;
  }

  #placeKey() {
    return `phien:open:${this.me}:${this.meeting ?? "alone"}`;
  }

  #pageTurned(number) {
    this.page = number;
    remember(`phien:page:${this.me}:${this.paper.version}`, { page: number, at: Date.now() });
    remember(this.#placeKey(), { version: this.paper.version, page: number });
    if (document.activeElement !== this.field) this.field.value = number;
    for (const [name, isEnd] of [["previous", number === 1], ["next", number === this.paper.pages.length]]) {
      this.querySelector(`[data-turn="${name}"]`).disabled = isEnd;
    }
    this.contents.showPage(number);
    this.#showLink("text");
    openEntry(document.querySelector(".agenda:has(.outline)"), number);
    this.presenting.pageTurned();
  }

  #jumpToNamed(text) {
    const page = pageNamed(text, this.paper?.pages.length ?? 0);
    if (page) this.jump(page - 1);
    this.field.value = this.page ?? "";
  }

  #turnPage(step) {
    this.touched();
    this.viewport.goTo(this.viewport.current + step);
  }

  /**
   * Somewhere else, with a way back unless it goes on from a place that one has left already; to a box in view points of a page
   * where one is given.
   */
  jump = (index, box = null, { leaves = true } = {}) => {
    this.touched();
    if (leaves && index !== this.viewport.current) this.#leave();
    this.pages[index]?.showImage(devicePixelRatio, true); // asked for a frame before the browser tells where one is
    if (box) this.viewport.reveal(index, box);
    else this.viewport.goTo(index);
  };

  #leave() {
    if (!this.paper) return;
    const place = this.viewport.layout.places[this.viewport.current];
    const y = Math.max(0, (this.viewport.top - place.top) / place.height);
    this.#wayBack.leave({ version: this.paper.version, page: this.page, y });
    this.#showBack();
  }

  /** The version that took the place of the open one, at the same page. */
  openNewer(version) {
    this.touched();
    this.#leave();
    this.open(version, { page: this.page });
    this.scroller.focus({ preventScroll: true });
  }

  goBack() {
    const place = this.#wayBack.back();
    this.#showBack();
    if (!place) return;
    this.touched();
    this.open(place.version, place);
  }

  #showBack() {
    const button = this.querySelector("[data-back]");
    button.hidden = this.#wayBack.isEmpty;
    const place = this.#wayBack.places.at(-1);
    const words = place && place.version === this.paper?.version ? button.dataset.toPage : button.dataset.toPaper;
    button.querySelector("span").textContent = fill(words, { page: place?.page ?? "" });
  }

  // Fingers, buttons

  /** This person moved the paper: following ends. */
  touched() {
    this.#rotating = null;
    this.presenting.touched();
  }

  handsRest() {
    this.#settleWhenPenRests();
    this.news.showWhenHandsRest();
    this.presenting.moveWhenPenRests();
  }

  /** A single page that was left between two places comes into its own, but not under a pen. */
  #settleWhenPenRests() {
    clearTimeout(this.#settling);
    if (this.hands.isBusy) return;
    if (this.hands.penRestsInMs) this.#settling = setTimeout(() => this.#settleWhenPenRests(), this.hands.penRestsInMs);
    else this.viewport.settle();
  }

  /** Whoever goes from link to link by key sees the page of each. */
  #focused(target) {
    const page = target.closest("paper-page");
    if (page && this.viewport.isWhole) this.viewport.goTo(this.pages.indexOf(page));
  }

  doubleTapped({ x, y }) {
    this.marking.closeCard();
    const { viewport } = this;
    const [left, top] = [x - viewport.box.left, y - viewport.box.top];
    this.touched();
    if (Math.abs(viewport.zoom - 1) > 0.02) return viewport.zoomTo(1, left, top);
    const point = viewport.pointAt(x, y);
    const page = this.pages[point.index];
    const { matrix, width_pt: width } = page.facts;
    const boxes = (page.spans ?? []).map((span) => applyToBox(matrix, span.box));
    const lines = boxes.filter(([x0, y0, x1, y1]) => x1 - x0 > y1 - y0); // of a rotated page they stand upright
    const column = columnAt(lines, point.x);
    const margin = 6;
    if (column && column[1] - column[0] < width * 0.95) {
      return viewport.zoomToColumn(point.index, (column[0] - margin) / width, (column[1] + margin) / width, top);
    }
    return viewport.zoomTo(1.6, left, top);
  }

  #toolsChanged() {
    const { tool, layer, handWrites } = this.tools;
    this.hands.gestures.tool = tool;
    this.hands.gestures.handWrites = handWrites;
    this.dataset.tool = tool;
    this.dataset.layer = layer;
    this.dataset.handWrites = String(handWrites);
    this.marking.closeCard();
  }

  #clicked(event) {
    const button = event.target.closest("button, a[data-go-to]");
    if (!button || this.viewport.isHeld) return;
    const { turn, zoom, retry, goTo } = button.dataset;
    if (turn) this.#turnPage(turn === "next" ? 1 : -1);
    if (zoom) this.zoomBy(zoom);
    if (goTo) {
      event.preventDefault();
      this.jump(Number(goTo) - 1);
    }
    if (retry !== undefined && this.#failedVersion) this.open(this.#failedVersion.version, this.#failedVersion);
    const acts = {
      follow: () => this.presenting.follow(),
      present: () => this.presenting.toggle(),
      markList: () => this.marking.list.toggle(this.book),
      find: () => this.searching.open(),
      contents: () => this.contents.toggle(this.page),
      showNews: () => this.news.showAgain(),
      back: () => this.goBack(),
      night: () => this.toggleNight(),
      single: () => this.toggleSingle(),
      rotate: () => this.rotate(),
      rotateAll: () => this.rotateAll(),
      keys: () => this.showKeys(),
      again: () => this.book?.redo(),
      takeBack: () => this.book?.undo(),
      takeNote: () => this.tools.choose("note"),
      closeKeys: () => this.querySelector("dialog").close(),
      dismiss: () => button.closest(".note")?.remove(),
    };
    for (const [name, act] of Object.entries(acts)) if (name in button.dataset) act();
  }

  zoomBy = (direction) => {
    const { zoom } = this.viewport;
    this.viewport.zoomTo(direction === "in" ? zoom * ZOOM_STEP : direction === "out" ? zoom / ZOOM_STEP : 1);
  };

  #showZoom() {
    for (const shown of this.querySelectorAll("[data-zoom-shown]")) shown.textContent = `${Math.round(this.viewport.zoom * 100)}%`;
  }

  /** The page in the middle of the window, by a quarter to the right. */
  rotate() {
    const meant = this.#meant;
    this.#rotate(({ number, quarters }) => (number === meant ? (quarters + 1) % 4 : quarters));
  }

  /** All pages as the one in the middle: the sheets of a scan mostly lie on the same side. */
  rotateAll() {
    const { quarters } = this.paper.pages[this.#meant - 1];
    this.#rotate(() => quarters);
  }

  /** The page in the middle; who rotates on means the same one, though it takes less of the window now. */
  get #meant() {
    return this.pagesInSight.includes(this.#rotating) ? this.#rotating : this.viewport.middle + 1;
  }

  #rotate(quartersOf) {
    const { paper } = this;
    this.#rotating = this.#meant;
    const rotations = new Map(paper.pages.map((facts) => [facts.number, quartersOf(facts)]).filter(([, quarters]) => quarters));
    if (rotations.size) remember(this.#rotationKey, Object.fromEntries(rotations));
    else forget(this.#rotationKey);
    const before = paper.pages;
    paper.rotate(rotations);
    this.marking.closeCard();
    if (this.scroller.contains(document.activeElement)) this.scroller.focus({ preventScroll: true });
    this.pages.forEach((page, index) => page.rotate(paper.pages[index]));
    this.contents.rotate();
    this.viewport.layAnew(paper.pages, this.#rotating - 1, ({ index, x, y }) => {
      return { index, ...placeAfter(paper.pages[index].quarters - before[index].quarters, { x, y }) };
    });
    this.#showRotateAll();
  }

  #showRotateAll() {
    const { pages } = this.paper;
    this.querySelector("[data-rotate-all]").disabled = pages.every(({ quarters }) => quarters === pages[this.#meant - 1].quarters);
  }

  toggleSingle() {
    this.#showSingle(this.#toggled("single"));
  }

  #showSingle(isSingle) {
    this.#showChoice("single", isSingle);
    this.marking.closeCard();
    this.viewport.showSingle(isSingle);
  }

  toggleNight() {
    this.#showChoice("night", this.#toggled("night"));
  }

  /** Remembered where the server sees it too, which shows a page before any script. */
  #toggled(choice) {
    const isChosen = !(choice in this.dataset);
    document.cookie = `${choice}=${Number(isChosen)}; path=/; max-age=${A_YEAR_S}; samesite=lax`;
    return isChosen;
  }

  #showChoice(choice, isChosen) {
    this.toggleAttribute(`data-${choice}`, isChosen);
    for (const button of this.querySelectorAll(`button[data-${choice}]`)) button.setAttribute("aria-pressed", String(isChosen));
  }

  showKeys() {
    this.querySelector("dialog").showModal();
  }

  /** Closes what lies over the paper, the topmost first. */
  escape() {
    const { marking, selecting, searching, contents } = this;
    if (!marking.card.hidden) return marking.closeCard();
    if (!selecting.bar.hidden) return selecting.clear();
    if (searching.isOpen) return searching.close();
    return contents.close();
  }

  say(sentence, kind = "") {
    const template = this.querySelector("template[data-note]");
    const note = template.content.firstElementChild.cloneNode(true);
    note.querySelector("p").textContent = sentence;
    if (kind) note.classList.add(kind);
    const notes = this.querySelector(".reader-notes");
    while (notes.childElementCount > 1) notes.firstElementChild.remove();
    notes.append(note);
    setTimeout(() => note.remove(), NOTE_MS);
  }

  #panelSwapped() {
    this.#showOpenLinks();
    this.news.panelSwapped();
    this.presenting.panelSwapped();
  }

  #statusChanged() {
    if (connection.status !== "live") return;
    for (const page of this.pages) page.retry();
    if (this.dataset.state === "failed" && this.#failedVersion) this.open(this.#failedVersion.version, this.#failedVersion);
  }
}

customElements.define("phien-reader", PhienReader);
