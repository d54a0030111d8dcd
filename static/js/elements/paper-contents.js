// What the open paper holds: its outline, and all its pages in small, with a sign on those that bear marks or changed.
//   <paper-contents class="sheet" hidden data-word-page="Trang {page}" data-word-marks="Trang {page}, {count} ghi chú"
//     data-word-changed="đã đổi" data-word-added="mới thêm">
//     <h2>…</h2> <button data-close></button>
//     <section data-outline hidden><ol></ol></section>
//     <div class="thumbnails"></div>
//   </paper-contents>
// Event (bubbling): "contents:go" (detail: {page}).

import { openEntry, outlineList } from "../reader/outline.js";
import { changeOf } from "../models/page_changes.js";
import { fill } from "../models/words.js";

const TRY_AGAIN_AFTER_MS = 4000;
const TALLEST = 2.5; // times its width; of a longer page the beginning is shown

function lay(frame, { width_pt: width, height_pt: height, quarters }) {
  frame.style.aspectRatio = `${width} / ${Math.min(height, width * TALLEST)}`;
  if (quarters) frame.dataset.quarters = quarters;
  else delete frame.dataset.quarters;
}

export class PaperContents extends HTMLElement {
  #paper = null;
  #shown = null;
  #observer = null;
  #counts = new Map();
  #news = null;

  connectedCallback() {
    this.addEventListener("click", this.#clicked);
    this.addEventListener("keydown", this.#keyed);
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.#clicked);
    this.removeEventListener("keydown", this.#keyed);
    this.#observer?.disconnect();
  }

  get #grid() {
    return this.querySelector(".thumbnails");
  }

  /** The small pictures are made when the sheet is first opened, and fetched as they come into sight. */
  setPaper(paper) {
    this.#paper = paper;
    this.#shown = null;
    this.#observer?.disconnect();
    this.#grid.replaceChildren();
    this.#counts = new Map();
    this.#news = null;
    const outline = this.querySelector("[data-outline]");
    outline.hidden = !paper?.manifest.outline?.length;
    outline.querySelector("ol").replaceWith(outlineList(paper?.manifest.outline ?? []));
    if (paper && !this.hidden) this.#fill();
  }

  toggle(page) {
    if (!this.hidden) return this.close();
    this.opener = document.activeElement;
    this.hidden = false;
    if (!this.#grid.childElementCount) this.#fill();
    this.showPage(page);
    (this.#thumbnail(page) ?? this.querySelector("[data-close]")).focus({ preventScroll: true });
    this.#thumbnail(page)?.scrollIntoView({ block: "center" });
  }

  close() {
    if (this.hidden) return;
    this.hidden = true;
    // Where nothing had the focus, the keys belong to the paper.
    const isSomebody = this.opener && this.opener !== document.body;
    (isSomebody ? this.opener : this.closest("phien-reader")?.scroller)?.focus({ preventScroll: true });
  }

  #fill() {
    this.#observer = new IntersectionObserver((entries) => entries.forEach((entry) => this.#cameNear(entry)), {
      root: this,
      rootMargin: "300px 0px",
    });
    this.#grid.replaceChildren(...this.#paper.pages.map((facts) => this.#newThumbnail(facts)));
    for (const thumbnail of this.#grid.children) this.#observer.observe(thumbnail);
    this.#drawCounts();
  }

  #newThumbnail(facts) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "thumbnail";
    button.dataset.go = facts.number;
    button.tabIndex = -1;
    const frame = document.createElement("span");
    frame.className = "thumbnail-frame";
    const label = document.createElement("span");
    label.textContent = facts.number;
    button.append(frame, label, document.createElement("small"));
    lay(frame, facts);
    return button;
  }

  /** Pages were rotated: the small ones too. */
  rotate() {
    for (const [index, thumbnail] of [...this.#grid.children].entries()) {
      lay(thumbnail.querySelector(".thumbnail-frame"), this.#paper.pages[index]);
    }
  }

  #cameNear({ target, isIntersecting }) {
    if (!isIntersecting || !this.#paper) return;
    this.#observer.unobserve(target);
    const image = new Image();
    image.alt = "";
    image.decoding = "async";
    image.src = this.#paper.thumbnail(Number(target.dataset.go));
    image.addEventListener("error", () => this.#tryAgainLater(target, image));
    target.querySelector(".thumbnail-frame").append(image);
  }

  /** The pages of a new paper are drawn one after the other, and whoever draws them may be busy. */
  #tryAgainLater(target, image) {
    image.remove();
    setTimeout(() => target.isConnected && this.#observer.observe(target), TRY_AGAIN_AFTER_MS);
  }

  /** Marks the page one is on. */
  showPage(page) {
    if (this.hidden || !page) return;
    this.#thumbnail(this.#shown)?.removeAttribute("aria-current");
    for (const other of this.#grid.querySelectorAll("[tabindex='0']")) other.tabIndex = -1;
    this.#shown = page;
    const thumbnail = this.#thumbnail(page);
    thumbnail?.setAttribute("aria-current", "true");
    if (thumbnail) thumbnail.tabIndex = 0;
    if (!this.contains(document.activeElement)) thumbnail?.scrollIntoView({ block: "nearest" });
    openEntry(this.querySelector("[data-outline]"), page);
  }

  /** @param {{marks: import("../models/marks.js").MarkSet}} book */
  showMarks(book) {
    const counts = new Map();
    for (const mark of book.marks.all()) counts.set(mark.page, (counts.get(mark.page) ?? 0) + 1);
    this.#counts = counts;
    if (!this.hidden) this.#drawCounts();
  }

  #drawCounts() {
    for (const thumbnail of this.#grid.children) {
      const page = Number(thumbnail.dataset.go);
      const count = this.#counts.get(page) ?? 0;
      thumbnail.toggleAttribute("data-marked", count > 0);
      const words = count ? this.dataset.wordMarks : this.dataset.wordPage;
      const change = this.#wordOf(changeOf(this.#news, page));
      thumbnail.toggleAttribute("data-changed", Boolean(change));
      thumbnail.querySelector(":scope > small").textContent = change;
      thumbnail.setAttribute("aria-label", [fill(words, { page, count }), change].filter(Boolean).join(", "));
    }
  }

  #wordOf(change) {
    return change && { changed: this.dataset.wordChanged, added: this.dataset.wordAdded }[change];
  }

  /** Marks the pages that a new version changed. @param {import("../models/page_changes.js").News} news */
  showChanges(news) {
    this.#news = news;
    if (!this.hidden) this.#drawCounts();
  }

  #thumbnail(page) {
    return page ? this.#grid.children[page - 1] : undefined;
  }

  #clicked = (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if ("close" in button.dataset) return this.close();
    if (button.dataset.go) this.dispatchEvent(new CustomEvent("contents:go", { bubbles: true, detail: { page: Number(button.dataset.go) } }));
  };

  #keyed = (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      return this.close();
    }
    const focused = document.activeElement;
    if (!focused?.classList.contains("thumbnail")) return;
    const pages = [...this.#grid.children];
    const columns = getComputedStyle(this.#grid).gridTemplateColumns.split(" ").length;
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[event.key];
    const ends = { Home: 0, End: pages.length - 1 };
    if (!step && !(event.key in ends)) return;
    event.preventDefault();
    const to = step ? pages.indexOf(focused) + step : ends[event.key];
    pages[Math.max(0, Math.min(pages.length - 1, to))].focus();
  };
}

customElements.define("paper-contents", PaperContents);
