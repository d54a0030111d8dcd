// Brings the scripts of a page when it has been painted for the first time. Asking for a hundred modules keeps a browser
// from painting for a tenth of a second, and the first page of a paper is there without them.
//   <script type="module" src="…/after_first_paint.js" data-modules="<address> …" data-needed="<address> …"></script>
// `modules` are run, one after the other; `needed` are all that these import.

const AT_MOST_MS = 500; // a page that nobody sees is not painted

const { modules, needed } = document.querySelector("script[data-modules]").dataset;
await Promise.race([
  new Promise((painted) => requestAnimationFrame(() => setTimeout(painted))),
  new Promise((waited) => setTimeout(waited, AT_MOST_MS)),
]);
for (const address of needed.split(" ")) {
  document.head.append(Object.assign(document.createElement("link"), { rel: "modulepreload", href: address }));
}
for (const address of modules.split(" ")) await import(address);
