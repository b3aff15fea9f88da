'use strict';

// Instances as streams: in, out, in a chain; ends that come early, errors in the middle, sinks that are slow.

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { once } = require('node:events');
const { Duplex, PassThrough, Readable, Writable, pipeline: pipelineCallback } = require('node:stream');
const { pipeline } = require('node:stream/promises');
const { setTimeout: wait } = require('node:timers/promises');

const lancet = require('../');
const peer = require('sharp');

const file = path.join(__dirname, 'fixtures', 'rgb-8.png');
const png = fs.readFileSync(file);
const half = png.subarray(0, png.length >> 1);

/** The names of events as they come, errors with their text. */
function record (instance) {
  const events = [];
  for (const name of ['info', 'warning', 'finish', 'end', 'close', 'error']) {
    instance.on(name, (value) => events.push(name === 'error' ? `error: ${value.message.split('\n')[0]}` : name));
  }
  return events;
}

const collect = async (stream) => Buffer.concat(await stream.toArray());

/** What happens in both modules, sharp's second `close` aside. */
async function inBoth (scene) {
  const unique = (events) => events.filter((name, index) => name !== 'close' || events.indexOf('close') === index);
  const [ours, theirs] = [await scene(lancet), await scene(peer)];
  expect(unique(ours)).toEqual(unique(theirs));
  return ours;
}

/** Waits until no task waits or runs. */
async function idle () {
  do await wait(20); while (lancet.counters().process + lancet.counters().queue > 0);
  await wait(20);
}

describe('in and out', () => {
  test('by pipe, pipeline and iteration', async () => {
    const expected = await lancet(png).resize(4).png().toBuffer();
    const [piped, sink] = [new PassThrough(), new PassThrough()];
    fs.createReadStream(file).pipe(lancet().resize(4).png()).pipe(piped);
    const [one, two] = await Promise.all([
      collect(piped), collect(sink), pipeline(fs.createReadStream(file, { highWaterMark: 7 }), lancet().resize(4).png(), sink)
    ]);
    const chunks = [];
    for await (const chunk of Readable.from([half, png.subarray(half.length)]).pipe(lancet().resize(4).png())) chunks.push(chunk);
    const three = Buffer.concat(chunks);
    expect([one.equals(expected), two.equals(expected), three.equals(expected)]).toEqual([true, true, true]);
  });

  test('events come in the same order', async () => {
    expect(await inBoth(async (module) => {
      const instance = module().png();
      const events = record(instance);
      Readable.from([png]).pipe(instance).resume();
      await once(instance, 'close');
      return events;
    })).toEqual(['finish', 'info', 'end', 'close']);
  });

  test('the last of two warnings and info are for the program', async () => {
    const instance = lancet(png).resize(4);
    const [warning] = await Promise.all([once(instance, 'warning'), instance.resize(3)]);
    expect(warning).toEqual(['ignoring previous resize options']);
    const [[info]] = await Promise.all([once(instance.png().resume(), 'info')]);
    expect(info).toMatchObject({ format: 'png', width: 3 });
  });

  test('a chain of instances', async () => {
    const out = Readable.from([png]).pipe(lancet().resize(6).png()).pipe(lancet().resize(3).webp());
    expect(await lancet(await collect(out)).metadata()).toMatchObject({ format: 'webp', width: 3 });
  });
});

describe('several outputs of one input', () => {
  test('are asked for before, while and after it is written', async () => {
    const instance = lancet();
    const clones = [instance.clone().resize(2), instance.clone().resize(3)];
    const asked = [...clones.map((clone) => clone.png().toBuffer()), instance.metadata()];
    instance.write(half);
    const middle = instance.clone().resize(4).png();
    asked.push(middle.toBuffer());
    instance.end(png.subarray(half.length));
    await once(instance, 'finish');
    const after = instance.clone().resize(5).png();
    asked.push(after.toBuffer(), after.clone().resize(6).toBuffer());
    const [two, three, metadata, four, five, six] = await Promise.all(asked);
    const widths = await Promise.all([two, three, four, five, six].map(async (data) => (await lancet(data).metadata()).width));
    expect(widths).toEqual([2, 3, 4, 5, 6]);
    expect(metadata.format).toBe('png');
  });

  test('a clone is piped on', async () => {
    const instance = lancet();
    const out = instance.clone().resize(2).png().pipe(new PassThrough());
    Readable.from([png]).pipe(instance);
    expect((await lancet(await collect(out)).metadata()).width).toBe(2);
  });

  test('callbacks and promises may be mixed', async () => {
    const instance = lancet();
    const called = new Promise((resolve) => instance.toBuffer((error, data, info) => resolve([error, data.length === info.size])));
    const target = path.join(os.tmpdir(), `lancet-streams-${process.pid}.png`);
    const written = instance.clone().toFile(target);
    instance.end(png);
    expect(await called).toEqual([null, true]);
    expect((await written).size).toBe(fs.statSync(target).size);
    fs.rmSync(target);
  });
});

describe('errors', () => {
  test('bytes that are no picture', async () => {
    const message = 'Input buffer contains unsupported image format';
    expect(await inBoth(async (module) => {
      const instance = module();
      const events = record(instance);
      Readable.from([Buffer.from('no '), Buffer.from('picture')]).pipe(instance).resume();
      await wait(50);
      return events;
    })).toContain(`error: ${message}`);
    await expect(pipeline(Readable.from([Buffer.from('no picture')]), lancet(), new PassThrough().resume())).rejects.toThrow(message);
    const instance = lancet();
    const clone = instance.clone();
    instance.end('no picture');
    await expect(clone.toBuffer()).rejects.toThrow(message);
  });

  test('no bytes at all', async () => {
    const message = await Promise.all([lancet, peer].map((module) => module().end().toBuffer().catch((error) => error.message)));
    expect(message[0]).toBe(message[1]);
  });

  test('a source that fails', async () => {
    const source = new PassThrough();
    source.write(half);
    const instance = lancet();
    const failed = pipeline(source, instance, new PassThrough().resume());
    source.destroy(new Error('no more'));
    await expect(failed).rejects.toThrow('no more');
    expect(instance.destroyed).toBe(true);
  });

  test('a sink that fails', async () => {
    const sink = new Writable({ write: (_chunk, _encoding, callback) => callback(new Error('full')) });
    await expect(pipeline(Readable.from([png]), lancet().png(), sink)).rejects.toThrow('full');
  });

  test('what is written besides another input, or is no bytes', async () => {
    for (const write of [(s) => s(png).write(png), (s) => s().write('text'), (s) => s().write(new Uint8Array([1]))]) {
      await inBoth(async (module) => {
        const errors = [];
        const spied = (...args) => module(...args).on('error', (error) => errors.push(error.message));
        write(spied);
        await wait(10);
        return errors;
      });
    }
    expect(() => lancet().write(5)).toThrow('must be of type string');
  });
});

describe('early close', () => {
  test('while it is written: nothing follows, and who waits is told', async () => {
    const instance = lancet();
    const events = record(instance);
    const waiting = [instance.toBuffer(), instance.metadata(), instance.clone().toBuffer(), instance.clone().clone().metadata()];
    instance.write(half);
    instance.destroy();
    for (const promise of waiting) await expect(promise).rejects.toThrow('Premature close');
    await expect(instance.toBuffer()).rejects.toThrow('Premature close');
    expect(events).toEqual(['close']);
  });

  test('with a reason', async () => {
    const instance = lancet();
    instance.on('error', () => {});
    const waiting = instance.toBuffer();
    instance.destroy(new Error('the client went away'));
    await expect(waiting).rejects.toThrow('the client went away');
  });

  test('while the picture is made', async () => {
    const instance = lancet(png).resize(2000).png();
    const events = record(instance);
    instance.resume();
    await wait(1);
    instance.destroy();
    await idle();
    expect(events).toEqual(['close']);
  });

  test('while a picture is made that fails', async () => {
    const instance = lancet(Buffer.from('no picture'));
    const events = record(instance);
    instance.read();
    instance.destroy();
    await wait(50);
    expect(events).toEqual(['close']);
  });

  test('by the end of a loop', async () => {
    const instance = lancet(png).resize(50).png();
    for await (const chunk of instance) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    expect(instance.destroyed).toBe(true);
  });
});

describe('backpressure', () => {
  test('a slow sink gets everything, and the picture is made once', async () => {
    const expected = await lancet(png).resize(300).png().toBuffer();
    let tasks = 0;
    const count = () => tasks++;
    const chunks = [];
    const sink = new Writable({
      highWaterMark: 1,
      write (chunk, _encoding, callback) {
        chunks.push(chunk);
        setTimeout(callback, 5);
      }
    });
    lancet.queue.on('change', count);
    const instance = lancet().resize(300).png();
    await pipeline(fs.createReadStream(file, { highWaterMark: 16 }), instance, sink);
    lancet.queue.off('change', count);
    expect(Buffer.concat(chunks).equals(expected)).toBe(true);
    expect(tasks).toBe(2);
  });

  test('a sink that never reads holds one picture, not more', async () => {
    const instances = Array.from({ length: 20 }, () => lancet(png).resize(200).png());
    const size = (await lancet(png).resize(200).png().toBuffer()).length;
    for (let round = 0; round < 5; round++) {
      instances.forEach((instance) => instance.read(0));
      await wait(40);
    }
    await idle();
    expect(instances.map((instance) => instance.readableLength)).toEqual(instances.map(() => size));
  });

  test('what was written is given up with the instance', async () => {
    const before = process.memoryUsage().arrayBuffers;
    for (let round = 0; round < 60; round++) {
      const instance = lancet().resize(4).png();
      instance.write(Buffer.alloc(1 << 20));
      instance.destroy();
      await once(instance, 'close');
    }
    await wait(20);
    global.gc?.();
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(80 << 20);
  });
});

describe('files', () => {
  const target = path.join(os.tmpdir(), `lancet-files-${process.pid}.png`);
  afterAll(() => fs.rmSync(target, { force: true }));

  test('the input is never the output', async () => {
    fs.copyFileSync(file, target);
    const spellings = [target, path.join(os.tmpdir(), '.', path.basename(target)), path.relative(process.cwd(), target)];
    for (const spelling of spellings) {
      const outcomes = await Promise.all([lancet, peer].map((module) => module(target).toFile(spelling).catch((error) => error.message)));
      expect(outcomes).toEqual(Array(2).fill('Cannot use same file for input and output'));
    }
    const [error] = await new Promise((resolve) => lancet(target).toFile(target, (...args) => resolve(args)));
    expect(error.message).toBe('Cannot use same file for input and output');
    expect(fs.readFileSync(target).equals(png)).toBe(true);
  });

  test('callbacks and promises give the same', async () => {
    const instance = lancet(png).resize(3);
    const info = await instance.toFile(target);
    const called = await new Promise((resolve) => expect(instance.toFile(target, (...args) => resolve(args))).toBe(instance));
    expect(called).toEqual([null, info]);
  });

  test('a path that cannot be written', async () => {
    for (const where of [path.join(os.tmpdir(), 'no', 'such', 'folder.png'), os.tmpdir()]) {
      const errors = await Promise.all([lancet, peer].map((module) => module(png).toFile(where).catch((error) => error.constructor)));
      expect(errors).toEqual([Error, Error]);
    }
  });
});

test('as a pair of web streams', async () => {
  const { readable, writable } = Duplex.toWeb(lancet().resize(3).png());
  const writer = writable.getWriter();
  const written = writer.write(png).then(() => writer.close());
  const chunks = [];
  for await (const chunk of readable) chunks.push(chunk);
  await written;
  expect((await lancet(Buffer.concat(chunks)).metadata()).width).toBe(3);
});

test('pipeline with a callback', (done) => {
  pipelineCallback(Readable.from([png]), lancet().png(), new PassThrough().resume(), done);
});
