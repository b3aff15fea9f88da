// Drawings as Chromium shows them: all on one page, each as an image of its own, in one screenshot.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createRequire } from 'node:module';
import { browser } from '../../scripts/lib/browser.mjs';

const sharp = createRequire(import.meta.url)('sharp');
const COLUMNS = 16;
/** A page has few enough rows for one screenshot. */
const ROWS = 12;

const options = size => [
  '--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--force-device-scale-factor=1', '--force-color-profile=srgb',
  '--disable-lcd-text', `--window-size=${COLUMNS * size},${ROWS * size}`
];

async function page(drawings, size, folder) {
  const image = ({ text }) => `<img src="data:image/svg+xml;base64,${Buffer.from(text).toString('base64')}">`;
  const style = `body{margin:0;line-height:0;background:#fff}img{width:${size}px;height:${size}px;vertical-align:top}`;
  const html = path.join(folder, 'page.html');
  const screenshot = path.join(folder, 'page.png');
  writeFileSync(html, `<!doctype html><meta charset="utf-8"><style>${style}</style>${drawings.map(image).join('')}`);
  const args = [...options(size), `--user-data-dir=${path.join(folder, 'profile')}`, `--screenshot=${screenshot}`, `file://${html}`];
  execFileSync(browser(), args, { stdio: 'ignore', timeout: 120_000 });
  const whole = await sharp(screenshot).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return drawings.map((_, at) => {
    const [left, top] = [(at % COLUMNS) * size, Math.floor(at / COLUMNS) * size];
    const rows = Array.from({ length: size }, (_, y) => {
      const start = ((top + y) * whole.info.width + left) * 3;
      return whole.data.subarray(start, start + size * 3);
    });
    return Buffer.concat(rows);
  });
}

/** The drawings on white as RGB of `size` × `size` pixels each. */
export async function inBrowser(drawings, size) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'svg-'));
  try {
    const shown = [];
    for (let at = 0; at < drawings.length; at += COLUMNS * ROWS) shown.push(...await page(drawings.slice(at, at + COLUMNS * ROWS), size, folder));
    return shown;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
