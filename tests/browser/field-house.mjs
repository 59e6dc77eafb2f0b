// What stands between a telephone and the house: an address that stays the same while the house is stopped, started
// elsewhere or restored, and a line that can be cut.

import { createServer, request } from "node:http";

/** Begins to listen before `house` (an address). */
export async function before(house) {
  let target = new URL(house);
  /** While `deaf`, nothing of what phones send is answered; `heard(path)` is told of what was answered. */
  const self = { deaf: false, heard: () => {} };
  const server = createServer((asked, response) => {
    const { pathname } = new URL(asked.url, target);
    const work = pathname === "/field/batches" || pathname.startsWith("/field/commands") || pathname.startsWith("/field/uploads");
    if (work && self.deaf) return response.destroy();
    const { hostname: host, port } = target;
    const on = request({ host, port, path: asked.url, method: asked.method, headers: asked.headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
      answer.on("end", () => self.heard(pathname));
    });
    on.on("error", () => response.destroy());
    asked.pipe(on);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  self.address = `http://127.0.0.1:${server.address().port}`;
  /** From now on the house is here. */
  self.to = (address) => (target = new URL(address));
  self.close = () =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(resolve);
    });
  return self;
}
