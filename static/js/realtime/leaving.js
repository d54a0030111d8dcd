// What the page does when the server says that it cannot go on like this.

const NOT_AGAIN_WITHIN_MS = 30000;
const LOGIN = "/account/login/";

/** @param {import("./connection.js").Connection} connection */
export function followLeaving(connection) {
  connection.addEventListener("leave", ({ detail: { code } }) => {
    if (code === "logged_out") once(code, () => location.assign(loginAddress()));
    if (code === "removed" || code === "other_person") once(code, () => location.reload());
    if (code === "upgrade") whenNobodyWrites(() => once(code, () => location.reload()));
  });
}

/** What is in the outbox stays on the device and is sent after the next login. */
function loginAddress() {
  const here = encodeURIComponent(location.pathname + location.search);
  return `${document.body.dataset.login ?? LOGIN}?next=${here}`;
}

/** A server and a page that disagree must not drive each other round in circles. */
function once(code, act) {
  const key = `phien-left-${code}`;
  const last = Number(sessionStorage.getItem(key) ?? 0);
  if (Date.now() - last < NOT_AGAIN_WITHIN_MS) return;
  sessionStorage.setItem(key, String(Date.now()));
  act();
}

function whenNobodyWrites(act) {
  const isWriting = document.querySelector("[data-busy]") || document.activeElement?.matches("input, textarea, select, [contenteditable]");
  if (!isWriting) return act();
  setTimeout(() => whenNobodyWrites(act), 2000);
}
