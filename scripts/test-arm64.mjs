// Runs the unit tests as 64-bit Arm code in an emulator, so that the NEON forms can be tested on any Linux.
//
//   npm run test:arm64                      all of them: minutes of compiling, then ten of emulation
//   npm run test:arm64 -- simd resample     those whose names have one of these texts
//
// Needs qemu-user, the C library of the target (Debian: libc6:arm64) and the target's Rust standard library
// (rustup target add aarch64-unknown-linux-gnu); cargo's variable RUSTC may name another compiler that has it.
import { cargo } from './lib/cargo.mjs';
import { ask, run } from './lib/shell.mjs';
import { setup } from './setup.mjs';

const EMULATOR = 'qemu-aarch64';

setup();
if (!ask(EMULATOR, ['--version'])) throw new Error(`Please install qemu-user: there is no ${EMULATOR}`);
// It starts the test program again, which the emulator is not told of.
const skip = ['--skip', 'a_panic_behind_a_c_interface_is_an_error'];
const [program, args, options] = cargo('test', ['--profile', 'bench', '--lib', '--', ...skip, ...process.argv.slice(2)], {
  platform: 'linux-arm64-gnu'
});
const env = { ...options.env, CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER: EMULATOR };
run(program, args, { ...options, env });
