// The tools for writing on a paper, in the reader's toolbar. Holds which tool is in the hand; the reader asks and is told.
//   <mark-tools data-tool="select">
//     <button data-tool-choice="pen" aria-pressed="false">…</button> …
//     <button data-layer-choice="shared" aria-pressed="false">…</button> …
//     <button data-hand-writes aria-pressed="false">…</button>
//     <button data-undo>…</button> <button data-redo>…</button>
//     <div data-options="pen" hidden><button data-color="#0b4f9e" …> <button data-width-pt="1.2" …></div>
//     <div data-options="marker" hidden>…</div>
//   </mark-tools>
// Events (bubbling): "tools" after every change, "tools:undo", "tools:redo".

const KEPT = "phien:pens";
const PENS = ["pen", "marker"];
/** A sign of a note, and what is highlighted without choosing a colour. */
const NOTE_COLOR = "#f6c945";
const HIGHLIGHT_COLOR = "#ffe27a";

export class MarkTools extends HTMLElement {
  connectedCallback() {
    this.tool ??= "select";
    this.layer ??= "private";
    this.handWrites ??= false;
    this.penSeen ??= false;
    const remembered = kept();
    /** How each pen writes: {pen: {color, width_pt}, marker: {…}}. */
    this.ink = Object.fromEntries(PENS.map((pen) => [pen, { ...this.#firstStyle(pen), ...remembered[pen] }]));
    this.addEventListener("click", this.#clicked);
    this.#show();
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.#clicked);
  }

  /** How the pen in the hand writes: {color, width_pt, pen?: "marker"}. */
  get penStyle() {
    return this.tool === "marker" ? { ...this.ink.marker, pen: "marker" } : { ...this.ink.pen };
  }

  get noteColor() {
    return NOTE_COLOR;
  }

  get highlightColor() {
    return HIGHLIGHT_COLOR;
  }

  /** What may be done with the opened paper. */
  allow({ mark, share }) {
    this.mayMark = mark;
    this.mayShare = share;
    if (!share) this.layer = "private";
    if (!mark) this.tool = "select";
    this.#show();
  }

  /** The first pen: it writes, and fingers move the paper. */
  meetPen(tool) {
    this.penSeen = true;
    this.handWrites = false;
    this.choose(tool);
  }

  choose(tool) {
    const isAgain = this.tool === tool;
    this.tool = tool;
    // Without a pen in the house, whoever takes the pen wants to write with the finger or the mouse.
    if (!this.penSeen) this.handWrites = tool !== "select" && tool !== "note";
    this.#showOptions(isAgain && this.#options(tool)?.hidden === false ? null : tool);
    this.#tell();
  }

  closeOptions() {
    this.#showOptions(null);
  }

  showHistory({ canUndo, canRedo }) {
    for (const [name, can] of [["undo", canUndo], ["redo", canRedo]]) {
      const button = this.querySelector(`[data-${name}]`);
      if (button) button.disabled = !can;
    }
  }

  #options(pen) {
    return this.querySelector(`[data-options="${pen}"]`);
  }

  #firstStyle(pen) {
    const options = this.#options(pen);
    const color = options?.querySelector("[data-color]")?.dataset.color ?? "#1a1d21";
    const width = Number(options?.querySelector("[data-width-pt]")?.dataset.widthPt ?? 1.2);
    return { color, width_pt: width };
  }

  #clicked = (event) => {
    const button = event.target.closest("button");
    if (!button || !this.contains(button)) return;
    const { toolChoice, layerChoice, color, widthPt } = button.dataset;
    if (toolChoice) return this.choose(toolChoice);
    if (layerChoice) this.layer = this.#layerAfter(button);
    const pen = button.closest("[data-options]")?.dataset.options;
    if (pen && color) this.#write(pen, { color });
    if (pen && widthPt) this.#write(pen, { width_pt: Number(widthPt) });
    if ("handWrites" in button.dataset) this.#letHandWrite(!this.handWrites);
    if ("undo" in button.dataset) return this.#emit("tools:undo");
    if ("redo" in button.dataset) return this.#emit("tools:redo");
    this.#tell();
  };

  /** Where a narrow bar has room for the chosen layer only, touching it chooses the other one. */
  #layerAfter(button) {
    const other = this.querySelector(`[data-layer-choice]:not([data-layer-choice="${button.dataset.layerChoice}"])`);
    const isAlone = other && other.getClientRects().length === 0 && !other.disabled;
    return isAlone ? other.dataset.layerChoice : button.dataset.layerChoice;
  }

  #write(pen, style) {
    this.ink = { ...this.ink, [pen]: { ...this.ink[pen], ...style } };
    if (this.tool !== pen) this.choose(pen);
    keep(this.ink);
  }

  #letHandWrite(writes) {
    this.handWrites = writes;
    if (writes && this.tool === "select") this.tool = "pen";
  }

  #showOptions(tool) {
    for (const pen of PENS) {
      const options = this.#options(pen);
      if (options) options.hidden = pen !== tool;
      this.querySelector(`[data-tool-choice="${pen}"]`)?.setAttribute("aria-expanded", String(pen === tool));
    }
  }

  #tell() {
    this.#show();
    this.#emit("tools");
  }

  #emit(name) {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true }));
  }

  #show() {
    this.dataset.tool = this.tool;
    this.dataset.layer = this.layer;
    this.#press("[data-tool-choice]", (button) => button.dataset.toolChoice === this.tool);
    this.#press("[data-layer-choice]", (button) => button.dataset.layerChoice === this.layer);
    for (const pen of PENS) {
      const { color, width_pt: width } = this.ink[pen];
      this.#press(`[data-options="${pen}"] [data-color]`, (button) => button.dataset.color === color);
      this.#press(`[data-options="${pen}"] [data-width-pt]`, (button) => Number(button.dataset.widthPt) === width);
      this.style.setProperty(`--${pen}-color`, color);
    }
    this.#press("[data-hand-writes]", () => this.handWrites);
    this.style.setProperty("--pen-width", `${Math.max(2, this.ink.pen.width_pt * 1.6)}px`);
    for (const button of this.querySelectorAll("button")) {
      const { toolChoice, layerChoice } = button.dataset;
      if (toolChoice && toolChoice !== "select") button.disabled = this.mayMark === false;
      if (layerChoice === "shared") button.disabled = this.mayShare === false;
      if ("handWrites" in button.dataset) {
        button.disabled = this.mayMark === false;
        button.hidden = !this.penSeen; // without a pen in the house the finger writes anyway
      }
    }
  }

  #press(selector, isPressed) {
    for (const button of this.querySelectorAll(selector)) button.setAttribute("aria-pressed", String(isPressed(button)));
  }
}

function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "{}") ?? {};
  } catch {
    return {};
  }
}

function keep(ink) {
  try {
    localStorage.setItem(KEPT, JSON.stringify(ink));
  } catch {
    // Not remembered, then.
  }
}

customElements.define("mark-tools", MarkTools);
