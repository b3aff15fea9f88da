// metadata() reads the header and no more, however large the file is.
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const lancet = require('..');

const fixture = name => fs.readFileSync(path.join(__dirname, 'fixtures', name));
const LARGE = 100e6;

/** A file whose pixels are said to take 100 MB, which are not written: the system gives zeroes for them. */
const large = {
  'large.jpg': () => fixture('baseline.jpg'),
  'gain-map.jpg': () => fixture('gain-map.jpg'),
  'large.png': () => {
    const png = fixture('rgb-8.png');
    png.writeUInt32BE(LARGE, png.indexOf('IDAT') - 4);
    return png;
  },
  'large.webp': () => {
    const webp = fixture('icc-p3.webp');
    webp.writeUInt32LE(LARGE - 8, 4);
    const at = webp.indexOf('VP8 ');
    webp.writeUInt32LE(LARGE - at - 8, at + 4);
    return webp;
  }
};

/** Bytes that this process has read so far. */
const bytesRead = () => Number(/rchar: (\d+)/.exec(fs.readFileSync('/proc/self/io', 'utf8'))[1]);

const here = fs.existsSync('/proc/self/io') ? test : test.skip;

here.each(Object.keys(large))('%s', async name => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lancet-header-'));
  const file = path.join(folder, name);
  try {
    fs.writeFileSync(file, large[name]());
    fs.truncateSync(file, LARGE);
    const memory = process.memoryUsage().rss;
    const before = bytesRead();
    const { format, width } = await lancet(file).metadata();
    expect(bytesRead() - before).toBeLessThan(200e3);
    expect(process.memoryUsage().rss - memory).toBeLessThan(30e6);
    expect([name.endsWith(format) || format === 'jpeg', width > 50]).toEqual([true, true]);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});
