// A strict program as an ES module, under the package's own name.
import lancet, { type Metadata, type OutputInfo, type Sharp } from 'lancet';

const image: Sharp = lancet('in.jpg').resize({ width: 100, fit: 'inside' }).webp({ quality: 80 });
const metadata: Metadata = await image.metadata();
const { data, info }: { data: Buffer; info: OutputInfo } = await image.toBuffer({ resolveWithObject: true });
const wide: number = metadata.width;
console.log(data.length, info.size, wide, lancet.versions, lancet.fit.cover);

// @ts-expect-error the width is a number
lancet('in.jpg').resize('wide');
