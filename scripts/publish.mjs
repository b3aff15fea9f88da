// Publishes the packages in dist/: those of the platforms first, since whoever installs the main one must find them. Versions that
// are already published are passed over, so that a release which stopped halfway can be run again.
//
//   node scripts/publish.mjs [--dry-run]     where GITHUB_REF_NAME is set, it must be the version with a v before it
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { manifest } from './lib/platform.mjs';
import { ask, inRoot, npm } from './lib/shell.mjs';

const { name, version } = manifest();
const tag = process.env.GITHUB_REF_NAME;
if (tag !== undefined && tag !== `v${version}`) throw new Error(`The tag ${tag} is not the version v${version}`);

const isPublished = (item, number) => ask('npm', ['view', `${item}@${number}`, 'version']) === number;

const dryRun = process.argv.includes('--dry-run') ? ['--dry-run'] : [];
const folders = readdirSync(inRoot('dist')).sort((a, b) => (a === name) - (b === name));
for (const folder of folders.map(item => join(inRoot('dist'), item))) {
  const item = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (isPublished(item.name, item.version)) {
    console.log(`${item.name}@${item.version} is already published`);
    continue;
  }
  const provenance = process.env.GITHUB_ACTIONS && dryRun.length === 0 ? ['--provenance'] : [];
  npm(['publish', ...dryRun, ...provenance, '--access', 'public', folder]);
}
