// Brings the scripts of a page when it has been painted for the first time. Asking for a hundred modules keeps a browser
// from painting for a tenth of a second, and the first page of a paper is there without them.
//   <script type="module" src="…/after_first_paint.js" data-modules="<address> …" data-needed="<address> …" data-asked="<address> …"></script>
// `modules` are run, one after the other; `needed` are all that these import; `asked` is what they fetch first.

const AT_MOST_MS = 500; // a page that nobody sees is not painted

const { modules, needed, asked } = document.querySelector("script[data-modules]").dataset;
await Promise.race([
  new Promise((painted) => requestAnimationFrame(() => setTimeout(painted))),
  new Promise((waited) => setTimeout(waited, AT_MOST_MS)),
]);
const ahead = (address, how) => document.head.append(Object.assign(document.createElement("link"), { ...how, href: address }));
for (const address of asked.split(" ")) ahead(address, { rel: "preload", as: "fetch", crossOrigin: "anonymous" });
for (const address of needed.split(" ")) ahead(address, { rel: "modulepreload" });
for (const address of modules.split(" ")) await import(address);
