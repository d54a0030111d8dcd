// What a new version changed, and the line that says a newer one is there. Neither comes while a pen is on the paper.

import { countOf, nextChange, pagesToLookAt, runsOf } from "../models/page_changes.js";
import { fill } from "../models/words.js";
import { Paper } from "./paper.js";

const RUNS_SAID = 8;

export class News {
  #newer = null;
  /** Newer versions this person has put aside. */
  #putAside = new Set();

  /** @param {HTMLElement} reader the <phien-reader>, which has all rooms */
  constructor(reader) {
    this.reader = reader;
    this.bar = reader.querySelector("[data-news]");
    this.line = reader.querySelector("[data-newer]");
  }

  connect(on) {
    on(this.bar, "click", (event) => this.#clicked(event));
    on(this.line, "click", (event) => this.#clicked(event));
  }

  get #told() {
    return this.reader.paper?.manifest.news ?? null;
  }

  /** A paper was opened, or none is open any more. */
  show() {
    this.#newer = null;
    this.line.hidden = true;
    this.bar.hidden = !this.#told?.is_unopened;
    this.#write();
    this.panelSwapped();
  }

  /** From the sheet of contents, after the bar was closed. */
  showAgain() {
    this.reader.contents.close();
    this.bar.hidden = false;
  }

  #write() {
    const told = this.#told;
    this.reader.querySelector("[data-show-news]").hidden = !told;
    if (!told) return;
    const { wordTitle, wordUnchanged } = this.bar.dataset;
    const clauses = ["changed", "added", "removed"].filter((kind) => told[kind].length).map((kind) => this.#clause(kind));
    if (told.is_compared && !clauses.length) clauses.push([wordUnchanged]);
    const parts = clauses.flatMap((clause, place) => [place ? "; " : ": ", ...clause]);
    this.bar.querySelector("[data-told]").replaceChildren(fill(wordTitle, told), ...parts);
    this.bar.querySelector("[data-steps]").hidden = !pagesToLookAt(told).length;
    this.#writeLeftBehind();
    this.reader.contents.showChanges(told);
  }

  /** How many marks of older versions this person does not see here. */
  #writeLeftBehind() {
    const button = this.bar.querySelector("[data-show-left]");
    const count = countOf(this.reader.paper.manifest.left_behind);
    button.hidden = !count;
    button.textContent = fill(button.dataset.word, { count });
  }

  #clause(kind) {
    const runs = runsOf(this.#told[kind]);
    const [before, after] = this.bar.dataset[`word${kind[0].toUpperCase()}${kind.slice(1)}`].split("{pages}");
    const named = runs.slice(0, RUNS_SAID).flatMap((run, place) => [place ? ", " : "", kind === "removed" ? nameOf(run) : button(run)]);
    return [before, ...named, runs.length > RUNS_SAID ? ", …" : "", after];
  }

  /** The agenda was shown anew: it names the version in force of each paper, and whether that was compared. */
  panelSwapped() {
    const { paper } = this.reader;
    const link = paper && document.querySelector(`a[data-open-paper][data-document="${paper.manifest.document}"]`);
    if (!link) return;
    const { openPaper: version, number, compared } = link.dataset;
    if (version === paper.version) {
      if (compared && this.#told && !this.#told.is_compared) this.#askAgain(paper);
      return;
    }
    if (Number(number) <= paper.manifest.number || this.#putAside.has(version)) return;
    this.#newer = { version, number };
    this.showWhenHandsRest();
  }

  async #askAgain(paper) {
    const { manifest } = await Paper.open(paper.version).catch(() => paper);
    if (this.reader.paper !== paper) return;
    paper.manifest.news = manifest.news && { ...manifest.news, is_unopened: false };
    paper.manifest.left_behind = manifest.left_behind;
    this.reader.marking.list.showLeftBehind(manifest.left_behind);
    this.#write();
  }

  showWhenHandsRest() {
    if (!this.#newer || this.reader.hands.isBusy) return;
    this.line.querySelector("[data-told]").textContent = fill(this.line.dataset.wordTitle, this.#newer);
    this.line.hidden = false;
    this.bar.hidden = true;
  }

  #clicked({ target }) {
    const button = target.closest("button");
    if (!button) return;
    const { change } = button.dataset;
    if (change) this.#step(Number(change));
    if ("showLeft" in button.dataset) this.reader.marking.list.toggle(this.reader.book);
    if ("closeNews" in button.dataset) this.#close(button.closest(".paper-news"));
    if ("openNewer" in button.dataset) this.reader.openNewer(this.#newer.version);
  }

  #step(step) {
    const page = nextChange(pagesToLookAt(this.#told), this.reader.page, step);
    if (page) this.reader.jump(page - 1);
  }

  #close(part) {
    if (part === this.line) {
      this.#putAside.add(this.#newer.version);
      this.#newer = null;
    }
    part.hidden = true;
    this.reader.scroller.focus({ preventScroll: true });
  }
}

function button(run) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "page-link";
  made.dataset.goTo = run[0];
  made.textContent = nameOf(run);
  return made;
}

function nameOf([first, last]) {
  return last > first ? `${first}–${last}` : String(first);
}
