import { csrfToken } from "../csrf.js";

/**
 * Sends many papers, one after the other, each with its progress and its own refusal beside it. The grade is asked
 * first: a graded paper never leaves the machine. Without a script the form inside is an ordinary one.
 *
 *   <paper-upload data-limit-bytes="524288000" data-too-large="…" data-empty="…" data-graded="…" data-waiting="…"
 *       data-sending="sending: {percent} %" data-checking="…" data-done="…" data-failed="…" data-again="…" data-stop="…" data-stopped="…">
 *     <form method="post" enctype="multipart/form-data" action="/meetings/…/papers/">
 *       <input type="radio" name="declared_grade" value="none"> … <input type="file" name="files" multiple>
 *       <div class="drop-zone">…</div> <ul class="uploads" hidden></ul>
 *     </form>
 *   </paper-upload>
 */
class PaperUpload extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.files = this.form?.querySelector("input[type=file]");
    this.zone = this.form?.querySelector(".drop-zone");
    this.rows = this.form?.querySelector(".uploads");
    if (!this.files || !this.rows) return;
    this.waiting = [];
    this.form.addEventListener("submit", this.send);
    this.files.addEventListener("change", this.send);
    for (const name of ["dragenter", "dragover", "dragleave", "drop"]) this.zone?.addEventListener(name, this.drag);
    window.addEventListener("beforeunload", this.stay);
  }

  disconnectedCallback() {
    this.form?.removeEventListener("submit", this.send);
    this.files?.removeEventListener("change", this.send);
    for (const name of ["dragenter", "dragover", "dragleave", "drop"]) this.zone?.removeEventListener(name, this.drag);
    window.removeEventListener("beforeunload", this.stay);
    this.request?.abort();
  }

  get grade() {
    return this.form.querySelector("[name=declared_grade]:checked")?.value;
  }

  send = (event) => {
    event.preventDefault();
    const chosen = [...this.files.files];
    this.files.value = "";
    this.take(chosen);
  };

  /** @param {DragEvent} event */
  drag = (event) => {
    event.preventDefault();
    this.zone.classList.toggle("over", event.type === "dragenter" || event.type === "dragover");
    if (event.type === "drop") this.take([...(event.dataTransfer?.files ?? [])]);
  };

  stay = (event) => {
    if (this.request) event.preventDefault();
  };

  /** @param {File[]} files */
  take(files) {
    if (!files.length) {
      this.form.reportValidity();
      return;
    }
    if (this.grade !== "none") {
      this.form.querySelector("[name=declared_grade]")?.focus();
      return;
    }
    const item = this.form.elements.namedItem("item")?.value ?? "";
    for (const file of files) this.waiting.push(this.rowFor(file, item));
    this.next();
  }

  rowFor(file, item) {
    const row = { file, item, line: document.createElement("li") };
    const name = document.createElement("span");
    name.className = "grow";
    name.textContent = file.name;
    row.bar = document.createElement("progress");
    row.bar.className = "progress";
    row.bar.max = 100;
    row.bar.value = 0;
    row.bar.setAttribute("aria-label", file.name);
    row.told = document.createElement("span");
    row.told.className = "told";
    row.button = document.createElement("button");
    row.button.type = "button";
    row.button.className = "button quiet";
    row.button.addEventListener("click", () => (row.line.dataset.state === "failed" ? this.again(row) : this.stop(row)));
    row.line.append(name, row.bar, row.told, row.button);
    this.rows.append(row.line);
    this.rows.hidden = false;
    this.tell(row, "waiting", this.dataset.waiting);
    return row;
  }

  next() {
    if (this.request) return;
    const row = this.waiting.shift();
    if (!row) return;
    const refusal = this.refusalOf(row.file);
    if (refusal) {
      this.tell(row, "refused", refusal);
      this.next();
      return;
    }
    this.post(row);
  }

  /** What this machine can say before a byte travels. */
  refusalOf(file) {
    if (file.size === 0) return this.dataset.empty;
    if (file.size > Number(this.dataset.limitBytes)) return this.dataset.tooLarge;
    return "";
  }

  post(row) {
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append("declared_grade", "none");
    body.append("item", row.item);
    body.append("files", row.file);
    request.open("POST", this.form.action);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.responseType = "json";
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      const percent = total ? Math.floor((100 * loaded) / total) : 0;
      row.bar.value = percent;
      this.tell(row, "sending", this.dataset.sending.replace("{percent}", String(percent)));
    });
    request.upload.addEventListener("load", () => this.tell(row, "checking", this.dataset.checking));
    request.addEventListener("load", () => this.answered(row, request));
    request.addEventListener("error", () => this.ended(row, "failed", this.dataset.failed));
    request.addEventListener("abort", () => this.ended(row, "stopped", this.dataset.stopped));
    this.request = request;
    row.request = request;
    this.tell(row, "sending", this.dataset.sending.replace("{percent}", "0"));
    request.send(body);
  }

  answered(row, request) {
    const paper = request.response?.papers?.[0];
    const text = paper?.text || request.response?.text;
    if (request.status === 201) this.ended(row, "done", this.dataset.done);
    else if (request.status === 422 && text) this.ended(row, "refused", text);
    else this.ended(row, "failed", this.dataset.failed);
  }

  ended(row, state, text) {
    this.request = undefined;
    row.request = undefined;
    this.tell(row, state, text);
    this.next();
  }

  again(row) {
    this.tell(row, "waiting", this.dataset.waiting);
    this.waiting.push(row);
    this.next();
  }

  stop(row) {
    if (row.request) {
      row.request.abort();
      return;
    }
    this.waiting = this.waiting.filter((other) => other !== row);
    this.tell(row, "stopped", this.dataset.stopped);
  }

  tell(row, state, text) {
    row.line.dataset.state = state;
    row.told.textContent = text;
    row.bar.hidden = !["waiting", "sending", "checking"].includes(state);
    if (state === "checking") row.bar.removeAttribute("value");
    row.button.hidden = !["waiting", "sending", "failed"].includes(state);
    row.button.textContent = state === "failed" ? this.dataset.again : this.dataset.stop;
  }
}

customElements.define("paper-upload", PaperUpload);
