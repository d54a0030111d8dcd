/** Own acts that can be taken back, up to so many. */
export const MOST_ACTS = 100;

/**
 * What this person did on a paper, to take back and to do again. An act is {did: "made" | "erased", marks: [Mark]}
 * or {did: "rewrote", marks: [Mark], before, after}, the words of a note.
 * A mark that comes back gets a new id (an erased id never returns), so `renamed` keeps the other acts right.
 */
export class History {
  constructor(kept = { done: [], undone: [] }) {
    this.done = kept.done;
    this.undone = kept.undone;
    /** Whether it should be kept again on the device. */
    this.isChanged = false;
  }

  did(act) {
    this.isChanged = true;
    this.done = [...this.done, act].slice(-MOST_ACTS);
    this.undone = [];
  }

  get canUndo() {
    return this.done.length > 0;
  }

  get canRedo() {
    return this.undone.length > 0;
  }

  /** Answers what to do now: {erase: [Mark]}, {make: [Mark]} or {rewrite: Mark, body}, or null. */
  undo() {
    const act = this.done.pop();
    if (!act) return null;
    this.isChanged = true;
    this.undone.push(act);
    if (act.did === "rewrote") return { rewrite: act.marks[0], body: act.before };
    return act.did === "made" ? { erase: act.marks } : { make: act.marks };
  }

  redo() {
    const act = this.undone.pop();
    if (!act) return null;
    this.isChanged = true;
    this.done.push(act);
    if (act.did === "rewrote") return { rewrite: act.marks[0], body: act.after };
    return act.did === "made" ? { make: act.marks } : { erase: act.marks };
  }

  /** The mark `oldId` lives on as `mark`. */
  renamed(oldId, mark) {
    this.isChanged = true;
    for (const act of [...this.done, ...this.undone]) {
      act.marks = act.marks.map((known) => (known.id === oldId ? mark : known));
    }
  }

  /** A mark that is gone for good (refused, erased elsewhere) is nothing to take back. */
  forget(id) {
    if (![...this.done, ...this.undone].some((act) => act.marks.some((mark) => mark.id === id))) return;
    this.isChanged = true;
    const without = (acts) =>
      acts
        .map((act) => ({ ...act, marks: act.marks.filter((mark) => mark.id !== id) }))
        .filter((act) => act.marks.length);
    this.done = without(this.done);
    this.undone = without(this.undone);
  }

  toJSON() {
    return { done: this.done, undone: this.undone };
  }
}
