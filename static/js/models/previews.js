import { pointsOfIntegers } from "./stroke.js";

/** A preview nobody appends to for so long is given up: its tablet left or its mark came in another way. */
export const FORGOTTEN_AFTER_MS = 10_000;

/**
 * Strokes that others are drawing right now. They arrive as chunks {id, page, offset, d, style}: `d` continues the
 * list of integers (1/50 pt, the first two are the start) at `offset`. The durable mark of the same id takes over.
 */
export class Previews {
  constructor() {
    this.strokes = new Map();
  }

  /** Answers the page to draw again, or null. */
  append(chunk, nowMs) {
    if (chunk.gone) return this.drop(chunk.id);
    const stroke = this.strokes.get(chunk.id) ?? this.begin(chunk);
    if (!stroke || chunk.offset > stroke.ints.length) return null; // a piece is missing: the durable mark will heal it
    const fresh = chunk.d.slice(stroke.ints.length - chunk.offset);
    stroke.ints.push(...fresh);
    stroke.touchedAt = nowMs;
    return fresh.length ? stroke.page : null;
  }

  begin(chunk) {
    if (chunk.offset !== 0) return null;
    const stroke = { id: chunk.id, page: chunk.page, by: chunk.by, style: chunk.style, ints: [], touchedAt: 0 };
    this.strokes.set(chunk.id, stroke);
    return stroke;
  }

  drop(id) {
    const stroke = this.strokes.get(id);
    this.strokes.delete(id);
    return stroke ? stroke.page : null;
  }

  /** Pages on which something was given up. */
  expire(nowMs) {
    const old = [...this.strokes.values()].filter((stroke) => nowMs - stroke.touchedAt > FORGOTTEN_AFTER_MS);
    for (const stroke of old) this.strokes.delete(stroke.id);
    return old.map((stroke) => stroke.page);
  }

  onPage(page) {
    return [...this.strokes.values()]
      .filter((stroke) => stroke.page === page && stroke.ints.length >= 2)
      .map((stroke) => ({ ...stroke, points: pointsOfIntegers(stroke.ints) }));
  }
}

/** Cuts the growing list of integers of a stroke into chunks, each beginning where the last one ended. */
export class Chunks {
  constructor() {
    this.sent = 0;
  }

  /** @param {number[]} ints @returns {{offset: number, d: number[]} | null} */
  next(ints) {
    if (ints.length <= this.sent) return null;
    const chunk = { offset: this.sent, d: ints.slice(this.sent) };
    this.sent = ints.length;
    return chunk;
  }
}
