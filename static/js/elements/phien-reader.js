// The reader: a paper as one column of pages with the marks of everybody who may write on it.
//   <phien-reader class="room-fill reader" data-version="<uuid>" data-meeting="<uuid>" data-my-name="…" data-word-…>
//     <div class="reader-paper">
//       <div class="reader-scroll" tabindex="0"><div class="reader-sheet"></div></div>
//       <div class="reader-empty"></div> <mark-card hidden></mark-card> <div class="reader-notes" role="status"></div>
//     </div>
//     <div class="toolbar reader-bar"><mark-tools></mark-tools> …</div>
//   </phien-reader>
// Links `<a data-open-paper="<version>" data-page="3">` anywhere in the page open their paper here, in place.
// Hooks: data-version, data-state ("empty" | "opening" | "open" | "failed"), data-tool, data-follow, data-zoomed.
// Events (bubbling): "phien:paper" (detail: {version, title}) when a paper was opened.

import { applyToBox } from "../models/affine.js";
import { Following } from "../models/following.js";
import { Gestures } from "../models/gestures.js";
import { columnAt, contains, inkRegion, pageNamed, wantedIndexes } from "../models/pages.js";
import { fill } from "../models/words.js";
import { MarkBook } from "../reader/mark_book.js";
import { Paper, PaperError } from "../reader/paper.js";
import { Pen } from "../reader/pen.js";
import { Viewport } from "../reader/viewport.js";
import { connection } from "../realtime/connection.js";
import "./mark-card.js";
import "./mark-list.js";
import "./mark-tools.js";
import "./paper-page.js";

const MOST_INK_PIXELS = 8e6;
const FINGER_REACH_PX = 16;
const HOVER_REACH_PX = 6;
const ZOOM_STEP = 1.25;
const WHEEL_ENDS_AFTER_MS = 140;
const LINE_PX = 96;
const SHOW_PAGE_AFTER_MS = 200;
const NOTE_MS = 8000;
/** While following, the page does not leave from under a pen that has just been lifted. */
const PEN_RESTS_MS = 1500;

export class PhienReader extends HTMLElement {
  #opening = null;
  #stops = [];
  #shownPage = null;
  #wheelEnds = null;
  #showPageSoon = null;
  #waitingMove = null;
  #lastPenAt = -Infinity;

  connectedCallback() {
    this.me = Number(document.body.dataset.person ?? 0);
    this.meeting = this.dataset.meeting || null;
    this.scroller = this.querySelector(".reader-scroll");
    this.sheet = this.querySelector(".reader-sheet");
    this.tools = this.querySelector("mark-tools");
    this.card = this.querySelector("mark-card");
    this.list = this.querySelector("mark-list");
    this.field = this.querySelector("[data-page-field]");
    this.pages = [];
    this.paper = null;
    this.book = null;
    this.following = new Following(this.me);
    this.gestures = new Gestures();
    this.viewport = new Viewport(this.scroller, this.sheet);
    this.viewport.connect();
    this.#hear();
    this.#showState("empty");
    this.#showFollowing();
    this.#begin();
  }

  disconnectedCallback() {
    this.#closePaper();
    this.viewport.disconnect();
    for (const stop of this.#stops) stop();
    this.#stops = [];
  }

  #on(target, name, listener, options) {
    target.addEventListener(name, listener, options);
    this.#stops.push(() => target.removeEventListener(name, listener, options));
  }

  #hear() {
    for (const [name, kind] of [["pointerdown", "down"], ["pointermove", "move"], ["pointerup", "up"], ["pointercancel", "cancel"]]) {
      this.#on(this.scroller, name, (event) => this.#pointed(kind, event));
    }
    // A stroke must become no scrolling, no selection, no magnifying glass and (iPad) no handwriting recognition.
    for (const name of ["touchstart", "touchmove"]) {
      this.#on(this.scroller, name, (event) => this.#keepTouch(event), { passive: false });
    }
    this.#on(this.scroller, "selectstart", (event) => this.gestures.isBusy && this.gestures.state !== "pressing" && event.preventDefault());
    this.#on(this.scroller, "contextmenu", (event) => this.gestures.isBusy && this.gestures.startedBy !== "mouse" && event.preventDefault());
    this.#on(this.scroller, "dragstart", (event) => event.preventDefault());
    this.#on(this.scroller, "pointerleave", () => this.#hideTip());
    this.#on(this.scroller, "wheel", (event) => this.#wheeled(event), { passive: false });
    this.#on(this.viewport, "layout", () => this.#placePages());
    this.#on(this.viewport, "scroll", () => this.#scrolled());
    this.#on(this.viewport, "rest", () => this.#rested());
    this.#on(this.viewport, "zoom", () => this.#showZoom());
    this.#on(this, "click", (event) => this.#clicked(event));
    this.#on(this, "tools", () => this.#toolsChanged());
    this.#on(this, "tools:undo", () => this.book?.undo());
    this.#on(this, "tools:redo", () => this.book?.redo());
    this.#on(this, "mark:do", (event) => this.#doWithMark(event.detail));
    this.#on(this, "mark:show", (event) => this.#showMark(event.detail.mark));
    this.#on(this, "mark:closed", () => this.#haloOff());
    this.#on(this.field, "change", () => this.#jump(this.field.value));
    this.#on(this.field, "focus", () => this.field.select());
    this.#on(this.field, "keydown", (event) => event.key === "Enter" && this.field.blur());
    this.#on(document, "keydown", (event) => this.#keyed(event));
    this.#on(document, "click", (event) => this.#linkClicked(event));
    this.#on(document, "phien:panel", () => this.#panelSwapped());
    this.#on(connection, "status", () => this.#statusChanged());
  }

  /** What to show first: what the page asks for, what is being presented, what was open before. */
  #begin() {
    const { version, page } = this.dataset;
    if (version) return this.open(version, { page: Number(page) || null });
    const shown = presentation();
    if (shown) return this.#hearPresenter(shown);
    const last = recall(this.#placeKey());
    if (last) this.open(last.version, { page: last.page });
  }

  // Opening

  /** @param {string} version @param {{page?: number|null}} [where] without a page: where this person was last */
  async open(version, { page = null } = {}) {
    if (this.paper?.version === version) {
      if (page) this.viewport.goTo(page - 1);
      return;
    }
    this.#opening?.abort();
    const opening = (this.#opening = new AbortController());
    this.#showState("opening");
    try {
      const paper = await Paper.open(version, opening.signal);
      if (opening.signal.aborted) return;
      if (!paper.pages.length) throw new PaperError("unready");
      this.#show(paper, page ?? recall(`phien:page:${this.me}:${version}`)?.page ?? 1);
    } catch (error) {
      if (opening.signal.aborted) return;
      this.#closePaper();
      this.#failedVersion = { version, page };
      this.#showState("failed", error.status ?? 0);
    }
  }

  #failedVersion = null;

  #show(paper, page) {
    this.#closePaper();
    this.paper = paper;
    this.dataset.version = paper.version;
    const { streams = {}, may_mark: mayMark, may_share: mayShare } = paper.manifest;
    this.book = new MarkBook({
      version: paper.version,
      streams,
      me: this.me,
      myName: this.dataset.myName ?? "",
      meeting: this.meeting,
      connection,
    });
    this.#makePages();
    this.pen = new Pen({
      viewport: this.viewport,
      book: this.book,
      layerOf: (index) => this.#inkOf(index),
      pageOf: (index) => this.paper?.pages[index],
    });
    this.#showState("open");
    this.tools.allow({ mark: Boolean(mayMark), share: Boolean(mayShare && streams.shared && this.meeting) });
    this.#hearBook();
    this.scroller.setAttribute("aria-label", paper.title);
    this.querySelector("[data-page-count]").textContent = paper.pages.length;
    this.viewport.show(paper.pages, { index: Math.min(page, paper.pages.length) - 1 });
    this.#scrolled();
    this.#rested();
    this.book.open();
    this.#showOpenLinks();
    this.#showFollowing();
    this.#showZoom();
    this.dispatchEvent(new CustomEvent("phien:paper", { bubbles: true, detail: { version: paper.version, title: paper.title } }));
  }

  #makePages() {
    const failed = this.querySelector("template[data-page-failed]");
    this.pages = this.paper.pages.map((facts) =>
      document.createElement("paper-page").setUp({
        facts,
        paper: this.paper,
        book: this.book,
        failed,
        label: fill(this.dataset.wordPage, { page: facts.number }),
      }),
    );
    this.sheet.replaceChildren(...this.pages);
  }

  #closePaper() {
    this.book?.close();
    this.card?.close();
    this.list?.close();
    this.pages = [];
    this.sheet.replaceChildren();
    this.viewport.show([]);
    this.paper = this.book = this.pen = null;
    this.#shownPage = null;
    delete this.dataset.version;
  }

  #showState(state, status = "") {
    this.dataset.state = state;
    for (const part of this.querySelectorAll("[data-when]")) {
      const [when, code] = part.dataset.when.split(" ");
      part.hidden = when !== state || (code !== undefined && !code.split(",").includes(String(status)));
    }
    for (const control of this.querySelectorAll("[data-needs-paper]")) control.disabled = state !== "open";
    this.scroller.hidden = state !== "open";
  }

  #linkClicked(event) {
    const link = event.target.closest?.("a[data-open-paper]");
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    this.following.touched();
    this.#showFollowing();
    this.open(link.dataset.openPaper, { page: Number(link.dataset.page) || null });
    this.scroller.focus({ preventScroll: true });
  }

  #showOpenLinks() {
    for (const link of document.querySelectorAll("a[data-open-paper]")) {
      if (link.dataset.openPaper === this.paper?.version) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }

  // Pages in sight

  #placePages() {
    this.pages.forEach((page, index) => page.place(this.viewport.layout.places[index]));
    this.dataset.zoomed = String(this.viewport.zoom > 1.001);
  }

  #scrolled() {
    if (!this.paper) return;
    const current = this.viewport.current;
    if (current + 1 !== this.#shownPage) this.#pageTurned(current + 1);
    this.#placeInk();
    this.#showImages(false);
  }

  /** Nothing moves: sharp images, text, and the far pages' memory given back. */
  #rested() {
    if (!this.paper || this.viewport.isPinching) return;
    this.#showImages(true);
    this.#placeInk();
  }

  #placeKey() {
    return `phien:open:${this.me}:${this.meeting ?? "alone"}`;
  }

  #showImages(isResting) {
    const { layout, top, box } = this.viewport;
    const wanted = wantedIndexes(layout, top, box.height);
    const [first, last] = this.viewport.visible;
    for (const index of wanted) {
      const isSeen = index >= first && index <= last;
      if (isSeen || isResting) this.pages[index].showImage(devicePixelRatio);
      if (isResting) this.pages[index].showText();
    }
    if (!isResting) return;
    this.pages.forEach((page, index) => {
      if (!wanted.includes(index)) page.leaveSight();
    });
  }

  /** Ink lies on the pages in sight; on a page enlarged beyond measure only on the part in sight. */
  #placeInk() {
    const { top, left, box, layout } = this.viewport;
    const [first, last] = this.viewport.visible;
    for (let index = first; index <= last; index += 1) {
      const place = layout.places[index];
      const ink = this.pages[index].ink;
      const seen = {
        left: Math.max(0, left - place.left),
        top: Math.max(0, top - place.top),
        width: Math.min(box.width, place.width),
        height: Math.min(box.height, place.height),
      };
      const visible = clip(seen, place);
      const isPlaced = ink.region && ink.scale === place.scale && contains(ink.region, visible);
      if (isPlaced) continue;
      ink.scale = place.scale;
      ink.place(inkRegion(place, visible, devicePixelRatio, MOST_INK_PIXELS), place.scale, devicePixelRatio);
    }
  }

  #inkOf(index) {
    return this.pages[index]?.ink ?? null;
  }

  #pageTurned(number) {
    this.#shownPage = number;
    remember(`phien:page:${this.me}:${this.paper.version}`, { page: number });
    remember(this.#placeKey(), { version: this.paper.version, page: number });
    if (document.activeElement !== this.field) this.field.value = number;
    for (const [name, isEnd] of [["previous", number === 1], ["next", number === this.paper.pages.length]]) {
      this.querySelector(`[data-turn="${name}"]`).disabled = isEnd;
    }
    if (this.following.isPresenting) this.#showPageToAll();
  }

  #jump(text) {
    const page = pageNamed(text, this.paper?.pages.length ?? 0);
    if (page) {
      this.#touched();
      this.viewport.goTo(page - 1);
    }
    this.field.value = this.#shownPage ?? "";
  }

  #turnPage(step) {
    this.#touched();
    this.viewport.goTo(this.viewport.current + step);
  }

  // Pen, fingers, mouse

  #pointed(kind, event) {
    if (!this.paper) return;
    if (kind === "down") {
      if (event.target.closest("a, button")) return;
      this.viewport.measure();
      this.viewport.stop();
      this.card.close();
      if (document.activeElement !== this.scroller) this.scroller.focus({ preventScroll: true });
    }
    const acts = this.gestures[kind](this.#factOf(event));
    if (kind === "down" && (event.pointerType !== "mouse" || this.gestures.state === "drawing" || this.gestures.state === "erasing")) {
      capture(this.scroller, event.pointerId);
    }
    for (const act of acts) this.#act(act, event);
    if (kind === "move" && event.pointerType !== "touch" && !event.buttons) this.#hover(event);
    if (event.pointerType === "pen") this.#lastPenAt = performance.now();
    if (!this.gestures.isBusy && this.#waitingMove) this.#moveWhenPenRests();
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
    const { viewport, pen } = this;
    const { left, top } = viewport.box;
    switch (act.do) {
      case "pen_seen":
        return this.tools.meetPen(this.gestures.tool);
      case "begin":
        this.tools.closeOptions();
        getSelection()?.removeAllRanges();
        return pen.begin(act, { style: this.tools.penStyle, layer: this.tools.layer });
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
        this.#touched();
        return viewport.panBy(act.dx, act.dy);
      case "pan_end":
        return viewport.coast(act.vx, act.vy);
      case "pinch_begin":
        this.#touched();
        return viewport.beginPinch(act.x - left, act.y - top);
      case "pinch":
        return viewport.pinch(act.x - left, act.y - top, act.scale);
      case "pinch_end":
        return viewport.endPinch();
      case "tap":
        return this.#tapped(act);
      case "double_tap":
        return this.#doubleTapped(act);
    }
  }

  #keepTouch(event) {
    const isStylus = [...event.changedTouches].some((touch) => touch.touchType === "stylus");
    const writes = ["drawing", "erasing", "pinching"].includes(this.gestures.state);
    if ((isStylus && this.gestures.tool !== "select") || writes || event.touches.length > 1) event.preventDefault();
  }

  #tapped({ x, y, pointer }) {
    if (pointer === "mouse" && !getSelection()?.isCollapsed) return;
    const mark = this.pen.markAt(x, y, pointer === "mouse" ? HOVER_REACH_PX : FINGER_REACH_PX);
    if (mark) this.#showCard(mark, x - this.viewport.box.left, y - this.viewport.box.top);
  }

  #showCard(mark, x, y) {
    const { marks } = this.book;
    const isMine = marks.isMine(mark);
    // A private stroke and its shared copy lie one over the other; they are one stroke to their owner.
    const twin = isMine ? marks.twinOf(mark) : null;
    const shown = twin?.layer === "shared" ? twin : mark;
    this.#haloOff();
    this.haloed = shown;
    this.#inkOf(shown.page - 1)?.showHalo(shown);
    this.card.show({ mark: shown, isMine, isShared: shown.layer === "shared", mayShare: this.tools.mayShare, x, y });
  }

  #haloOff() {
    if (this.haloed) this.#inkOf(this.haloed.page - 1)?.showHalo(null);
    this.haloed = null;
  }

  #doWithMark({ act, mark }) {
    this.gestures.forgetTap();
    const current = this.book?.marks.get(mark.id);
    if (!current) return;
    if (act === "share") this.book.share(current);
    if (act === "withdraw") this.book.withdraw(current);
    if (act === "erase") this.book.erase([current, this.book.marks.twinOf(current)].filter(Boolean));
    if (act === "noted") this.book.dismissNote(current);
    this.scroller.focus({ preventScroll: true });
  }

  #showMark(mark) {
    this.#touched();
    const place = this.viewport.layout.places[mark.page - 1];
    if (place) this.viewport.goTo(mark.page - 1);
    this.#haloOff();
    this.haloed = mark;
    this.#placeInk();
    this.#inkOf(mark.page - 1)?.showHalo(mark);
  }

  #hover(event) {
    this.hovered = { x: event.clientX, y: event.clientY };
    this.hoverFrame ??= requestAnimationFrame(() => {
      this.hoverFrame = null;
      if (!this.pen || this.gestures.isBusy) return;
      const { x, y } = this.hovered;
      const mark = this.pen.markAt(x, y, HOVER_REACH_PX);
      if (!mark || this.book.marks.isMine(mark)) return this.#hideTip();
      const tip = this.querySelector(".mark-tip");
      tip.textContent = mark.owner_name;
      tip.hidden = false;
      tip.style.left = `${x - this.viewport.box.left + 12}px`;
      tip.style.top = `${y - this.viewport.box.top + 14}px`;
    });
  }

  #hideTip() {
    const tip = this.querySelector(".mark-tip");
    if (tip) tip.hidden = true;
  }

  #doubleTapped({ x, y }) {
    this.card.close();
    const { viewport } = this;
    const [left, top] = [x - viewport.box.left, y - viewport.box.top];
    this.#touched();
    if (Math.abs(viewport.zoom - 1) > 0.02) return viewport.zoomTo(1, left, top);
    const point = viewport.pointAt(x, y);
    const page = this.pages[point.index];
    const { matrix, width_pt: width } = page.facts;
    const lines = (page.spans ?? []).map((span) => applyToBox(matrix, span.box));
    const column = columnAt(lines, point.x);
    const margin = 6;
    if (column && column[1] - column[0] < width * 0.95) {
      return viewport.zoomToColumn(point.index, (column[0] - margin) / width, (column[1] + margin) / width, top);
    }
    return viewport.zoomTo(1.6, left, top);
  }

  #wheeled(event) {
    if (!this.paper) return;
    this.#touched();
    this.viewport.stop();
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const { left, top } = this.viewport.box;
    if (!this.viewport.isPinching) {
      this.wheelFactor = 1;
      this.wheelAt = [event.clientX - left, event.clientY - top];
      this.viewport.beginPinch(...this.wheelAt);
    }
    const step = event.deltaMode === 1 ? event.deltaY * 16 : event.deltaY;
    this.wheelFactor *= Math.exp(-step / 300);
    this.viewport.pinch(...this.wheelAt, this.wheelFactor);
    clearTimeout(this.#wheelEnds);
    this.#wheelEnds = setTimeout(() => this.viewport.endPinch(), WHEEL_ENDS_AFTER_MS);
  }

  #toolsChanged() {
    const { tool, layer, handWrites } = this.tools;
    this.gestures.tool = tool;
    this.gestures.handWrites = handWrites;
    this.dataset.tool = tool;
    this.dataset.layer = layer;
    this.dataset.handWrites = String(handWrites);
    this.card.close();
  }

  // Buttons and keys

  #clicked(event) {
    const button = event.target.closest("button, a[data-go-to]");
    if (!button) return;
    const { turn, zoom, retry, goTo } = button.dataset;
    if (turn) this.#turnPage(turn === "next" ? 1 : -1);
    if (zoom) this.#zoomBy(zoom);
    if (goTo) {
      event.preventDefault();
      this.#touched();
      this.viewport.goTo(Number(goTo) - 1);
    }
    if (retry !== undefined && this.#failedVersion) this.open(this.#failedVersion.version, this.#failedVersion);
    if ("follow" in button.dataset) this.#follow();
    if ("present" in button.dataset) this.#present(!this.following.isPresenting);
    if ("markList" in button.dataset) this.list.toggle(this.book);
    if ("dismiss" in button.dataset) button.closest(".note")?.remove();
  }

  #zoomBy(direction) {
    const { zoom } = this.viewport;
    this.viewport.zoomTo(direction === "in" ? zoom * ZOOM_STEP : direction === "out" ? zoom / ZOOM_STEP : 1);
  }

  #showZoom() {
    const shown = this.querySelector("[data-zoom-shown]");
    if (shown) shown.textContent = `${Math.round(this.viewport.zoom * 100)}%`;
  }

  #keyed(event) {
    if (!this.paper || event.defaultPrevented || event.altKey || isTyping(event.target)) return;
    if (event.target.closest?.("dialog, [role='menu'], mark-list, mark-card")) return;
    if (event.ctrlKey || event.metaKey) return this.#keyedWithControl(event);
    if (event.key === "Escape") return this.card.close();
    // On a button the arrows and the space bar belong to the button's own group or to itself.
    if (event.target.closest?.("button, a, summary") && !event.key.startsWith("Page")) return;
    const act = {
      PageDown: () => this.viewport.turn(1),
      PageUp: () => this.viewport.turn(-1),
      " ": () => this.viewport.turn(event.shiftKey ? -1 : 1),
      ArrowRight: () => this.viewport.goTo(this.viewport.current + 1),
      ArrowLeft: () => this.viewport.goTo(this.viewport.current - 1),
      ArrowDown: () => this.viewport.panBy(0, -LINE_PX),
      ArrowUp: () => this.viewport.panBy(0, LINE_PX),
      Home: () => this.viewport.goTo(0),
      End: () => this.viewport.goTo(this.pages.length - 1),
      "+": () => this.#zoomBy("in"),
      "=": () => this.#zoomBy("in"),
      "-": () => this.#zoomBy("out"),
      0: () => this.#zoomBy("reset"),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    this.#touched();
    act();
  }

  #keyedWithControl(event) {
    const key = event.key.toLowerCase();
    if (key === "z" && !event.shiftKey) this.book.undo();
    else if ((key === "z" && event.shiftKey) || key === "y") this.book.redo();
    else return;
    event.preventDefault();
  }

  // Marks

  #hearBook() {
    const book = this.book;
    book.addEventListener("ink", (event) => {
      for (const change of event.detail) this.#inkOf(change.page - 1)?.drawChange(change);
    });
    book.addEventListener("preview", (event) => this.#inkOf(event.detail - 1)?.showPreviews());
    book.addEventListener("counts", () => this.#showCounts());
    book.addEventListener("note", (event) => this.#note(event.detail));
    book.addEventListener("presented", (event) => this.#hearPresenter(event.detail));
    this.#showCounts();
  }

  #showCounts() {
    if (!this.book) return;
    const { marks, history, heard } = this.book;
    this.tools.showHistory(history);
    this.dataset.pending = marks.count("pending");
    this.dataset.refused = marks.count("refused");
    this.dataset.heard = [...heard].join(" ");
    this.list?.refresh(this.book);
    const badge = this.querySelector("[data-mark-total]");
    if (badge) badge.textContent = marks.all().length || "";
  }

  #note({ sentence, kind }) {
    const words = { not_shared: this.dataset.wordNotShared, not_saved: this.dataset.wordNotSaved, not_erased: this.dataset.wordNotErased };
    this.#say(fill(words[kind], { reason: sentence }), "warning");
  }

  #say(sentence, kind = "") {
    const template = this.querySelector("template[data-note]");
    const note = template.content.firstElementChild.cloneNode(true);
    note.querySelector("p").textContent = sentence;
    if (kind) note.classList.add(kind);
    const notes = this.querySelector(".reader-notes");
    while (notes.childElementCount > 1) notes.firstElementChild.remove();
    notes.append(note);
    setTimeout(() => note.remove(), NOTE_MS);
  }

  // Presenting and following

  #touched() {
    if (!this.following.isFollowing) return;
    this.following.touched();
    this.#waitingMove = null;
    this.#showFollowing();
  }

  #hearPresenter(shown) {
    const before = this.following.shown;
    const go = this.following.hear(shown);
    this.#showFollowing();
    if (go && !(before?.page === go.page && before?.version === go.version)) this.#moveTo(go);
  }

  #follow() {
    const go = this.following.follow();
    this.#showFollowing();
    if (go) this.#moveTo(go);
  }

  #moveTo(go) {
    this.#waitingMove = go;
    this.#moveWhenPenRests();
  }

  #moveWhenPenRests() {
    const rest = PEN_RESTS_MS - (performance.now() - this.#lastPenAt);
    clearTimeout(this.moveTimer);
    if (this.gestures.isBusy) return;
    if (rest > 0) {
      this.moveTimer = setTimeout(() => this.#moveWhenPenRests(), rest);
      return;
    }
    const go = this.#waitingMove;
    this.#waitingMove = null;
    if (go) this.open(go.version, { page: go.page });
  }

  #present(isOn) {
    if (!this.paper) return;
    if (!isOn) {
      this.following.stopPresenting();
      this.book.showPage(null).catch(() => {});
    } else {
      this.following.present();
      this.#tellPage();
    }
    this.#showFollowing();
  }

  #showPageToAll() {
    clearTimeout(this.#showPageSoon);
    this.#showPageSoon = setTimeout(() => {
      if (this.following.isPresenting && this.paper) this.#tellPage();
    }, SHOW_PAGE_AFTER_MS);
  }

  #tellPage() {
    this.book.showPage(this.#shownPage).catch(() => {
      this.following.stopPresenting();
      this.#showFollowing();
    });
  }

  #showFollowing() {
    const { state, shown } = this.following;
    this.dataset.follow = state;
    for (const part of this.querySelectorAll("[data-follow-state]")) part.hidden = part.dataset.followState !== state;
    for (const name of this.querySelectorAll("[data-presenter]")) {
      name.textContent = shown ? fill(name.dataset.presenter, { name: shown.by_name ?? "", page: shown.page }) : "";
    }
    const present = this.querySelector("[data-present]");
    if (!present) return;
    present.hidden = !(this.paper?.manifest.may_present && this.meeting);
    present.setAttribute("aria-pressed", String(state === "presenting"));
  }

  #panelSwapped() {
    this.#showOpenLinks();
    const shown = presentation();
    if (shown === undefined) return;
    // The presenter stream of the open paper is quicker and is believed; the panel tells of other papers and of the end.
    const isHeardAlready = shown && shown.version === this.paper?.version && this.paper.manifest.streams?.presenter;
    if (!isHeardAlready) this.#hearPresenter(shown);
  }

  #statusChanged() {
    if (connection.status !== "live") return;
    for (const page of this.pages) page.retry();
    if (this.dataset.state === "failed" && this.#failedVersion) this.open(this.#failedVersion.version, this.#failedVersion);
  }
}

/** What the room says is being presented; null: nothing; undefined: this page has no such panel. */
function presentation() {
  const panel = document.querySelector("[data-presentation]");
  if (!panel) return undefined;
  const { version, page, by, byName, title } = panel.dataset;
  return version ? { version, page: Number(page), by: Number(by) || null, by_name: byName, title } : null;
}

function clip(seen, place) {
  return {
    left: Math.min(seen.left, place.width),
    top: Math.min(seen.top, place.height),
    width: Math.max(0, Math.min(seen.width, place.width - seen.left)),
    height: Math.max(0, Math.min(seen.height, place.height - seen.top)),
  };
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

function isTyping(target) {
  return target.closest?.("input, textarea, select, [contenteditable]") !== null;
}

function remember(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Not remembered, then.
  }
}

function recall(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

customElements.define("phien-reader", PhienReader);
