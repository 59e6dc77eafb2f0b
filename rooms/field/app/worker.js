// Keeps the app on the phone: all files of one version, fetched together; the page opens from them without a network.
// What is asked of the house itself (packs, batches, other pages) passes by untouched.

const HELD = /* version and files */ null;
const CACHE = `field-${HELD.version}`;
const base = `/field/app/${HELD.version}/`;

self.addEventListener("install", (event) => {
  const addresses = ["/field/", "/field/manifest.webmanifest", ...HELD.files.map((name) => base + name)];
  // Past the browser's own cache, so that the page that is kept names the files that are kept.
  const fresh = addresses.map((address) => new Request(address, { cache: "reload", credentials: "same-origin" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(fresh)));
});

self.addEventListener("activate", (event) => {
  const old = async () => {
    for (const name of await caches.keys()) if (name.startsWith("field-") && name !== CACHE) await caches.delete(name);
    await self.clients.claim();
  };
  event.waitUntil(old());
});

self.addEventListener("message", ({ data }) => {
  if (data === "now") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== self.location.origin) return;
  const kept = pathname === "/field/" || pathname === "/field/manifest.webmanifest" || pathname.startsWith(base);
  if (kept) {
    const answer = async () => (await caches.match(pathname, { cacheName: CACHE, ignoreVary: true })) ?? fetch(event.request);
    event.respondWith(answer());
  }
});
