'use strict';

// Files that are written: complete or as they were before; never the input; with their mode, owner and links.

const { execFileSync, spawn, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const lancet = require('..');
const sharp = require('sharp');

const root = path.join(__dirname, '..');
const image = { create: { width: 60, height: 40, channels: 3, background: '#936' } };
const formats = ['png', 'jpg', 'webp', 'tif', 'gif', 'avif', 'raw', 'v'];
const isRoot = process.getuid?.() === 0;

let folder, cut;
const at = (...names) => path.join(folder, ...names);
beforeAll(async () => {
  const noise = { create: { width: 300, height: 200, channels: 3, noise: { type: 'gaussian', mean: 128, sigma: 30 } } };
  const whole = await lancet(noise).jpeg().toBuffer();
  cut = whole.subarray(0, whole.length >> 1);
});
beforeEach(() => { folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lancet-files-')); });
afterEach(() => {
  fs.chmodSync(folder, 0o755);
  fs.rmSync(folder, { recursive: true });
});

describe('work that fails', () => {
  test.each(formats)('leaves what was there, and nothing new: %s', async (format) => {
    const [there, fresh] = [at(`there.${format}`), at(`fresh.${format}`)];
    fs.writeFileSync(there, 'old');
    for (const file of [there, fresh]) await expect(lancet(cut).resize(50).toFile(file)).rejects.toThrow();
    expect(fs.readdirSync(folder)).toEqual([`there.${format}`]);
    expect(fs.readFileSync(there, 'utf8')).toBe('old');
  });

  test.each(['dz', 'zoomify', 'google', 'iiif', 'iiif3'])('leaves a pyramid as it was: %s', async (layout) => {
    const write = (input) => lancet(input).resize(200).tile({ size: 32, layout }).toFile(at('new', 'a.dz'));
    await expect(write(cut)).rejects.toThrow();
    expect(fs.readdirSync(folder)).toEqual([]);
    await write(image);
    const list = () => fs.readdirSync(folder, { recursive: true }).sort();
    const before = list();
    expect(before.length).toBeGreaterThan(5);
    await expect(write(cut)).rejects.toThrow();
    expect(list()).toEqual(before);
    await write(image);
    expect(list()).toEqual(before);
  });

  test('leaves an archive as it was', async () => {
    const file = at('a.zip');
    fs.writeFileSync(file, 'old');
    await expect(lancet(cut).tile({ container: 'zip' }).toFile(file)).rejects.toThrow();
    expect(fs.readFileSync(file, 'utf8')).toBe('old');
    expect(fs.readdirSync(folder)).toEqual(['a.zip']);
  });

  test('leaves nothing when the process ends by an error meanwhile', () => {
    const program = `
      const lancet = require(${JSON.stringify(root)});
      const create = { width: 3000, height: 3000, channels: 3, background: 'red' };
      lancet({ create }).png({ compressionLevel: 9 }).toFile(${JSON.stringify(at('a.png'))});
      setTimeout(() => { throw new Error('elsewhere'); }, 20);`;
    expect(spawnSync(process.execPath, ['-e', program]).status).not.toBe(0);
    expect(fs.readdirSync(folder).filter((name) => name !== 'a.png')).toEqual([]);
    if (fs.existsSync(at('a.png'))) expect(fs.readFileSync(at('a.png')).subarray(-8).toString('latin1')).toContain('IEND');
  });
});

describe('the input is never the output', () => {
  const ways = {
    'the same path': () => 'a.png',
    'a relative path': () => `../${path.basename(folder)}/a.png`,
    'a symbolic link': () => fs.symlinkSync('a.png', at('b.png')) ?? 'b.png',
    'a link to a link': () => (fs.symlinkSync('a.png', at('c.png')), fs.symlinkSync('c.png', at('b.png')), 'b.png'),
    'a linked folder': () => fs.symlinkSync('.', at('here')) ?? 'here/a.png',
    'a hard link': () => fs.linkSync(at('a.png'), at('b.png')) ?? 'b.png'
  };
  test.each(Object.keys(ways))('by %s', async (name) => {
    await lancet(image).toFile(at('a.png'));
    const before = fs.readFileSync(at('a.png'));
    const target = ways[name]();
    const names = fs.readdirSync(folder);
    for (const [input, output] of [['a.png', target], [target, 'a.png']]) {
      const write = (edit) => edit(lancet(at(input)).resize(5)).toFile(at(output));
      await expect(write((made) => made)).rejects.toThrow(/^Cannot use same file for input and output$/);
      await expect(write((made) => made.tile({ container: 'zip' }))).rejects.toThrow('Cannot use same file');
    }
    expect(fs.readFileSync(at('a.png')).equals(before)).toBe(true);
    expect(fs.readdirSync(folder)).toEqual(names);
  });

  test('an overlay, an operand and a joined image may be', async () => {
    for (const make of [
      (file) => lancet(image).composite([{ input: file }]),
      (file) => lancet(image).boolean(file, 'and'),
      (file) => lancet(image).joinChannel(file),
      (file) => lancet([file, file])
    ]) {
      await lancet(image).toFile(at('a.png'));
      const { width } = await make(at('a.png')).toFile(at('a.png'));
      expect((await lancet(at('a.png')).metadata()).width).toBe(width);
    }
    expect(fs.readdirSync(folder)).toEqual(['a.png']);
  });
});

(process.platform === 'win32' ? describe.skip : describe)('an existing target', () => {
  test('keeps its mode; a new one has that of the process', async () => {
    for (const mode of [0o600, 0o640, 0o664, 0o755]) {
      fs.writeFileSync(at('a.png'), '');
      fs.chmodSync(at('a.png'), mode);
      await lancet(image).toFile(at('a.png'));
      expect(fs.statSync(at('a.png')).mode & 0o777).toBe(mode);
    }
    await lancet(image).toFile(at('new.png'));
    expect(fs.statSync(at('new.png')).mode & 0o777).toBe(0o666 & ~process.umask());
  });

  (isRoot ? test : test.skip)('keeps its owner', async () => {
    fs.writeFileSync(at('a.png'), '');
    fs.chownSync(at('a.png'), 1234, 2345);
    fs.chmodSync(at('a.png'), 0o644);
    await lancet(image).toFile(at('a.png'));
    const { uid, gid, mode } = fs.statSync(at('a.png'));
    expect([uid, gid, mode & 0o777]).toEqual([1234, 2345, 0o644]);
  });

  test('that is a link stays one, and what it leads to is written', async () => {
    fs.mkdirSync(at('elsewhere'));
    for (const [link, target] of [['a.png', 'elsewhere/b.png'], ['c.png', at('elsewhere', 'new.png')]]) {
      if (link === 'a.png') fs.writeFileSync(at(target), 'old');
      fs.symlinkSync(target, at(link));
      const { size } = await lancet(image).toFile(at(link));
      expect(fs.lstatSync(at(link)).isSymbolicLink()).toBe(true);
      expect(fs.statSync(path.resolve(folder, target)).size).toBe(size);
    }
    expect(fs.readdirSync(at('elsewhere'))).toEqual(['b.png', 'new.png']);
  });

  test('that has two names is written for both', async () => {
    fs.writeFileSync(at('a.png'), 'old');
    fs.linkSync(at('a.png'), at('b.png'));
    await lancet(image).toFile(at('a.png'));
    expect(fs.readFileSync(at('b.png')).equals(fs.readFileSync(at('a.png')))).toBe(true);
    await expect(lancet(cut).toFile(at('a.png'))).rejects.toThrow();
    expect((await lancet(at('b.png')).metadata()).width).toBe(60);
  });

  test('that may not be written to is not replaced', () => {
    fs.writeFileSync(at('a.png'), 'old');
    fs.chmodSync(at('a.png'), 0o444);
    fs.chmodSync(folder, 0o777);
    // A process that is not root.
    const outcome = asNobody(`lancet(image).toFile(${JSON.stringify(at('a.png'))}).then(() => 'written', (error) => error.message)`);
    expect(outcome).toContain('unable to open for write\nsystem error: Permission denied');
    expect(fs.readFileSync(at('a.png'), 'utf8')).toBe('old');
  });

  test('in a folder that is read-only is written in place, or kept', () => {
    fs.writeFileSync(at('a.png'), 'old');
    fs.chmodSync(at('a.png'), 0o666);
    fs.chmodSync(folder, 0o555);
    const write = (input) => asNobody(`lancet(${input}).toFile(${JSON.stringify(at('a.png'))}).then(() => 'written', () => 'failed')`);
    expect(write(`Buffer.from(${JSON.stringify(cut.toString('base64'))}, 'base64')`)).toBe('failed');
    expect(fs.readFileSync(at('a.png'), 'utf8')).toBe('old');
    expect(write('image')).toBe('written');
    expect(fs.readFileSync(at('a.png')).subarray(1, 4).toString()).toBe('PNG');
    expect(fs.readdirSync(folder)).toEqual(['a.png']);
  });
});

/** What an expression gives in a process without the rights of root. */
function asNobody (expression) {
  const drop = isRoot ? 'process.setgid(65534); process.setuid(65534);' : '';
  const program = `const lancet = require(${JSON.stringify(root)}); const image = ${JSON.stringify(image)}; ${drop} (${expression}).then((text) => process.stdout.write(text));`;
  return execFileSync(process.execPath, ['-e', program], { encoding: 'utf8' });
}

(process.platform === 'win32' ? describe.skip : describe)('what is no regular file', () => {
  test('standard output', () => {
    const program = `require(${JSON.stringify(root)})(${JSON.stringify(image)}).png().toFile('/dev/stdout').then((info) => process.stderr.write(String(info.size)))`;
    // Node gives its children sockets, which nothing can open by a path; a shell gives them pipes.
    const { stdout, stderr } = spawnSync('sh', ['-c', '"$0" -e "$1" | cat', process.execPath, program]);
    expect(stdout.subarray(1, 4).toString()).toBe('PNG');
    expect(stdout.length).toBe(Number(stderr));
    const file = fs.openSync(at('redirected'), 'w');
    expect(spawnSync(process.execPath, ['-e', program], { stdio: ['ignore', file, 'pipe'] }).status).toBe(0);
    fs.closeSync(file);
    expect(fs.readFileSync(at('redirected')).equals(stdout)).toBe(true);
    expect(fs.readdirSync(folder)).toEqual(['redirected']);
  });

  test('a named pipe', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    const reader = spawn('cat', [at('pipe')]);
    const chunks = [];
    reader.stdout.on('data', (chunk) => chunks.push(chunk));
    const [info] = await Promise.all([lancet(image).png().toFile(at('pipe')), new Promise((resolve) => reader.on('close', resolve))]);
    expect((await lancet(Buffer.concat(chunks)).metadata()).width).toBe(60);
    expect(info.width).toBe(60);
    expect(fs.statSync(at('pipe')).isFIFO()).toBe(true);
  });

  test('a device', async () => {
    await lancet(image).png().toFile('/dev/null');
    expect(fs.statSync('/dev/null').isCharacterDevice()).toBe(true);
  });
});

test('a folder that is missing has the error of sharp', async () => {
  const [ours, theirs] = await Promise.all([lancet, sharp].map((module) => module(image).png().toFile(at('no', 'a.png')).catch(({ message }) => message)));
  expect(ours).toBe(theirs);
});
