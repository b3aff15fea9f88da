// lancet-compat: a project's own jest suite, in TypeScript, on lancet; and the project is as it was afterwards.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot } from '../scripts/lib/shell.mjs';
import { check, freshFolder, node, write } from './lib.mjs';

const example = inRoot('examples', 'image-handler');

const program = `import sharp, { FormatEnum, SharpOptions } from 'sharp';

const formatOf = (type: string): keyof FormatEnum => (type === 'image/avif' ? 'avif' : 'jpg');

test.each(['image/avif', 'image/jpeg'])('a thumbnail as %s', async (type) => {
  const { lancet } = sharp.versions as Record<string, string>;
  expect(lancet).toBeDefined();
  const options: SharpOptions = { failOnError: false, raw: { width: 2, height: 2, channels: 3 } };
  const { data, info } = await sharp(Buffer.alloc(12), options).toFormat(formatOf(type)).toBuffer({ resolveWithObject: true });
  expect(info.format).toBe(type === 'image/avif' ? 'heif' : 'jpeg');
  expect(data.length).toBeGreaterThan(60);
});
`;

export async function compat() {
  const project = freshFolder('compat');
  write(project, {
    'package.json': { name: 'project', private: true, version: '1.0.0', dependencies: { sharp: '^0.35.0' } },
    'jest.config.js': "module.exports = { testEnvironment: 'node', transform: { '\\\\.ts$': ['ts-jest', { tsconfig: 'tsconfig.json' }] } };\n",
    'tsconfig.json': { compilerOptions: { target: 'es2022', module: 'commonjs', moduleResolution: 'node', esModuleInterop: true, types: ['jest', 'node'] } },
    // sharp 0.35 declares neither this option nor these formats: the program compiles only with the types of lancet.
    'thumbnail.test.ts': program
  });
  // The example has jest, ts-jest and the types that the project needs.
  const modules = join(project, 'node_modules');
  mkdirSync(modules);
  const installed = join(example, 'node_modules');
  for (const name of readdirSync(installed).filter(name => !name.startsWith('.') && name !== 'sharp')) {
    symlinkSync(join(installed, name), join(modules, name));
  }
  cpSync(inRoot('node_modules', 'sharp'), join(modules, 'sharp'), { recursive: true });
  symlinkSync(inRoot('node_modules', '@img'), join(modules, '@img'));

  const before = readFileSync(join(modules, 'sharp', 'package.json'), 'utf8');
  const jest = ['--', process.execPath, join(modules, 'jest', 'bin', 'jest.js')];
  await check('lancet-compat runs the tests of a project on lancet', () =>
    node(project, [inRoot('bin', 'lancet-compat.mjs'), project, ...jest]));
  await check('the project is as it was', () => assert.equal(readFileSync(join(modules, 'sharp', 'package.json'), 'utf8'), before));
  await check('without lancet-compat the same tests fail', () => assert.rejects(node(project, jest.slice(2))));
}
