// What stays on the phone: one database, and nothing in it in the clear but what tells people apart.

const STORES = {
  people: { keyPath: "id" },
  leaves: { keyPath: ["account", "key"] },
  commands: { keyPath: "id" },
  past: { keyPath: "id" },
  blobs: { keyPath: "id" },
  drafts: { keyPath: ["account", "name"] },
  meta: { keyPath: "name" },
};

let opened;

/** The database, opened once. */
function open() {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open("tiwizi-field", 2);
    asked.onupgradeneeded = () => {
      for (const [name, options] of Object.entries(STORES)) {
        if (asked.result.objectStoreNames.contains(name)) continue;
        const store = asked.result.createObjectStore(name, options);
        if (name !== "people" && name !== "meta") store.createIndex("account", "account");
      }
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  return opened;
}

/** Does this work on these stores in one transaction, and waits until it is on the disk. */
export async function write(names, work) {
  const db = await open();
  return new Promise((resolve, reject) => {
    const tx = db.transaction(names, "readwrite", { durability: "strict" });
    tx.oncomplete = () => resolve();
    tx.onabort = () => reject(tx.error);
    tx.onerror = () => reject(tx.error);
    work(...[names].flat().map((name) => tx.objectStore(name)));
  });
}

async function ask(name, question) {
  const db = await open();
  return new Promise((resolve, reject) => {
    const asked = question(db.transaction(name).objectStore(name));
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

export const get = (name, key) => ask(name, (store) => store.get(key));
export const all = (name) => ask(name, (store) => store.getAll());
export const of = (name, account) => ask(name, (store) => store.index("account").getAll(account));
export const put = (name, value) => write([name], (store) => store.put(value));
export const remove = (name, key) => write([name], (store) => store.delete(key));
