import { KeptUploads } from "../models/kept_uploads.js";
import { ResumableUpload } from "../models/resumable_upload.js";
import { rest, send } from "../upload_request.js";

/**
 * Sends papers in pieces, one file after the other, each with its progress and its own refusal beside it; a line that is cut
 * and a page that is loaded anew cost nothing. Files are chosen, dropped on the zone, or dropped on a line of the
 * agenda, to whose item they then belong. The grade is asked first: a graded paper never leaves the machine.
 * Without a script the form inside is an ordinary one.
 *
 *   <paper-upload data-address="/meetings/…/uploads/" data-document="" data-then="" data-limit-bytes="524288000" data-too-large="…"
 *       data-empty="…" data-sending="sending: {percent} %" data-…="see _upload_words.html">
 *     <form method="post" enctype="multipart/form-data" action="/meetings/…/papers/">
 *       <input type="radio" name="declared_grade" value="none"> … <input type="file" name="files" multiple>
 *       <p class="grade-first" hidden>…</p> <div class="drop-zone">…</div> <ul class="uploads" hidden></ul>
 *     </form>
 *   </paper-upload>
 *   <li data-papers-of="7">  anywhere on the page: files dropped here belong to item 7
 */
const DRAGS = ["dragenter", "dragover", "dragleave", "drop"];
const LINES = "[data-papers-of], agenda-order [data-item]";
const GOING = ["waiting", "sending", "offline", "checking"];
const STOPPABLE = ["waiting", "sending", "offline", "paused", "failed", "login"];

class PaperUpload extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.files = this.form?.querySelector("input[type=file]");
    this.zone = this.form?.querySelector(".drop-zone");
    this.rows = this.form?.querySelector(".uploads");
    this.gradeFirst = this.form?.querySelector(".grade-first");
    if (!this.files || !this.rows) return;
    this.waiting = [];
    this.kept = new KeptUploads(localStorage, Date.now);
    this.form.addEventListener("submit", this.choose);
    this.files.addEventListener("change", this.choose);
    this.form.addEventListener("change", this.grade);
    for (const name of DRAGS) document.addEventListener(name, this.drag);
    window.addEventListener("beforeunload", this.stay);
  }

  disconnectedCallback() {
    this.form?.removeEventListener("submit", this.choose);
    this.files?.removeEventListener("change", this.choose);
    this.form?.removeEventListener("change", this.grade);
    for (const name of DRAGS) document.removeEventListener(name, this.drag);
    window.removeEventListener("beforeunload", this.stay);
    this.current?.upload.leave();
  }

  get declaredGrade() {
    return this.form.querySelector("[name=declared_grade]:checked")?.value;
  }

  choose = (event) => {
    event.preventDefault();
    const chosen = [...this.files.files];
    this.files.value = "";
    if (chosen.length) this.take(chosen, this.form.elements.namedItem("item")?.value ?? "");
    else this.form.reportValidity();
  };

  /** @param {DragEvent} event */
  drag = (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    const { place, item } = this.placeUnder(event.target);
    if (this.over !== place) this.over?.classList.remove("over");
    this.over = undefined;
    if (!place) return;
    event.preventDefault();
    if (event.type === "dragenter" || event.type === "dragover") this.over = place;
    place.classList.toggle("over", this.over === place);
    if (event.type === "drop") this.take([...event.dataTransfer.files], item);
  };

  placeUnder(target) {
    if (this.zone?.contains(target)) return { place: this.zone, item: this.form.elements.namedItem("item")?.value ?? "" };
    const line = this.dataset.document ? null : target.closest?.(LINES);
    return line ? { place: line, item: line.dataset.papersOf ?? line.dataset.item } : {};
  }

  stay = (event) => {
    if (this.current) event.preventDefault();
  };

  /** @param {File[]} files @param {string} item key of its row, or "" for the whole meeting */
  take(files, item) {
    if (!files.length) return;
    if (this.declaredGrade !== "none") {
      this.held = this.declaredGrade ? undefined : { files, item };
      this.askGrade();
      return;
    }
    const all = this.files.multiple ? files : files.slice(0, 1);
    for (const file of all) this.waiting.push(this.rowFor(file, item));
    this.next();
  }

  askGrade() {
    if (this.gradeFirst && this.held) this.gradeFirst.hidden = false;
    const radio = this.form.querySelector("[name=declared_grade]:checked") ?? this.form.querySelector("[name=declared_grade]");
    radio?.focus();
    radio?.closest("fieldset")?.scrollIntoView({ block: "center" });
  }

  /** What was dropped before the grade was told goes once it is; a graded paper never does. */
  grade = (event) => {
    if (event.target.name !== "declared_grade") return;
    const { held } = this;
    this.held = undefined;
    if (this.gradeFirst) this.gradeFirst.hidden = true;
    if (held && this.declaredGrade === "none") this.take(held.files, held.item);
  };

  rowFor(file, item) {
    const row = { file, item, line: document.createElement("li"), told: document.createElement("span") };
    const name = document.createElement("span");
    name.className = "grow";
    name.textContent = file.name;
    row.told.className = "told";
    row.bar = document.createElement("progress");
    row.bar.className = "progress";
    row.bar.max = 100;
    row.bar.value = 0;
    row.bar.setAttribute("aria-label", file.name);
    row.pause = this.button(file, () => (GOING.includes(row.line.dataset.state) ? this.pause(row) : this.goOn(row)));
    row.stop = this.button(file, () => this.stop(row));
    row.line.append(name, row.bar, row.told, row.pause, row.stop);
    this.rows.append(row.line);
    this.rows.hidden = false;
    this.tell(row, "waiting");
    return row;
  }

  button(file, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button quiet";
    button.dataset.file = file.name;
    button.addEventListener("click", act);
    return button;
  }

  next() {
    if (this.current) return;
    const row = this.waiting.shift();
    if (!row) return;
    const refusal = this.refusalOf(row.file);
    if (refusal) {
      this.tell(row, "refused", refusal);
      this.next();
      return;
    }
    this.current = row;
    row.upload ??= this.uploadOf(row);
    row.upload.run().then(() => {
      this.current = undefined;
      if (row.line.dataset.state === "login") this.holdThoseInLine();
      this.next();
    });
  }

  /** They would all be sent away in the same words. */
  holdThoseInLine() {
    for (const row of this.waiting.splice(0)) this.tell(row, "paused");
  }

  /** What this machine can say before a byte travels. */
  refusalOf(file) {
    if (file.size === 0) return this.dataset.empty;
    if (file.size > Number(this.dataset.limitBytes)) return this.dataset.tooLarge;
    return "";
  }

  uploadOf(row) {
    return new ResumableUpload({
      file: row.file,
      address: this.dataset.address,
      words: { declared_grade: "none", item: row.item, document: this.dataset.document ?? "" },
      kept: this.kept,
      send,
      rest,
      tell: (state, detail) => this.tell(row, state, detail),
      now: () => performance.now(),
    });
  }

  pause(row) {
    this.waiting = this.waiting.filter((other) => other !== row);
    if (row === this.current) row.upload.pause();
    else this.tell(row, "paused");
  }

  /** After a pause or a failure, before those that still wait; the one whose last piece is under way just goes on. */
  goOn(row) {
    if (row === this.current) {
      row.upload.run();
      return;
    }
    this.waiting.unshift(row);
    this.tell(row, "waiting");
    this.next();
  }

  stop(row) {
    this.waiting = this.waiting.filter((other) => other !== row);
    if (row.upload) row.upload.stop();
    else this.tell(row, "stopped");
  }

  /** @param {string | number} [detail] the percentage while it is being sent, the sentence of a refusal */
  tell(row, state, detail) {
    const words = { ...this.dataset, sending: this.dataset.sending.replace("{percent}", String(detail)) };
    row.line.dataset.state = state;
    row.told.textContent = (typeof detail === "string" && detail) || words[state];
    row.bar.hidden = ![...GOING, "paused"].includes(state);
    if (state === "sending") row.bar.value = detail;
    if (state === "checking") row.bar.removeAttribute("value");
    const isGoing = GOING.includes(state);
    this.label(row.pause, isGoing ? words.pause : state === "paused" ? words.goOn : words.again);
    if (state === "login") row.told.append(" ", this.wayToLogIn());
    row.pause.hidden = !STOPPABLE.includes(state);
    this.label(row.stop, words.stop);
    row.stop.hidden = !STOPPABLE.includes(state);
    if (state === "done" && this.dataset.then) this.leaveFor(this.dataset.then);
  }

  /** In a tab of its own: this page holds the files, and what was sent of them goes on from here. */
  wayToLogIn() {
    const way = document.createElement("a");
    way.href = this.dataset.loginAddress;
    way.target = "_blank";
    way.rel = "noopener";
    way.textContent = this.dataset.toLogin;
    return way;
  }

  label(button, words) {
    if (button.textContent === words) return;
    button.textContent = words;
    button.setAttribute("aria-label", `${words}: ${button.dataset.file}`);
  }

  leaveFor(address) {
    window.removeEventListener("beforeunload", this.stay);
    location.assign(address);
  }
}

customElements.define("paper-upload", PaperUpload);
