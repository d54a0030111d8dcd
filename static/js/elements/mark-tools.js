// The tools for writing on a paper, in the reader's toolbar. Holds which tool is in the hand; the reader asks and is told.
//   <mark-tools data-tool="select">
//     <button data-tool-choice="pen" aria-pressed="false">…</button> …
//     <button data-layer-choice="shared" aria-pressed="false">…</button> …
//     <button data-hand-writes aria-pressed="false">…</button>
//     <button data-undo>…</button> <button data-redo>…</button>
//     <div data-pen-options hidden><button data-color="#0b4f9e" …> <button data-width-pt="1.2" …></div>
//   </mark-tools>
// Events (bubbling): "tools" after every change, "tools:undo", "tools:redo".

const KEPT = "phien:pen";

export class MarkTools extends HTMLElement {
  connectedCallback() {
    this.tool ??= "select";
    this.layer ??= "private";
    this.handWrites ??= false;
    this.penSeen ??= false;
    this.ink = { ...this.#firstStyle(), ...kept() };
    this.addEventListener("click", this.#clicked);
    this.#show();
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.#clicked);
  }

  /** How the pen writes: {color, width_pt}. */
  get penStyle() {
    return { ...this.ink };
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
    if (!this.penSeen) this.handWrites = tool !== "select";
    this.#toggleOptions(tool === "pen" && (!isAgain || this.#options?.hidden !== false));
    this.#tell();
  }

  closeOptions() {
    this.#toggleOptions(false);
  }

  showHistory({ canUndo, canRedo }) {
    for (const [name, can] of [["undo", canUndo], ["redo", canRedo]]) {
      const button = this.querySelector(`[data-${name}]`);
      if (button) button.disabled = !can;
    }
  }

  get #options() {
    return this.querySelector("[data-pen-options]");
  }

  #firstStyle() {
    const color = this.querySelector("[data-color]")?.dataset.color ?? "#1a1d21";
    const width = Number(this.querySelector("[data-width-pt]")?.dataset.widthPt ?? 1.2);
    return { color, width_pt: width };
  }

  #clicked = (event) => {
    const button = event.target.closest("button");
    if (!button || !this.contains(button)) return;
    const { toolChoice, layerChoice, color, widthPt } = button.dataset;
    if (toolChoice) return this.choose(toolChoice);
    if (layerChoice) this.layer = this.#layerAfter(button);
    if (color) this.#write({ color });
    if (widthPt) this.#write({ width_pt: Number(widthPt) });
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

  #write(style) {
    this.ink = { ...this.ink, ...style };
    if (this.tool !== "pen") this.choose("pen");
    keep(this.ink);
  }

  #letHandWrite(writes) {
    this.handWrites = writes;
    if (writes && this.tool === "select") this.tool = "pen";
  }

  #toggleOptions(isOpen) {
    if (this.#options) this.#options.hidden = !isOpen;
    this.querySelector("[data-tool-choice='pen']")?.setAttribute("aria-expanded", String(isOpen));
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
    this.#press("[data-color]", (button) => button.dataset.color === this.ink.color);
    this.#press("[data-width-pt]", (button) => Number(button.dataset.widthPt) === this.ink.width_pt);
    this.#press("[data-hand-writes]", () => this.handWrites);
    this.style.setProperty("--pen-color", this.ink.color);
    this.style.setProperty("--pen-width", `${Math.max(2, this.ink.width_pt * 1.6)}px`);
    for (const button of this.querySelectorAll("button")) {
      const { toolChoice, layerChoice } = button.dataset;
      if (toolChoice && toolChoice !== "select") button.disabled = this.mayMark === false;
      if (layerChoice === "shared") button.disabled = this.mayShare === false;
      if ("handWrites" in button.dataset) button.disabled = this.mayMark === false;
    }
  }

  #press(selector, isPressed) {
    for (const button of this.querySelectorAll(selector)) button.setAttribute("aria-pressed", String(isPressed(button)));
  }
}

function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "{}");
  } catch {
    return {};
  }
}

function keep(style) {
  try {
    localStorage.setItem(KEPT, JSON.stringify(style));
  } catch {
    // Not remembered, then.
  }
}

customElements.define("mark-tools", MarkTools);
