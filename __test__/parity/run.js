// Runs one case on one module and brings the outcome into a form that can be compared.
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const peer = require('sharp');

const fixtures = path.join(__dirname, '..', 'fixtures');
const fixture = name => path.join(fixtures, name);

const bytesOf = new Map();
/** The bytes of a fixture, read once. */
function bytes(name) {
  if (!bytesOf.has(name)) bytesOf.set(name, fs.readFileSync(fixture(name)));
  return bytesOf.get(name);
}

/**
 * The arguments of the constructor. A case's input is the name of a fixture, given as a Buffer; `{ path }`, given as a path;
 * `{ value }`, given as it is; or nothing, when `open` describes the image.
 */
function constructorArguments(input, open) {
  const first = typeof input === 'string' ? bytes(input) : input?.path ? fixture(input.path) : input?.value;
  if (input === undefined) return [open];
  return open === undefined ? [first] : [first, open];
}

/** Strips the folders of fixtures and temporary files from an error's text. */
const message = error => [fixtures + path.sep, fixtures, os.tmpdir() + path.sep].reduce((text, folder) => text.replaceAll(folder, ''), error.message);

/** What a program can see of an output that was made: size, layout, metadata and pixels, as sharp reads them. */
async function view(data, info) {
  if (info.format === 'raw') return { info, pixels: data, layout: info, metadata: {} };
  if (info.format === 'gif') return await viewGif(data, info);
  const metadata = await peer(data).metadata();
  delete metadata.size;
  const { data: pixels, info: layout } = await peer(data).raw().toBuffer({ resolveWithObject: true });
  const { channels, hasAlpha } = metadata;
  return { info, read: { channels, hasAlpha }, metadata, pixels, layout, ...await viewGains(metadata) };
}

/** The gain map of an output, if it has one: its layout takes the place of its bytes, which two encoders never agree on. */
async function viewGains(metadata) {
  if (!metadata.gainMap) return {};
  const { image } = metadata.gainMap;
  const { width, height, channels, space } = await peer(image).metadata();
  metadata.gainMap = { width, height, channels, space };
  return { gains: await peer(image).toColourspace(space).raw().toBuffer(), gainLayout: { width, channels } };
}

/** The same of a GIF: all its frames, with alpha, and without what follows from the choice and order of palette colours. */
async function viewGif(data, info) {
  const { size, background, bitsPerSample, channels, hasAlpha, ...metadata } = await peer(data, { animated: true }).metadata();
  const { data: pixels, info: layout } = await peer(data, { animated: true }).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  // For sharp every GIF has alpha; what a frame has in fact is tested elsewhere.
  return { info, read: { channels: info.channels, hasAlpha: info.hasAlpha }, metadata, pixels, layout };
}

/** Calls the methods on a new instance and makes what `to` asks for; an error is an outcome too. */
async function outcome(module, { input, calls, open, to }) {
  let file;
  try {
    let image = module(...constructorArguments(input, open));
    for (const [method, ...args] of calls) image = image[method](...args);
    if (to === 'metadata') return { metadata: await image.metadata() };
    if (to === 'buffer') {
      const { data, info } = await image.toBuffer({ resolveWithObject: true });
      return await view(data, info);
    }
    // A file name ending, a path into a folder that is not there, or no name at all.
    const name = to.startsWith('.') ? `lancet-parity-${process.pid}${to}` : to;
    file = name && path.join(os.tmpdir(), name);
    const info = await image.toFile(file);
    return await view(fs.readFileSync(file), info);
  } catch (error) {
    return { error: message(error) };
  } finally {
    if (file) fs.rmSync(file, { force: true });
  }
}

module.exports = { outcome, fixture, bytes };
