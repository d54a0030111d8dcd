// The marks of one opened paper: what its streams say, what this tablet does, what others are drawing. It joins the pure
// models with the connection and tells the elements what to draw.
//
// Events: "ink" (detail: [{page, added?}]), "preview" (detail: page), "counts", "note" (detail: {sentence, mark}),
//   "presented" (detail: the presenter's word or null), "withdrawn" (this person may not read the paper any more)

import { History, MOST_ACTS } from "../models/history.js";
import { MarkSet } from "../models/marks.js";
import { Previews } from "../models/previews.js";
import { newId } from "../realtime/surroundings.js";

const EXPIRY_MS = 2000;
/** What can be taken back is kept on the device when the pen rests, not between two strokes. */
const KEEP_HISTORY_AFTER_MS = 500;

export class MarkBook extends EventTarget {
  #connection;
  #stops = [];
  #isClosed = false;
  #expiry = null;
  #keepingHistory = null;
  #keepWhenLeaving = null;

  /**
   * @param {{version: string, streams: {private?: string, shared?: string, presenter?: string}, me: number,
   *   myName: string, meeting: string|null, paperMeeting: string, connection: import("../realtime/connection.js").Connection}} facts
   */
  constructor({ version, streams, me, myName, meeting, paperMeeting, connection }) {
    super();
    this.version = version;
    this.streams = streams;
    this.me = me;
    this.myName = myName;
    this.meeting = meeting;
    /** Acts on the papers of one meeting are kept in their order; each therefore names it. */
    this.paperMeeting = paperMeeting;
    this.#connection = connection;
    this.marks = new MarkSet(me);
    this.previews = new Previews();
    this.history = new History();
    /** Layers whose whole state has arrived: from here on nothing drawn elsewhere is missed. @type {Set<string>} */
    this.heard = new Set();
  }

  open() {
    const connection = this.#connection;
    this.#stops.push(connection.performed((outcome) => this.#settle(outcome)));
    for (const layer of ["private", "shared"]) {
      if (this.streams[layer]) this.#stops.push(connection.listen(this.streams[layer], this.#inkListener(layer)));
    }
    if (this.streams.presenter) {
      this.#stops.push(
        connection.listen(this.streams.presenter, {
          onReset: (state) => this.#tell("presented", state?.page ?? { version: this.version, page: null }),
          onEntries: (entries) => this.#tell("presented", entries.at(-1)),
        }),
      );
    }
    this.#keepWhenLeaving = () => document.visibilityState === "hidden" && this.#keepHistory();
    document.addEventListener("visibilitychange", this.#keepWhenLeaving);
    return Promise.all([this.#bringBackUnsent(), this.#bringBackHistory()]);
  }

  get #historyKey() {
    return `history:${this.version}`;
  }

  async #bringBackHistory() {
    const kept = await this.#connection.store.get("facts", this.#historyKey);
    if (!kept || this.#isClosed) return;
    // What was done before the device answered comes after what is kept.
    const { done, undone } = this.history;
    this.history = new History({ done: [...kept.done, ...done].slice(-MOST_ACTS), undone: done.length ? [] : [...kept.undone, ...undone] });
    this.#tell("counts");
  }

  #keepHistorySoon() {
    clearTimeout(this.#keepingHistory);
    this.#keepingHistory = setTimeout(() => this.#keepHistory(), KEEP_HISTORY_AFTER_MS);
  }

  #keepHistory() {
    clearTimeout(this.#keepingHistory);
    if (!this.history.isChanged) return;
    this.history.isChanged = false;
    this.#connection.store.put("facts", { id: this.#historyKey, ...this.history.toJSON() });
  }

  close() {
    this.#isClosed = true;
    document.removeEventListener("visibilitychange", this.#keepWhenLeaving);
    this.#keepHistory();
    for (const stop of this.#stops) stop();
    clearTimeout(this.#expiry);
    this.#stops = [];
  }

  #inkListener(layer) {
    return {
      onRefused: () => this.#tell("withdrawn"),
      onReset: (state) => {
        this.heard.add(layer);
        this.#ink(this.marks.reset(layer, state?.marks ?? []));
      },
      onEntries: (entries) => this.#ink(entries.flatMap((entry) => this.#take(layer, entry))),
      onEphemera: (ephemera) => ephemera.forEach((chunk) => this.#preview(chunk)),
    };
  }

  #take(layer, entry) {
    const page = this.previews.drop(entry.mark?.id ?? entry.id);
    if (page !== null) this.#tell("preview", page);
    if (entry.k === "erased" && entry.by !== this.me) this.history.forget(entry.id);
    return this.marks.apply(layer, entry);
  }

  #preview(chunk) {
    if (chunk.k !== "stroke" || this.marks.get(chunk.id)) return;
    const page = this.previews.append(chunk, this.#connection.now());
    if (page !== null) this.#tell("preview", page);
    clearTimeout(this.#expiry);
    this.#expiry = setTimeout(() => this.#expirePreviews(), EXPIRY_MS);
  }

  #expirePreviews() {
    for (const page of this.previews.expire(this.#connection.now())) this.#tell("preview", page);
    if (this.previews.strokes.size) this.#expiry = setTimeout(() => this.#expirePreviews(), EXPIRY_MS);
  }

  /** Marks of an earlier page load that the server has not answered, or has refused with a sentence, are there at once. */
  async #bringBackUnsent() {
    const [records, waiting] = await Promise.all([
      this.#connection.store.all("marks", { index: "version", equals: this.version }),
      this.#connection.waiting(),
    ]);
    if (this.#isClosed) return;
    const unsent = new Set(waiting.filter((row) => row.type === "make_mark").map((row) => row.payload.id));
    const copies = new Set(waiting.filter((row) => row.type === "share_mark").map((row) => row.payload.copy));
    const changes = [];
    for (const { type, payload } of waiting) {
      if (type === "rewrite_note") changes.push(...this.marks.rewrite(payload.id, payload.body));
    }
    for (const { version, ...mark } of records) {
      const isUnsent = unsent.has(mark.id) || copies.has(mark.id);
      if (isUnsent || mark.sync === "refused") changes.push(...this.marks.add(mark));
      else if (mark.note) changes.push(...this.marks.settle(mark.id, { note: mark.note }));
      else this.#connection.store.delete("marks", mark.id);
    }
    for (const { type, payload } of waiting) {
      if (type === "erase_mark" || type === "withdraw_mark") changes.push(...this.marks.erase(payload.id));
    }
    this.#ink(changes);
  }

  /** A finished stroke: on the screen, then on the device, then on the wire. */
  draw({ id = newId(), page, geometry, style, layer }) {
    return this.#put([{ id, page, kind: "ink", geometry, style, layer }])[0];
  }

  /** One passage, maybe over several pages, as one act. @param {{page: number, quads: number[][], anchor: object}[]} pieces */
  highlight(pieces, { style, layer }) {
    const facts = pieces.map(({ page, quads, anchor }) => ({ page, geometry: { quads }, anchor }));
    return this.#put(facts.map((fact) => ({ ...fact, id: newId(), kind: "highlight", style, layer })));
  }

  note({ page, point, body, style, layer }) {
    return this.#put([{ id: newId(), page, kind: "note", geometry: { point }, body, style, layer }])[0];
  }

  #put(facts) {
    const marks = this.#make(facts.map((fact) => this.#newMark(fact)));
    this.history.did({ did: "made", marks });
    this.#tell("counts");
    return marks;
  }

  #newMark({ id, page, kind, geometry, style, layer, body, anchor }) {
    const at = new Date(this.#connection.now()).toISOString();
    const words = { ...(body && { body }), ...(anchor && { anchor }) };
    const whose = { owner: this.me, owner_name: this.myName, at, revision: 1, sync: "pending" };
    return { id, page, kind, geometry, style, layer, ...words, ...whose };
  }

  /** Other words for an own note. */
  rewrite(mark, body) {
    if (body === mark.body) return;
    this.history.did({ did: "rewrote", marks: [mark], before: mark.body, after: body });
    this.#rewrite(mark, body);
  }

  #rewrite({ id }, body) {
    const mark = this.marks.get(id);
    if (!mark) return;
    this.#ink(this.marks.rewrite(id, body));
    const seen = { revision: mark.revision ?? 1, copy: newId(), meeting: this.paperMeeting };
    // A note that the server has not answered yet stands on the device as a whole, with the words it has now.
    const isUnsaved = mark.sync !== "saved" && !mark.server;
    const record = { store: "marks", put: { ...mark, body, version: this.version } };
    this.#perform("rewrite_note", { id, body, ...seen }, isUnsaved ? record : []);
  }

  #make(marks) {
    for (const mark of marks) {
      this.#ink(this.marks.add(mark));
      this.#perform("make_mark", this.#wireForm(mark), { store: "marks", put: { ...mark, version: this.version } });
    }
    return marks;
  }

  #wireForm({ id, page, layer, kind, geometry, style, body, anchor }) {
    const words = { ...(body && { body }), ...(anchor && { anchor }) };
    const place = { id, version: this.version, meeting: this.paperMeeting, page, layer };
    return { ...place, kind, geometry, style, ...words };
  }

  /** Erases own marks as one act that can be taken back as one. */
  erase(marks) {
    if (!marks.length) return;
    this.#erase(marks);
    this.history.did({ did: "erased", marks });
    this.#tell("counts");
  }

  #erase(marks) {
    for (const mark of marks) {
      this.#ink(this.marks.erase(mark.id));
      this.#perform("erase_mark", { id: mark.id, meeting: this.paperMeeting }, { store: "marks", delete: mark.id });
    }
  }

  /** A copy of a private mark for everybody in the meeting. The private one stays. */
  share(mark) {
    const copy = this.#newMark({ ...mark, id: newId(), layer: "shared" });
    this.#ink(this.marks.add(copy));
    const record = { ...copy, version: this.version };
    this.#perform("share_mark", { id: mark.id, meeting: this.meeting, copy: copy.id }, { store: "marks", put: record });
    return copy;
  }

  /** Takes a shared mark back from the others; its owner keeps it as a private one. */
  withdraw(mark) {
    if (!this.marks.twinOf(mark)) this.#make([this.#newMark({ ...mark, id: newId(), layer: "private" })]);
    this.#ink(this.marks.erase(mark.id));
    this.#perform("withdraw_mark", { id: mark.id, meeting: this.paperMeeting }, { store: "marks", delete: mark.id });
  }

  undo() {
    this.#redraw(this.history.undo());
  }

  redo() {
    this.#redraw(this.history.redo());
  }

  #redraw(act) {
    if (!act) return;
    if (act.rewrite) this.#rewrite(act.rewrite, act.body);
    if (act.erase) this.#erase(act.erase.filter((mark) => this.#isThere(mark)));
    for (const mark of act.make ?? []) {
      const again = this.#newMark({ ...mark, id: newId() });
      this.history.renamed(mark.id, again);
      this.#make([again]);
    }
    this.#tell("counts");
  }

  /** Of a page load before this one the streams may not have told yet. */
  #isThere(mark) {
    if (!this.marks.get(mark.id) && !this.heard.has(mark.layer)) this.#ink(this.marks.add(mark));
    return this.marks.get(mark.id) !== undefined;
  }

  /** The owner has read the sentence of a mark that was refused. */
  dismissNote(mark) {
    this.#ink(this.marks.settle(mark.id, { note: undefined }));
    this.#connection.store.delete("marks", mark.id);
  }

  /** What of a stroke being drawn others may see already. */
  showDrawing(page, id, style, chunk) {
    this.#connection.ephemeral(this.streams.shared, "stroke", { id, page, style, ...chunk });
  }

  showAbandoned(page, id) {
    this.#connection.ephemeral(this.streams.shared, "stroke", { id, page, gone: true });
  }

  /** Rejects when this person may not, or the meeting is over. */
  showPage(page) {
    return this.#connection.perform("show_page", { version: this.version, page, meeting: this.meeting });
  }

  #perform(type, payload, alsoStore) {
    this.#connection.perform(type, payload, { alsoStore, quiet: true }).catch(() => {});
  }

  /** The server's word on an operation, of this page load or an earlier one. */
  #settle({ type, payload, answer, refusal }) {
    if (type === "make_mark" && payload.version === this.version) return this.#settleMade(payload, refusal);
    if (type === "share_mark") return this.#settleShared(payload, answer, refusal);
    if (type === "rewrite_note") return this.#settleRewritten(payload, answer, refusal);
    if (type === "erase_mark" || type === "withdraw_mark") this.#settleErased(payload.id, refusal);
  }

  #settleMade(payload, refusal) {
    const mark = this.marks.marks.get(payload.id);
    if (!mark) return;
    if (!refusal) return this.#saved(mark);
    if (payload.layer === "shared") return this.#keepPrivate(mark, refusal.text);
    this.history.forget(mark.id);
    this.#ink(this.marks.refused(mark.id, refusal.text));
    this.#keep(mark.id);
    this.#tell("note", { mark: this.marks.get(mark.id), sentence: refusal.text, kind: "not_saved" });
  }

  #saved(mark) {
    this.#ink(this.marks.saved(mark.id));
    if (mark.note) this.#keep(mark.id);
    else this.#connection.store.delete("marks", mark.id);
  }

  /** What others shall not see is not lost: it becomes a private mark under the same id, with the reason. */
  #keepPrivate(mark, reason) {
    this.#ink(this.marks.madePrivate(mark.id, reason));
    this.showAbandoned(mark.page, mark.id);
    const own = this.marks.marks.get(mark.id);
    const record = { ...own, version: this.version };
    this.#perform("make_mark", this.#wireForm(own), { store: "marks", put: record });
    this.#tell("note", { mark: own, sentence: reason, kind: "not_shared" });
  }

  #settleShared({ copy }, answer, refusal) {
    const mark = this.marks.marks.get(copy);
    if (!mark) return;
    if (!refusal) return this.#saved(mark);
    this.#ink(this.marks.remove(copy));
    this.#connection.store.delete("marks", copy);
    this.#tell("note", { mark, sentence: refusal.text, kind: "not_shared" });
  }

  #settleRewritten({ id, body }, answer, refusal) {
    const mark = this.marks.marks.get(id);
    if (!mark) return this.marks.rewritten(id, false);
    this.#ink(this.marks.rewritten(id, !refusal && answer?.id === id));
    if (!this.marks.rewriting.has(id) && this.marks.marks.get(id)?.sync === "saved") this.#connection.store.delete("marks", id);
    if (!refusal) return undefined;
    this.history.forget(id);
    return this.#keepWords(mark, body, refusal.text);
  }

  /** Words the server does not take are not lost: they become a private note beside, with the reason. */
  #keepWords(mark, body, reason) {
    const kept = { ...this.#newMark({ ...mark, id: newId(), layer: "private", body }), note: reason };
    this.#ink(this.marks.add(kept));
    this.#perform("make_mark", this.#wireForm(kept), { store: "marks", put: { ...kept, version: this.version } });
    this.#tell("note", { mark: kept, sentence: reason, kind: "not_shared" });
  }

  #settleErased(id, refusal) {
    if (!refusal) return this.#ink(this.marks.remove(id));
    this.#ink(this.marks.restore(id));
    const mark = this.marks.get(id);
    if (mark) this.#tell("note", { mark, sentence: refusal.text, kind: "not_erased" });
  }

  #keep(id) {
    this.#connection.store.put("marks", { ...this.marks.marks.get(id), version: this.version });
  }

  #ink(changes) {
    if (changes.length) this.#tell("ink", changes);
    this.#tell("counts");
  }

  #tell(name, detail) {
    if (this.history.isChanged) this.#keepHistorySoon();
    if (!this.#isClosed) this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
