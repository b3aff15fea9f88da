// The demo page in a real browser without a window: shows an image with its edits, and errors; leaves screenshots.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { browser } from '../scripts/lib/browser.mjs';
import { inRoot } from '../scripts/lib/shell.mjs';
import { localServer } from '../scripts/start.mjs';
import { check, tool } from './lib.mjs';

export async function page() {
  const screenshots = inRoot('e2e', 'screenshots');
  mkdirSync(screenshots, { recursive: true });
  const puppeteer = createRequire(import.meta.url)(tool('puppeteer-core'));
  const server = await localServer().serve({ folder: inRoot('examples', 'photos'), port: 0 });
  const chromium = await puppeteer.launch({ executablePath: browser(), args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const tab = await chromium.newPage();
    await tab.setViewport({ width: 1280, height: 800 });
    const problems = [];
    tab.on('pageerror', error => problems.push(error.message));
    const settled = () => tab.waitForFunction(() => ['done', 'failed'].includes(document.body.dataset.state), { timeout: 60_000 });
    const text = id => tab.$eval(`#${id}`, element => element.textContent);
    const submit = async () => {
      await tab.evaluate(() => delete document.body.dataset.state);
      await tab.click('#go');
      await settled();
    };

    await tab.goto(server.url);
    await settled();
    await check('the page shows a picture beside the stored one', async () => {
      assert.match(await text('original-facts'), /^Original: \d+ × \d+, [\d,]+ bytes, \d+ ms, image\//);
      assert.match(await text('result-facts'), /^Result: 480 × \d+, [\d,]+ bytes, \d+ ms, image\//);
    });
    await check('edits are done, and the request is shown', async () => {
      await tab.select('#key', 'rocket.jpg');
      await settled();
      await tab.click('input[name=grayscale]');
      await tab.select('select[name=format]', 'webp');
      await submit();
      assert.match(await text('result-facts'), /image\/webp$/);
      assert.match(await text('json'), /"grayscale":true/);
      const url = await text('url');
      assert.ok(url.startsWith(server.url), url);
      assert.equal((await fetch(url)).headers.get('content-type'), 'image/webp');
      await tab.screenshot({ path: `${screenshots}/page.png` });
    });
    await check('it says that it is working until the picture is there', async () => {
      await tab.evaluate(() => {
        document.body.dataset.seen = '';
        new MutationObserver(() => { if (!document.getElementById('progress').hidden) document.body.dataset.seen = 'progress'; })
          .observe(document.getElementById('progress'), { attributes: true });
      });
      await submit();
      assert.equal(await tab.evaluate(() => document.body.dataset.seen), 'progress');
      assert.equal(await tab.$eval('#progress', element => element.hidden), true);
    });
    await check('an error can be read', async () => {
      await tab.type('textarea[name=more]', '{ "resize": { "width": -1 } }');
      await submit();
      assert.match(await text('error'), /^400 ImageEdits::BadEdit\n/);
      await tab.screenshot({ path: `${screenshots}/error.png` });
    });
    assert.deepEqual(problems, []);
  } finally {
    await chromium.close();
    server.close();
  }
}
