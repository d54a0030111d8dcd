// All marks of the open paper as a list: the way to them without drawing, by keyboard and for screen readers.
//   <mark-list hidden data-word-page="Trang {page}" data-kind-ink data-kind-highlight data-kind-note data-mine data-private …>
//     <select data-filter="whose">…</select> <select data-filter="kind">…</select> <select data-filter="person">…</select>
//     <ul class="list"></ul> <p data-none></p> <p data-none-such></p> <template><li>…</li></template> <button data-close></button>
//   </mark-list>
// Above the list stand links to marks on older versions that did not go along:
//   <div data-left-behind hidden data-word-title="… {number}:" data-word-page="trang {page} ({count})"></div>
// Events (bubbling): "mark:show" (detail: {mark}), "mark:do" (detail: {act, mark}).

import { EVERYTHING, listed, ownersIn } from "../models/mark_filter.js";
import { fill } from "../models/words.js";

const WORDS_LENGTH = 160;

export class MarkList extends HTMLElement {
  #filter = { ...EVERYTHING };

  connectedCallback() {
    this.addEventListener("click", this.#clicked);
    this.addEventListener("keydown", this.#keyed);
    this.addEventListener("change", this.#filtered);
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.#clicked);
    this.removeEventListener("keydown", this.#keyed);
    this.removeEventListener("change", this.#filtered);
  }

  toggle(book) {
    if (!this.hidden) return this.close();
    this.opener = document.activeElement;
    this.hidden = false;
    this.refresh(book);
    this.querySelector("[data-close]").focus();
  }

  close() {
    if (this.hidden) return;
    this.hidden = true;
    // Where nothing had the focus, the keys belong to the paper.
    const isSomebody = this.opener && this.opener !== document.body;
    (isSomebody ? this.opener : this.closest("phien-reader")?.scroller)?.focus({ preventScroll: true });
  }

  /** Redrawn as a whole; the focus stays on the button it was on, or goes to the next one. */
  refresh(book) {
    this.book = book;
    if (this.hidden || !book) return;
    const focused = this.contains(document.activeElement) ? [...this.#buttons()].indexOf(document.activeElement) : -1;
    this.#offerPeople(ownersIn(book.marks));
    const marks = listed(book.marks, this.#filter);
    this.marks = new Map(marks.map((mark) => [mark.id, mark]));
    this.querySelector("ul").replaceChildren(...marks.map((mark) => this.#row(mark, book)));
    const isEmpty = book.marks.all().length === 0;
    this.querySelector("[data-none]").hidden = !isEmpty;
    this.querySelector("[data-none-such]").hidden = isEmpty || marks.length > 0;
    this.querySelector("[data-filters]").hidden = isEmpty;
    if (focused >= 0) (this.#buttons()[focused] ?? this.querySelector("[data-close]")).focus();
  }

  /** @param {{version: string, number: number, pages: [number, number][]}[]} leftBehind as the manifest tells them */
  showLeftBehind(leftBehind) {
    const part = this.querySelector("[data-left-behind]");
    const { wordTitle, wordPage } = part.dataset;
    part.hidden = !leftBehind.length;
    part.replaceChildren(
      ...leftBehind.map(({ version, number, pages }) => {
        const line = document.createElement("p");
        const links = pages.map(([page, count]) => linkTo(version, page, fill(wordPage, { page, count })));
        line.append(fill(wordTitle, { number }), ...links.flatMap((link) => [" ", link]));
        return line;
      }),
    );
  }

  #buttons() {
    return [...this.querySelectorAll("button:not([hidden]), select")];
  }

  #offerPeople(owners) {
    const choice = this.querySelector("[data-filter='person']");
    const [everybody] = choice.options;
    const facts = owners.map(({ owner, name }) => `${owner} ${name}`).join("\n");
    if (choice.dataset.shown === facts) return;
    choice.dataset.shown = facts;
    choice.replaceChildren(everybody, ...owners.map(({ owner, name }) => new Option(name, owner)));
    if (!owners.some(({ owner }) => String(owner) === this.#filter.person)) this.#filter.person = "all";
    choice.value = this.#filter.person;
  }

  #row(mark, book) {
    const row = this.querySelector("template").content.firstElementChild.cloneNode(true);
    const isMine = book.marks.isMine(mark);
    const isShared = mark.layer === "shared";
    row.dataset.markId = mark.id;
    for (const icon of row.querySelectorAll("[data-kind-icon]")) icon.hidden = icon.dataset.kindIcon !== mark.kind;
    row.querySelector("[data-kind-icons]").style.setProperty("--mark", mark.style.color);
    const where = fill(this.dataset.wordPage, { page: mark.page });
    row.querySelector("[data-where]").textContent = `${this.dataset[`kind${capital(mark.kind)}`]} · ${where}`;
    const said = row.querySelector("[data-words]");
    const words = mark.body ?? mark.anchor?.quote ?? "";
    said.hidden = !words;
    said.textContent = words.length > WORDS_LENGTH ? `${words.slice(0, WORDS_LENGTH)}…` : words;
    said.classList.toggle("quote", Boolean(mark.anchor));
    const facts = [isMine ? this.dataset.mine : mark.owner_name, isShared ? this.dataset.shared : this.dataset.private];
    if (mark.at) facts.push(moment(mark.at));
    if (mark.sync !== "saved") facts.push(this.dataset[mark.sync]);
    row.querySelector("[data-facts]").textContent = facts.join(" · ");
    const note = row.querySelector("[data-note]");
    note.hidden = !mark.note;
    note.textContent = mark.note ? fill(this.dataset.notShared, { reason: mark.note }) : "";
    const offers = { share: isMine && !isShared && mark.sync !== "refused", withdraw: isMine && isShared, erase: isMine };
    for (const button of row.querySelectorAll("[data-do]")) button.hidden = !(offers[button.dataset.do] ?? true);
    return row;
  }

  #filtered = (event) => {
    const { filter } = event.target.dataset;
    if (!filter) return;
    this.#filter[filter] = event.target.value;
    this.refresh(this.book);
  };

  #clicked = (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if ("close" in button.dataset) return this.close();
    const mark = this.marks?.get(button.closest("[data-mark-id]")?.dataset.markId);
    if (!mark) return;
    const act = button.dataset.do;
    if (act === "show") this.dispatchEvent(new CustomEvent("mark:show", { bubbles: true, detail: { mark } }));
    else this.dispatchEvent(new CustomEvent("mark:do", { bubbles: true, detail: { act, mark } }));
  };

  #keyed = (event) => {
    if (event.key === "Escape") this.close();
  };
}

function linkTo(version, page, words) {
  const link = document.createElement("a");
  link.className = "page-link";
  Object.assign(link.dataset, { openPaper: version, page });
  link.href = `#${page}`;
  link.textContent = words;
  return link;
}

function capital(word) {
  return word[0].toUpperCase() + word.slice(1);
}

/** 24/11 08:30 */
function moment(at) {
  const form = { day: "2-digit", month: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "Asia/Ho_Chi_Minh" };
  const parts = new Intl.DateTimeFormat("en-GB", form).formatToParts(new Date(at));
  const part = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  return `${part.day}/${part.month} ${part.hour}:${part.minute}`;
}

customElements.define("mark-list", MarkList);
