// Large frames come in parts, because the server sends no message above a certain size:
// {"t": "part", "n": 1, "of": 3, "text": "…"}, in order, nothing in between.

export class FrameParts {
  /** @type {string[]} */
  #texts = [];

  /**
   * @param {{t: string, n?: number, of?: number, text?: string}} frame
   * @returns {object|null} the frame that is whole now
   */
  add(frame) {
    if (frame.t !== "part") return frame;
    if (frame.n === 1) this.#texts = [];
    this.#texts.push(frame.text);
    if (frame.n < frame.of) return null;
    return JSON.parse(this.#texts.join(""));
  }
}
