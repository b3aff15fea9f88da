// The browser of tests that compare with one or look at a page.
import { ask, run } from './shell.mjs';

const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome'];

/** The path of a browser; on Debian it is installed when none is there. */
export function browser() {
  const found = () => BROWSERS.map(name => ask('which', [name])).find(Boolean);
  if (!found() && process.getuid?.() === 0 && ask('apt-get', ['--version'])) {
    const apt = (...args) => run('apt-get', ['-qq', ...args], { env: { DEBIAN_FRONTEND: 'noninteractive' } });
    apt('update');
    apt('install', '--yes', '--no-install-recommends', 'chromium');
  }
  const path = found();
  if (!path) throw new Error(`A browser is needed: please install ${BROWSERS.join(' or ')}`);
  return path;
}
