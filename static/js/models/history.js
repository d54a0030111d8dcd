/** Own acts that can be taken back, up to so many. */
export const MOST_ACTS = 100;

/**
 * What this person did on a paper, to take back and to do again. An act is {did: "made" | "erased", marks: [Mark]}.
 * A mark that comes back gets a new id (an erased id never returns), so `renamed` keeps the other acts right.
 */
export class History {
  constructor(kept = { done: [], undone: [] }) {
    this.done = kept.done;
    this.undone = kept.undone;
  }

  did(act) {
    this.done = [...this.done, act].slice(-MOST_ACTS);
    this.undone = [];
  }

  get canUndo() {
    return this.done.length > 0;
  }

  get canRedo() {
    return this.undone.length > 0;
  }

  /** Answers what to do now: {erase: [Mark]} or {make: [Mark]}, or null. */
  undo() {
    const act = this.done.pop();
    if (!act) return null;
    this.undone.push(act);
    return act.did === "made" ? { erase: act.marks } : { make: act.marks };
  }

  redo() {
    const act = this.undone.pop();
    if (!act) return null;
    this.done.push(act);
    return act.did === "made" ? { make: act.marks } : { erase: act.marks };
  }

  /** The mark `oldId` lives on as `mark`. */
  renamed(oldId, mark) {
    for (const act of [...this.done, ...this.undone]) {
      act.marks = act.marks.map((known) => (known.id === oldId ? mark : known));
    }
  }

  /** A mark that is gone for good (refused, erased elsewhere) is nothing to take back. */
  forget(id) {
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
