// What the keys do while a paper is read. The list that "?" shows stands in the template and names the same keys.

const LINE_PX = 96;

/** @param {KeyboardEvent} event @param {HTMLElement} reader the <phien-reader>, which has all rooms */
export function keyed(event, reader) {
  if (!reader.paper || event.defaultPrevented || event.altKey) return;
  const withControl = event.ctrlKey || event.metaKey;
  if (withControl && event.key.toLowerCase() === "f" && !event.shiftKey) return act(event, () => reader.searching.open());
  if (event.key === "F3") {
    return act(event, () => (reader.searching.isOpen ? reader.searching.step(event.shiftKey ? -1 : 1) : reader.searching.open()));
  }
  if (isTyping(event.target) || event.target.closest?.("dialog[open], [role='menu'], mark-list, mark-card, find-bar, paper-contents, more-menu")) return;
  if (withControl) return keyedWithControl(event, reader);
  if (event.key === "Escape") return reader.escape();
  if (event.key.length === 1 && !reader.marking.card.hidden) return; // what is typed belongs to the card
  if (reader.viewport.isHeld) return event.preventDefault(); // nor does the browser scroll under the pen
  const free = freeActs(event, reader)[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (free) return act(event, free);
  // On a button the arrows and the space bar belong to the button's own group or to itself.
  if (event.target.closest?.("button, a, summary") && !event.key.startsWith("Page")) return;
  const move = movesOf(event, reader)[event.key];
  if (!move) return;
  act(event, () => {
    reader.touched();
    move();
  });
}

function act(event, what) {
  event.preventDefault();
  what();
}

function keyedWithControl(event, reader) {
  const key = event.key.toLowerCase();
  if (key === "z" && !event.shiftKey) act(event, () => reader.book.undo());
  else if ((key === "z" && event.shiftKey) || key === "y") act(event, () => reader.book.redo());
}

function freeActs(event, reader) {
  return {
    "?": () => reader.showKeys(),
    "/": () => reader.searching.open(),
    g: () => reader.field.focus(),
    m: () => reader.marking.list.toggle(reader.book),
    n: () => reader.marking.beginNoteHere(),
    o: () => reader.contents.toggle(reader.page),
    b: () => reader.goBack(),
    d: () => reader.toggleNight(),
    s: () => reader.toggleSingle(),
    r: () => (event.shiftKey ? reader.rotateAll() : reader.rotate()),
  };
}

function movesOf(event, { viewport, pages, jump, zoomBy }) {
  const page = (step) => viewport.goTo(viewport.current + step);
  return {
    PageDown: () => viewport.turn(1),
    PageUp: () => viewport.turn(-1),
    " ": () => viewport.turn(event.shiftKey ? -1 : 1),
    ArrowRight: () => page(1),
    ArrowLeft: () => page(-1),
    ArrowDown: () => (viewport.isWhole ? page(1) : viewport.panBy(0, -LINE_PX)),
    ArrowUp: () => (viewport.isWhole ? page(-1) : viewport.panBy(0, LINE_PX)),
    Home: () => jump(0),
    End: () => jump(pages.length - 1),
    "+": () => zoomBy("in"),
    "=": () => zoomBy("in"),
    "-": () => zoomBy("out"),
    0: () => zoomBy("reset"),
  };
}

function isTyping(target) {
  return target.closest?.("input, textarea, select, [contenteditable]") !== null;
}
