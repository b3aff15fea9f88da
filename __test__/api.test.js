'use strict';

const { execFileSync, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { PassThrough } = require('node:stream');
const { pipeline } = require('node:stream/promises');

const lancet = require('../');

const root = path.join(__dirname, '..');

// 1×1 pixels.
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64'
);

function node (source, ...args) {
  return spawnSync(process.execPath, [...args, '-e', source], { cwd: root, encoding: 'utf8' });
}

describe('instances', () => {
  test('are made with and without new', () => {
    for (const instance of [lancet(png), new lancet(png)]) {
      expect(instance).toBeInstanceOf(lancet);
      expect(typeof instance.pipe).toBe('function');
    }
    expect(() => lancet(undefined)).toThrow('Invalid input');
    expect(() => lancet(null)).toThrow('Invalid input');
  });

  test('keep the very Buffer that was passed', () => {
    expect(lancet(png).options.input.buffer).toBe(png);
    const bytes = new Uint8Array(png);
    const { buffer } = lancet(bytes).options.input;
    expect(Buffer.isBuffer(buffer)).toBe(true);
    expect(buffer.buffer).toBe(bytes.buffer);
    const view = new Uint8Array(bytes.buffer, 8, 4);
    expect(lancet(view).options.input.buffer).toEqual(png.subarray(8, 12));
  });

  test('have options of their own', () => {
    const [first, second] = [lancet(png), lancet(png)];
    first.options.joinChannelIn.push(1);
    first.options.withExif.a = 'b';
    first.options.input.page = 3;
    expect(second.options.joinChannelIn).toEqual([]);
    expect(second.options.withExif).toEqual({});
    expect(second.options.input.page).toBeUndefined();
  });

  test('have methods that can be spied on', () => {
    const spy = jest.spyOn(lancet.prototype, 'resize');
    lancet(png).resize(3);
    expect(spy).toHaveBeenCalledWith(3);
    spy.mockRestore();
    expect(lancet.prototype.resize.name).toBe('resize');
  });

  test('call the method that stands on the prototype when a format is named', () => {
    const spy = jest.spyOn(lancet.prototype, 'jpeg').mockImplementation(function () { return this; });
    const picture = lancet(png);
    const options = { quality: 3 };
    expect(picture.toFormat('JPG', options)).toBe(picture);
    expect(spy.mock.calls).toEqual([[options]]);
    expect(picture.options.formatOut).toBe('input');
    spy.mockRestore();
    expect(picture.toFormat('jpg', options).options).toMatchObject({ formatOut: 'jpeg', jpegQuality: 3 });
    expect(() => picture.toFormat('png', { quality: 500 })).toThrow('Expected integer between 0 and 100 for quality but received 500 of type number');
  });

  test('are no promise and no ES module in disguise', () => {
    expect(lancet.then).toBeUndefined();
    expect(lancet(png).then).toBeUndefined();
    expect(lancet.__esModule).toBeUndefined();
  });

  test('can be subclassed', () => {
    class Special extends lancet {}
    expect(new Special(png).resize(1).clone()).toBeInstanceOf(Special);
  });

  test('a call that fails changes nothing', () => {
    const instance = lancet(png).resize(5);
    const before = JSON.stringify(instance.options);
    expect(() => instance.resize({ width: 6, height: 'x' })).toThrow('Expected positive integer');
    expect(JSON.stringify(instance.options)).toBe(before);
  });

  test('warn of what is overwritten', () => {
    const warnings = [];
    lancet(png).on('warning', (text) => warnings.push(text)).resize(1).resize(2);
    expect(warnings).toEqual(['ignoring previous resize options']);
  });
});

describe('hostile arguments', () => {
  test('cycles end', () => {
    const cycle = { width: 3 };
    cycle.self = cycle;
    cycle.list = [cycle];
    expect(lancet(png).resize(cycle).options.width).toBe(3);
  });

  test('getters that throw are the caller\'s own errors', () => {
    const options = { get width () { throw new RangeError('mine'); } };
    expect(() => lancet(png).resize(options)).toThrow(new RangeError('mine'));
  });

  test('size is limited', () => {
    const huge = Array.from({ length: 3000 }, () => new Array(2000).fill(0));
    expect(() => lancet(png).linear(huge)).toThrow('Expected fewer values in the arguments');
    expect(lancet(png).linear(2).options.linearA).toEqual([2]);
  });

  test('other kinds of values have their sentences', () => {
    const cases = [[Symbol('x'), 'Symbol(x)', 'symbol'], [10n, '10', 'bigint'], [new Map(), '[object Map]', 'object']];
    for (const [value, text, type] of cases) {
      expect(() => lancet(png).median(value))
        .toThrow(`Expected integer between 1 and 1000 for size but received ${text} of type ${type}`);
    }
  });

  test('options that are no options are refused when the image is made', async () => {
    for (const change of [{ input: null }, { input: { buffer: 'x' } }, { input: 7 }]) {
      const instance = lancet(png);
      Object.assign(instance.options, change);
      const outcome = (async () => instance.toBuffer())();
      await expect(outcome).rejects.toThrow(Error);
    }
    expect(Buffer.isBuffer(await lancet(png).toBuffer())).toBe(true);
  });
});

describe('toBuffer', () => {
  test('gives a promise', async () => {
    const data = await lancet(png).toBuffer();
    expect(Buffer.isBuffer(data)).toBe(true);
    expect(data.buffer).not.toBeInstanceOf(SharedArrayBuffer);
    const both = await lancet(png).toBuffer({ resolveWithObject: true });
    expect(Object.keys(both)).toEqual(['data', 'info']);
    expect(both.info.size).toBe(both.data.length);
    expect(lancet(png).toBuffer({ resolveWithObject: false })).toBeInstanceOf(Promise);
  });

  test('takes a callback, alone or after options', async () => {
    for (const args of [[], [{ resolveWithObject: true }]]) {
      const instance = lancet(png);
      await new Promise((resolve, reject) => {
        const returned = instance.toBuffer(...args, (error, data, info) => {
          try {
            expect(error).toBeNull();
            expect(info.size).toBe(data.length);
            resolve();
          } catch (failure) {
            reject(failure);
          }
        });
        expect(returned).toBe(instance);
      });
    }
  });

  test('refuses a flag that is none', () => {
    expect(() => lancet(png).toBuffer({}))
      .toThrow('Expected boolean for resolveWithObject but received undefined of type undefined');
  });

  test('rejects with a stack that shows the caller', async () => {
    const error = await lancet('no-such-file.jpg').toBuffer().catch((error) => error);
    expect(error).toBeInstanceOf(Error);
    expect(error.stack).toContain('api.test.js');
    expect(error.stack).toContain(error.message);
  });

  test('toUint8Array gives memory that can be transferred', async () => {
    const { data, info } = await lancet(png).toUint8Array();
    expect(ArrayBuffer.isView(data)).toBe(true);
    expect(Buffer.isBuffer(data)).toBe(false);
    expect(info.size).toBe(data.byteLength);
    expect(structuredClone(data, { transfer: [data.buffer] }).byteLength).toBe(info.size);
  });

  test('a throw in a callback is uncaught, not a rejection', () => {
    const { stderr, status, stdout } = node(`
      process.on('uncaughtException', (error) => console.log('uncaught', error.message));
      process.on('unhandledRejection', (error) => console.log('rejected', error.message));
      const lancet = require('./');
      lancet(Buffer.from('${png.toString('base64')}', 'base64')).toBuffer(() => { throw new Error('mine'); });
      lancet('none.jpg').metadata(() => { throw new Error('mine too'); });
    `);
    expect([stderr, status]).toEqual(['', 0]);
    expect(stdout.trim().split('\n').sort()).toEqual(['uncaught mine', 'uncaught mine too']);
  });
});

describe('toFile', () => {
  test('checks the path', async () => {
    await expect(lancet(png).toFile('')).rejects.toThrow('Missing output file path');
    await expect(lancet(png).toFile()).rejects.toThrow('Missing output file path');
    await expect(lancet('a.png').toFile('./a.png')).rejects.toThrow('Cannot use same file for input and output');
    await expect(new Promise((_resolve, reject) => lancet(png).toFile('', reject))).rejects.toThrow('Missing output');
  });
});

describe('streams', () => {
  const collect = async (stream) => Buffer.concat(await stream.toArray());

  test('in and out', async () => {
    const events = [];
    const sink = new PassThrough();
    const transform = lancet();
    for (const name of ['info', 'finish', 'end', 'close']) {
      transform.on(name, () => events.push(name));
    }
    const source = new PassThrough();
    source.write(png.subarray(0, 20));
    source.end(png.subarray(20));
    const [data] = await Promise.all([collect(sink), pipeline(source, transform, sink)]);
    expect(data.length).toBeGreaterThan(0);
    expect(events).toEqual(['finish', 'info', 'end', 'close']);
  });

  test('out only: closes once', async () => {
    const closed = jest.fn();
    const instance = lancet(png).on('close', closed);
    expect((await collect(instance)).length).toBeGreaterThan(0);
    await new Promise(setImmediate);
    expect(closed).toHaveBeenCalledTimes(1);
  });

  test('an error is emitted', async () => {
    const instance = lancet('no-such-file.jpg');
    const error = await new Promise((resolve) => instance.on('error', resolve).resume());
    expect(error).toBeInstanceOf(Error);
  });

  test('several outputs, before and after the input ends', async () => {
    const instance = lancet();
    const before = [instance.toBuffer(), instance.metadata(), instance.clone().toBuffer()];
    const clone = instance.clone();
    instance.write(png.subarray(0, 9));
    before.push(instance.toBuffer());
    instance.end(png.subarray(9));
    const [first, metadata, cloned, second] = await Promise.all(before);
    expect(metadata.format).toBeDefined();
    for (const other of [cloned, second, await clone.toBuffer(), await instance.toBuffer()]) {
      expect(other.equals(first)).toBe(true);
    }
  });

  test('take data only when there is no other input', async () => {
    const failure = (instance, chunk) => new Promise((resolve) => instance.on('error', resolve).write(chunk));
    expect((await failure(lancet(png), png)).message).toBe('Unexpected data on Writable Stream');
  });
});

describe('module', () => {
  test('is imported with a default and named exports', () => {
    const { stdout } = node(`import('./index.mjs').then((module) => {
      console.log(typeof module.default, module.kernel.cubic, module.__esModule, module.then, module.default === require('./'));
    })`);
    expect(stdout.trim()).toBe('function cubic undefined undefined true');
  });

  test('works in a worker thread and ends with it', () => {
    const { stdout, status } = node(`
      const { Worker } = require('node:worker_threads');
      const code = "const b = Buffer.from('${png.toString('base64')}', 'base64');" +
        "require('./')(b).toBuffer().then((d) => require('node:worker_threads').parentPort.postMessage(d.length > 0))";
      require('./');
      new Worker(code, { eval: true }).on('message', console.log).on('exit', console.log);
    `);
    expect([stdout, status]).toEqual(['true\n0\n', 0]);
  });

  test('says what is wrong when the binary is not there', () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lancet-'));
    try {
      fs.cpSync(path.join(root, 'lib'), path.join(folder, 'lib'), { recursive: true });
      fs.copyFileSync(path.join(root, 'index.js'), path.join(folder, 'index.js'));
      const run = () => execFileSync(process.execPath, ['-e', 'require("./")'], { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
      expect(run).toThrow(`Could not load the "lancet" module using the ${process.platform}-${process.arch} runtime`);
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });
});

describe('settings of the process', () => {
  test('answer what they are', () => {
    expect(lancet.concurrency()).toBe(1);
    expect(lancet.concurrency(2)).toBe(2);
    expect(lancet.concurrency(null)).toBe(2);
    expect(lancet.concurrency(1)).toBe(1);
    expect(lancet.simd(false)).toBe(false);
    expect(lancet.simd(true)).toBe(true);
    expect(lancet.cache(false).items).toEqual({ current: 0, max: 0 });
    expect(lancet.cache(true).memory.max).toBe(50);
    expect(() => lancet.cache({ items: 'x' })).toThrow('Expected a positive integer for items but received x of type string');
  });

  test('counters and queue tell of tasks', async () => {
    const lengths = [];
    const listen = (length) => lengths.push(length);
    lancet.queue.on('change', listen);
    const pending = lancet(png).toBuffer();
    const { queue, process } = lancet.counters();
    expect(queue + process).toBe(1);
    await pending;
    lancet.queue.off('change', listen);
    expect(lengths.length).toBe(2);
    expect(lancet.counters()).toEqual({ queue: 0, process: 0 });
  });
});
