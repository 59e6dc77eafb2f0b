// A house before the house: it passes everything on, and receives what phones send as the house promises to, by posting
// each command as the form it is. With it the app is tried against the promise, whatever receives behind it.

import { createServer, request } from "node:http";

/** Reads a request to its end. */
async function bodyOf(stream) {
  const pieces = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces);
}

const json = (response, body, status = 200) => {
  response.writeHead(status, { "content-type": "application/json", date: new Date().toUTCString() });
  response.end(JSON.stringify(body));
};

/** Begins to listen before `house` (an address); `received` is what came, by id. */
export async function before(house) {
  const target = new URL(house);
  const received = new Map();
  const uploads = new Map();
  /** While true, nothing of what phones send is answered. */
  const self = { received, uploads, deaf: false, refuse: undefined };
  // A house that receives by itself is left to do so.
  const receives =
    (await fetch(new URL("/field/commands?ids=", house), { headers: { accept: "application/json" } })).status !== 404;

  const done = (id) => [...received.values()].some((other) => (other.id === id || other.instead === id) && other.state === "done");
  const apply = async (command, authorization) => {
    if (self.refuse?.(command))
      return Object.assign(command, { state: "needs_you", sentence: "Refused by the test.", errors: [] });
    if (command.after.some((id) => !done(id))) return (command.state = "waiting");
    const files = command.files.map((file) => ({ ...file, ...uploads.get(file.upload) }));
    if (files.some(({ length, bytes }) => length === undefined || bytes.length < length)) return (command.state = "waiting");
    let body = new URLSearchParams(command.form);
    if (files.length) {
      body = new FormData();
      for (const [name, value] of command.form) body.append(name, value);
      for (const { field, name, bytes } of files) body.append(field, new Blob([bytes]), name);
    }
    const answer = await fetch(new URL(command.path, house), {
      method: "POST",
      body,
      redirect: "manual",
      headers: { authorization, accept: "application/json" },
    });
    if (answer.status < 400) return Object.assign(command, { state: "done", location: (await answer.json()).location });
    const problem = await answer.json();
    return Object.assign(command, {
      state: "needs_you",
      sentence: problem.detail,
      errors: problem.errors,
      status: answer.status,
    });
  };
  /** Goes over what waits until nothing moves. */
  const settle = async (authorization) => {
    for (let moved = true; moved;) {
      moved = false;
      for (const command of received.values()) {
        if (command.state !== "received" && command.state !== "waiting") continue;
        const was = command.state;
        await apply(command, authorization);
        moved ||= command.state !== was && command.state !== "waiting";
      }
    }
  };
  const told = (ids) => ({
    commands: ids
      .map((id) => received.get(id))
      .filter(Boolean)
      .map(({ id, state, sentence, errors, location }) => ({ id, state, sentence, errors, location })),
  });

  const server = createServer(async (asked, response) => {
    const { pathname, searchParams } = new URL(asked.url, house);
    const { authorization } = asked.headers;
    const ours = pathname === "/field/batches" || pathname === "/field/commands" || pathname.startsWith("/field/uploads");
    if (ours && self.deaf) return response.destroy();
    if (ours && !receives) return receive(asked, response, pathname, searchParams, authorization);
    const on = request(
      { host: target.hostname, port: target.port, path: asked.url, method: asked.method, headers: asked.headers },
      (answer) => {
        response.writeHead(answer.statusCode, answer.headers);
        answer.pipe(response);
      },
    );
    on.on("error", () => response.destroy());
    asked.pipe(on);
  });
  const receive = async (asked, response, pathname, searchParams, authorization) => {
    if (pathname === "/field/batches") {
      const { commands } = JSON.parse(await bodyOf(asked));
      for (const command of commands) if (!received.has(command.id)) received.set(command.id, { ...command, state: "received" });
      await settle(authorization);
      return json(response, told(commands.map(({ id }) => id)));
    }
    if (pathname === "/field/commands") {
      await settle(authorization);
      return json(response, told(searchParams.get("ids").split(",")));
    }
    if (pathname.startsWith("/field/uploads")) {
      const id = pathname.split("/")[3];
      const length = Number(asked.headers["upload-length"]);
      if (asked.method === "POST") {
        const [, named] = asked.headers["upload-metadata"].match(/id ([^,]+)/);
        const given = Buffer.from(named, "base64").toString();
        uploads.set(given, { length, bytes: Buffer.alloc(0) });
        response.writeHead(201, { location: `/field/uploads/${given}` });
        return response.end();
      }
      const upload = uploads.get(id);
      if (!upload) return response.writeHead(404).end();
      if (asked.method === "PATCH") upload.bytes = Buffer.concat([upload.bytes, await bodyOf(asked)]);
      response.writeHead(asked.method === "PATCH" ? 204 : 200, { "upload-offset": upload.bytes.length });
      return response.end();
    }
    response.writeHead(404).end();
  };
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  self.address = `http://127.0.0.1:${server.address().port}`;
  self.close = () =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(resolve);
    });
  return self;
}
