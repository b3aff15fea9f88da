// Runs jobs with one module, named by the first argument. Reads a job in JSON from each line of stdin, and answers with a line:
// CPU and wall time of one run in ms, and the output of the last. Runs in Node.js, and in Bun for Bun's own image API.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const require = createRequire(import.meta.url);

/** lancet, and sharp without its cache, on one thread each. */
function sharpLike(module) {
  module.cache(false);
  module.concurrency(1);
  return {
    metadata: input => module(input).metadata(),
    convert: (input, { width, height, format, options }) => module(input).resize(width, height, { fit: 'fill' }).toFormat(format, options).toBuffer()
  };
}

/** How each module does a job: the same size, format and quality; a Lanczos kernel where it can be chosen. */
const adapters = {
  lancet: () => sharpLike(require('../..')),
  sharp: () => sharpLike(require('sharp')),
  imgkit() {
    const { metadata, transform } = require('imgkit');
    return {
      metadata,
      convert: (input, { width, height, format, options }) => transform(input, { resize: { width, height, fit: 'fill', filter: 'lanczos3' }, output: { format, [format]: options } })
    };
  },
  '@napi-rs/image'() {
    const { FastResizeFilter, ResizeFit, Transformer } = require('@napi-rs/image');
    return {
      metadata: input => new Transformer(input).metadata(),
      convert(input, { width, height, format, options }) {
        const image = new Transformer(input).fastResize({ width, height, fit: ResizeFit.Fill, filter: FastResizeFilter.Lanczos3 });
        return format === 'png' ? image.png() : image[format](options.quality);
      }
    };
  },
  'Bun.Image': () => ({
    metadata: input => new globalThis.Bun.Image(input).metadata(),
    convert: (input, { width, height, format, options }) => new globalThis.Bun.Image(input).resize(width, height)[format](options).bytes()
  })
};

const adapter = adapters[process.argv[2]]();

async function run({ input, times, ...job }) {
  const bytes = readFileSync(input);
  const work = () => (job.format ? adapter.convert(bytes, job) : adapter.metadata(bytes));
  const [cpu, wall] = [process.cpuUsage(), performance.now()];
  let output;
  for (let count = 0; count < times; count++) output = await work();
  const { user, system } = process.cpuUsage(cpu);
  return {
    cpu: (user + system) / 1000 / times,
    wall: (performance.now() - wall) / times,
    output: job.format && Buffer.from(output).toString('base64')
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  const answer = await run(JSON.parse(line)).catch(error => ({ error: error.message }));
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
