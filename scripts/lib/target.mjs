// How the compilers and the linker are called for each platform.
import { thisPlatform } from './platform.mjs';
import { ask, inRoot, root } from './shell.mjs';

/** Oldest macOS that the addon loads on; without it, the binary asks for the newest that the linker knows. */
export const MACOS = '11.0';

/**
 * Whether zig compiles and links for a platform: for glibc, so that the addon runs on an older one than this machine's, and for
 * every platform that is not this machine's.
 */
export const linksWithZig = platform => /^linux-.*-gnu$/.test(platform) || platform !== thisPlatform();

/**
 * The hot loops of the C libraries are hand-written vector code, and the plain C behind it never runs: loops that the compiler
 * unrolls and vectorises there only add size. Neither do they need unwind tables, unless a library asks for them by
 * `-fexceptions`.
 */
const SMALL = ['-fno-tree-vectorize', '-fno-tree-slp-vectorize', '-fno-unroll-loops'];
const NO_TABLES = ['-fno-unwind-tables', '-fno-asynchronous-unwind-tables'];

function cFlags(platform) {
  // zig's C runtime for Windows refers to its unwind tables. There `long` has 32 bits, and mozjpeg counts the zeroes of 64.
  if (platform.startsWith('win32-')) return [...SMALL, '-D__builtin_ctzl=__builtin_ctzll'];
  return [...SMALL, ...NO_TABLES];
}

/** Folders of the builder, and what stands for them in strings of the binary. */
const folders = () => [[process.env.CARGO_HOME ?? `${process.env.HOME}/.cargo`, '/cargo'], [root.replace(/[\\/]$/, ''), '/lancet']];

/**
 * For a build that is published: the same commit gives the same bytes wherever and whenever it is built. mozjpeg writes the time
 * into its version unless it is given one. It counts leading zeroes by an instruction instead of a table of 64 kB.
 */
function publishedFlags() {
  const time = process.env.SOURCE_DATE_EPOCH ?? ask('git', ['log', '-1', '--format=%ct']) ?? '0';
  return {
    c: ['-DUSE_CLZ_INTRINSIC', ...folders().map(([from, to]) => `-ffile-prefix-map=${from}=${to}`)],
    rust: folders().map(([from, to]) => `--remap-path-prefix=${from}=${to}`),
    env: { SOURCE_DATE_EPOCH: time }
  };
}

/** Environment and options of cargo for a platform. What they change is compiled again, so everyday builds have them alike. */
export function targetSettings(platform, rustTarget, published) {
  const more = published ? publishedFlags() : { c: [], rust: [], env: {} };
  const flags = linksWithZig(platform) ? [...cFlags(platform), ...more.c] : more.c;
  const env = { ...more.env };
  if (flags.length > 0) env.CFLAGS = [...flags, process.env.CFLAGS].filter(Boolean).join(' ');
  if (platform.startsWith('darwin-')) env.MACOSX_DEPLOYMENT_TARGET = MACOS;
  // Joined to the flags of .cargo/config.toml, which the variable RUSTFLAGS would replace.
  const options = more.rust.length > 0 ? ['--config', `target.${rustTarget}.rustflags=${JSON.stringify(more.rust)}`] : [];
  return { env, options };
}

/**
 * Arguments for the linker that hide what Node does not ask for: rav1d's C interface on Linux, everything in the C libraries on
 * Windows. zig takes a second list and lets it win; other linkers refuse one, and zig's for macOS knows none.
 */
export function exportArguments(platform) {
  if (!linksWithZig(platform)) return [];
  if (platform.startsWith('linux-')) return ['-C', `link-arg=-Wl,--version-script=${inRoot('scripts', 'exports', 'elf.map')}`];
  if (platform.startsWith('win32-')) return ['-C', `link-arg=${inRoot('scripts', 'exports', 'pe.def')}`];
  return [];
}
