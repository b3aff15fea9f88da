// The one call of S3 that the handler makes, over HTTP on loopback: reading an object by its path.
import { createServer } from 'node:http';

/** Serves objects by `/bucket/key`. */
export async function startFakeS3(objects) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const object = objects[pathname];
    if (!object) {
      response.writeHead(404, { 'Content-Type': 'application/xml' });
      return response.end('<Error><Code>NoSuchKey</Code><Message>none</Message></Error>');
    }
    response.writeHead(200, { 'Content-Length': object.length, 'Content-Type': 'image/jpeg' });
    response.end(object);
  });
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  // A number, not a name: before names the SDK puts the bucket.
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}
