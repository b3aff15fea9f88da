// Icons of npm packages, a few of each, evenly from all; nothing of a package is run.
import { readFileSync } from 'node:fs';
import { ofNode } from '../corpora.mjs';

/** Package, version, hash of its archive, and the folder of its icons. */
const packages = [
  ['lucide-static', '1.62.0', '386f9080c440d6f5049cefe3456ae8357f7a0c7f76e59670cd1cb83bc7050a44', 'icons'],
  ['bootstrap-icons', '1.13.2', '7b5960145e1ab14a49a117f96a9e5a54a94fdf07f21e302d9e4f88d73dd19f9c', 'icons'],
  ['@tabler/icons', '3.52.0', '626620c7d42afd2f294fba167ce4653b5cb946336d186b4991c70b700e5616af', 'icons'],
  ['simple-icons', '16.37.0', 'cd9faf0e6faa8a8fdd15e9632ab4c86fcae4b986fe552b87673149847f2f671d', 'icons']
];
const OF_EACH = 24;

/** `{ name, text }` of all. */
export function icons() {
  return packages.flatMap(([name, version, sha256, within]) => {
    const all = ofNode(name, version, sha256, within).filter(({ name: file }) => file.endsWith('.svg'));
    const step = Math.max(1, Math.floor(all.length / OF_EACH));
    return all
      .filter((_, at) => at % step === 0)
      .slice(0, OF_EACH)
      .map(({ name: icon, file }) => ({ name: `${name}: ${icon}`, text: readFileSync(file, 'utf8') }));
  });
}
