// Put into the pages of both readers: when a page of the paper can be seen whole.
globalThis.bench = (() => {
  const PATIENCE_MS = 120_000;
  const NEARER = 4;

  const pageOf = (number) => document.querySelector(`paper-page[data-page="${number}"], .pdfViewer .page[data-page-number="${number}"]`);

  /** Are all pixels of the page there, in sight or not? */
  const isThere = (number) => {
    const page = pageOf(number);
    const image = page?.querySelector("img.page-image");
    if (image) return image.complete && image.naturalWidth > 0;
    return page?.dataset.drawn === "whole" && Boolean(page.querySelector("canvas"));
  };

  const isSeen = (number) => {
    if (!isThere(number)) return false;
    const { top, bottom } = pageOf(number).getBoundingClientRect();
    return bottom > 0 && top < innerHeight;
  };

  /** After the browser has painted what the current frame changed. */
  const painted = () =>
    new Promise((done) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => done(performance.now());
      port2.postMessage(null);
    });

  const when = (isSo, what) =>
    new Promise((done, giveUp) => {
      const until = performance.now() + PATIENCE_MS;
      const look = () => {
        if (isSo()) return painted().then(done);
        if (performance.now() > until) return giveUp(new Error(`${what}: not in ${PATIENCE_MS} ms`));
        requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    });

  const seen = (number) => when(() => isSeen(number), `page ${number}`);

  /** Of ours: do tiles lie under every point of the window of the paper that is looked at? */
  const isSharp = () => {
    const { left, top, width, height } = document.querySelector(".reader-scroll").getBoundingClientRect();
    const tiles = [...document.querySelectorAll(".page-tile")].map((tile) => tile.getBoundingClientRect());
    const isUnderTile = (x, y) => tiles.some((tile) => tile.left <= x && x <= tile.right && tile.top <= y && y <= tile.bottom);
    const parts = [0.05, 0.35, 0.65, 0.95];
    return parts.every((across) => parts.every((down) => isUnderTile(left + across * width, top + down * height)));
  };

  const acts = {
    next: () => (globalThis.viewer ? viewer.nextPage() : document.querySelector('[data-turn="next"]').click()),
    jump: (number) => {
      if (globalThis.viewer) return void (viewer.currentPageNumber = number);
      const field = document.querySelector("[data-page-field]");
      field.value = number;
      field.dispatchEvent(new Event("change"));
    },
  };

  return {
    isThere,
    /** Milliseconds from the beginning of the navigation. */
    seen,
    /** Milliseconds from zooming in, as fingers that rest do it, until the part in sight is sharp. */
    zoom: async () => {
      const began = performance.now();
      document.querySelector("phien-reader").viewport.zoomTo(NEARER);
      return (await when(isSharp, "sharp")) - began;
    },
    /** Milliseconds from the act, at the beginning of a frame, until the page was painted. */
    act: (name, number) =>
      new Promise((done, giveUp) => {
        requestAnimationFrame(() => {
          const began = performance.now();
          acts[name](number);
          (isSeen(number) ? painted() : seen(number)).then((at) => done(at - began), giveUp);
        });
      }),
  };
})();
