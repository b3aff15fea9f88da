// Puts PNG files together to an animated one, which sharp cannot write.
import { crc32 } from 'node:zlib';

const SIGNATURE = 8;

function chunk(type, data) {
  const out = Buffer.alloc(12 + data.length);
  out.writeUInt32BE(data.length);
  out.write(type, 4, 'latin1');
  data.copy(out, 8);
  out.writeUInt32BE(crc32(out.subarray(4, 8 + data.length)), 8 + data.length);
  return out;
}

/** The type and data of each chunk of a PNG file. */
function* chunksOf(file) {
  for (let at = SIGNATURE; at < file.length;) {
    const length = file.readUInt32BE(at);
    yield { type: file.toString('latin1', at + 4, at + 8), data: file.subarray(at + 8, at + 8 + length) };
    at += 12 + length;
  }
}

const numbers = (...values) => {
  const out = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => out.writeUInt32BE(value, index * 4));
  return out;
};

/** `frames` are PNG files of one layout and size; each is shown for a tenth of a second. */
export function apng(frames, width, height) {
  let sequence = 0;
  const parts = frames.map((frame, index) => {
    const chunks = [...chunksOf(frame)];
    const control = chunk('fcTL', Buffer.concat([numbers(sequence++, width, height, 0, 0), Buffer.from([0, 1, 0, 10, 0, 0])]));
    const data = chunks.filter(({ type }) => type === 'IDAT').map(({ data }) =>
      index === 0 ? chunk('IDAT', data) : chunk('fdAT', Buffer.concat([numbers(sequence++), data])));
    return Buffer.concat([control, ...data]);
  });
  const { data: header } = chunksOf(frames[0]).next().value;
  return Buffer.concat([
    frames[0].subarray(0, SIGNATURE), chunk('IHDR', header), chunk('acTL', numbers(frames.length, 0)), ...parts, chunk('IEND', Buffer.alloc(0))
  ]);
}
