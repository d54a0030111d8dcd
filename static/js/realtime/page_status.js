// Writes the state of the connection on <html>, where styles and browser tests find it.

/** @param {import("./connection.js").Connection} connection @param {HTMLElement} root */
export function showStatusOnPage(connection, root) {
  const show = () => {
    root.dataset.connection = connection.status;
    root.dataset.connectionWay = connection.way ?? "";
    root.dataset.pending = String(connection.pending);
    root.dataset.saved = String(connection.isSaved);
  };
  connection.addEventListener("status", show);
  show();
}
