'use strict';

// Explains why the addon was not loaded, and what to do. Loaded only then.

const { readdirSync } = require('node:fs');
const { basename, dirname, join } = require('node:path');

const own = dirname(__dirname);
// The installed name of the package, which may be an alias.
const name = basename(dirname(own)) === 'node_modules' ? basename(own) : 'lancet';

// Platform packages in the folders that Node searches.
function there () {
  const found = module.paths.flatMap((folder) => {
    try {
      return readdirSync(folder).filter((entry) => /^lancet-(darwin|linux|win32)-/.test(entry));
    } catch {
      return [];
    }
  });
  return [...new Set(found)];
}

function command (target) {
  const [os, cpu, libc] = target.split('-');
  const names = { gnu: ' --libc=glibc', musl: ' --libc=musl' };
  return `npm install --os=${os} --cpu=${cpu}${names[libc] ?? ''} ${name}`;
}

// `all`: platforms that have a package. `targets`: those that this process can load.
module.exports = function loadError (host, all, targets, errors) {
  const lines = [`Could not load the "${name}" module using the ${host} runtime`];
  if (targets.length === 0) {
    lines.push(`There is no binary for this platform; there are: ${all.join(', ')}`);
    return new Error(lines.join('\n'));
  }
  const found = there();
  const wanted = targets.map((target) => `lancet-${target}`);
  lines.push(
    `Looked for ${wanted.join(' or ')} near ${join(own, '..')}; ` +
      (found.length > 0 ? `there is ${found.join(', ')}` : 'none is there')
  );
  for (const { code, message } of errors) {
    if (code !== 'MODULE_NOT_FOUND') {
      lines.push(code ? `${code}: ${message}` : message);
    }
  }
  const musl = process.platform === 'linux' && !process.report.getReport().header.glibcVersionRuntime;
  const target = targets.find((target) => target.endsWith(musl ? '-musl' : '-gnu')) ?? targets[0];
  lines.push(
    'Optional dependencies must be installed, for the platform that the program runs on:',
    `    ${command(target)}`
  );
  return new Error(lines.join('\n'), { cause: errors[0] });
};

