// A registry on loopback that has lancet as it would be published, and everything else from the registry that npm uses.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pack } from '../scripts/package.mjs';
import { addonFile, platforms, thisPlatform } from '../scripts/lib/platform.mjs';
import { ask, inRoot } from '../scripts/lib/shell.mjs';
import { freePort, freshFolder, run, tool, write } from './lib.mjs';

const SECONDS_TO_START = 60;

async function ready(url, server) {
  for (let tries = 0; tries < SECONDS_TO_START * 5; tries++) {
    if (server.exitCode !== null) throw new Error('The registry ended before it was ready');
    const answer = await fetch(`${url}-/ping`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise(resolve => setTimeout(resolve, 200));
  }
  throw new Error('The registry did not start');
}

/** Folders with the manifests of the platforms that are not built: yarn asks for each before it leaves out those that do not fit. */
function otherPlatforms(folder) {
  const others = platforms().filter(({ name }) => name !== thisPlatform() && !existsSync(inRoot(addonFile(name))));
  return others.map(({ name, manifest: { files: _, ...manifest } }) => {
    write(folder, { [`${name}/package.json`]: manifest });
    return join(folder, name);
  });
}

/** Folders of the packages of other platforms whose addon is here. */
const builtPlatforms = () =>
  platforms().filter(({ name }) => name !== thisPlatform() && existsSync(inRoot(addonFile(name)))).map(({ manifest }) => inRoot('dist', manifest.name));

/** Starts the registry and publishes the main package and the package of each platform that is built. */
export async function startRegistry() {
  const folder = freshFolder('registry');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  write(folder, {
    'config.yaml': [
      `storage: ${join(folder, 'storage')}`,
      'uplinks:',
      '  public:',
      `    url: ${ask('npm', ['config', 'get', 'registry'])}`,
      'packages:',
      "  'lancet*': { access: $all, publish: $all }",
      "  '**': { access: $all, proxy: public }",
      // A manifest carries the package as base64.
      'max_body_size: 100mb',
      'log: { type: stdout, format: pretty, level: error }',
      ''
    ].join('\n'),
    // Anyone may publish, but npm wants to be somebody.
    npmrc: `registry=${url}\n//127.0.0.1:${port}/:_authToken=nobody\ncache=${join(folder, 'cache')}\nfund=false\naudit=false\nupdate-notifier=false\n`
  });
  const server = spawn(process.execPath, [tool('verdaccio/bin/verdaccio'), '--config', join(folder, 'config.yaml'), '--listen', `127.0.0.1:${port}`], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit']
  });
  process.on('exit', () => server.kill());
  await ready(url, server);

  /** The environment in which installers know only this registry. */
  const env = {
    npm_config_userconfig: join(folder, 'npmrc'),
    npm_config_registry: url,
    npm_config_store_dir: join(folder, 'pnpm-store'),
    YARN_CACHE_FOLDER: join(folder, 'yarn-cache')
  };
  for (const published of [...pack(), ...builtPlatforms(), ...otherPlatforms(folder)]) await run(published, 'npm', ['publish', '--loglevel=error'], env);
  return {
    url,
    env,
    async close() {
      server.kill();
      if (server.exitCode === null) await once(server, 'exit');
    }
  };
}
