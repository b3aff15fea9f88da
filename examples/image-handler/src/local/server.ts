import { readdir, readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import path from "node:path";
import sharp from "sharp";
import { createHandler, type Handler } from "../handler";
import { FolderStorage } from "../storage/folder";

const PICTURE = /\.(jpe?g|png|webp|tiff?|svg|gif|avif)$/i;
// Beside the compiled file, and two folders up when it is in build/local.
const PAGE = path.resolve(__dirname, "..", "..", "src", "local", "page.html");

interface Options {
  /** Folder whose images are served. */
  folder: string;
  port: number;
}

async function pictures(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  return names.filter((name) => PICTURE.test(name)).sort();
}

/** Answers as API Gateway would with the Lambda function behind it. */
async function respond(handler: Handler, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://localhost");
  const answer = await handler({
    path: url.pathname,
    headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
    queryStringParameters: Object.fromEntries(url.searchParams)
  });
  // A page that tries edits wants to see each result anew.
  response.writeHead(answer.statusCode, { ...answer.headers, "Cache-Control": "no-store" });
  response.end(answer.isBase64Encoded ? Buffer.from(answer.body, "base64") : answer.body);
}

/** Serves the handler and a page to try it on. Resolves with the address. */
export async function serve({ folder, port }: Options): Promise<{ url: string; close: () => void }> {
  const bucket = path.basename(folder);
  const handler = createHandler({
    settings: { sourceBuckets: [bucket], autoWebp: false, autoAvif: false, corsOrigin: "*" },
    storage: new FolderStorage(path.dirname(path.resolve(folder)))
  });
  const engine = (sharp.versions as Record<string, string | undefined>).lancet;
  const server = createServer((request, response) => {
    const send = (type: string, body: string | Buffer) => response.writeHead(200, { "Content-Type": type }).end(body);
    const work = async () => {
      if (request.url === "/") return send("text/html; charset=utf-8", await readFile(PAGE));
      if (request.url === "/favicon.ico") return response.writeHead(204).end();
      if (request.url === "/pictures") {
        return send("application/json", JSON.stringify({ bucket, engine, keys: await pictures(folder) }));
      }
      return respond(handler, request, response);
    };
    work().catch((error: unknown) => {
      console.error(error);
      response.writeHead(500, { "Content-Type": "text/plain" }).end("Internal error");
    });
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve));
  const address = server.address();
  const actual = typeof address === "object" && address ? address.port : port;
  return { url: `http://127.0.0.1:${actual}/`, close: () => server.close() };
}

if (require.main === module) {
  const folder = process.argv[2];
  if (folder === undefined) throw new Error("Usage: server <folder of pictures>");
  serve({ folder, port: Number(process.env.PORT ?? 3000) }).then(({ url }) => console.log(`Pictures are served at ${url}`));
}
