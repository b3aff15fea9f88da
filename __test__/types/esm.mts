// A strict program as an ES module, under the package's own name.
import lancet, { cache, concurrency, fit, format, kernel, strategy, versions } from 'lancet';
import type { Metadata, OutputInfo, ResizeOptions, Sharp } from 'lancet';

const image: Sharp = lancet('in.jpg').resize({ width: 100, fit: 'inside' }).webp({ quality: 80 });
const metadata: Metadata = await image.metadata();
const { data, info }: { data: Buffer; info: OutputInfo } = await image.toBuffer({ resolveWithObject: true });
const wide: number = metadata.width;
console.log(data.length, info.size, wide, lancet.versions, lancet.fit.cover);

// The default export is the namespace of the types as well; names can be imported by themselves.
const other: lancet.Sharp = image.clone();
const options: lancet.ResizeOptions & ResizeOptions = { fit: fit.cover, kernel: kernel.cubic, position: strategy.entropy };
cache(false);
console.log(other, options, format.jpeg.output.alias, concurrency(), versions.sharp);

// @ts-expect-error the width is a number
lancet('in.jpg').resize('wide');
