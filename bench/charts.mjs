// Draws the charts of README.md from bench/figures.json, for light and dark pages.
//
//   node bench/charts.mjs
import { mkdirSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { inRoot } from '../scripts/lib/shell.mjs';
import { readPublished } from './figures.mjs';

const folder = inRoot('docs', 'images');

/** Rows of the chart: name in the figures, and label. */
const ROWS = [
  ['JPEG 2725×2225 → 720×588 JPEG', 'JPEG → JPEG, 6 MP → 720 px'],
  ['JPEG 320×240 → 100 wide JPEG', 'JPEG → JPEG, 320 → 100 px'],
  ['JPEG 2725×2225 → 720 wide WebP', 'JPEG → WebP, 6 MP → 720 px'],
  ['JPEG 2725×2225 → 720 wide AVIF', 'JPEG → AVIF, 6 MP → 720 px'],
  ['PNG RGBA 2048×1536 → 720×540 PNG', 'PNG → PNG with alpha, 3 MP → 720 px'],
  ['WebP 2048×1536 → 720 wide JPEG', 'WebP → JPEG, 3 MP → 720 px'],
  ['AVIF 2048×1536 → 720 wide JPEG', 'AVIF → JPEG, 3 MP → 720 px'],
  ['animated GIF 480×360 → 240 wide GIF', 'animated GIF, 480 → 240 px'],
  ['pixels 720×588 → PNG with palette', 'PNG with a palette, 720 px']
];

const THEMES = {
  light: { text: '#1f2328', faint: '#59636e', ours: '#0969da', theirs: '#afb8c1' },
  dark: { text: '#f0f6fc', faint: '#9198a1', ours: '#4493f8', theirs: '#3d444d' }
};

const WIDTH = 760;
const LABELS = 250;
const BAR = 11;
const STEP = 40;
const TOP = 34;
/** Space on the right for the ratio. */
const MARGIN = 70;

/** Bars of CPU time relative to sharp's, which is 100 % in every row. */
export function chart({ rows, date, sharp }, { text, faint, ours, theirs }) {
  const full = WIDTH - LABELS - MARGIN;
  const lines = ROWS.filter(([name]) => rows[name]).map(([name, label], index) => {
    const { ours: own, peer } = rows[name];
    const y = TOP + index * STEP;
    const width = Math.max(1.5, full * Math.min(1, own.cpu / peer.cpu));
    return `
  <text x="${LABELS - 12}" y="${y + 16}" text-anchor="end" fill="${text}">${label}</text>
  <rect x="${LABELS}" y="${y}" width="${width.toFixed(1)}" height="${BAR}" rx="2" fill="${ours}"/>
  <rect x="${LABELS}" y="${y + BAR + 2}" width="${full}" height="${BAR}" rx="2" fill="${theirs}"/>
  <text x="${LABELS + full + 10}" y="${y + 16}" fill="${text}" font-weight="600">${(peer.cpu / own.cpu).toFixed(1)}×</text>`;
  });
  const height = TOP + lines.length * STEP + 10;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="-apple-system, 'Segoe UI', Helvetica, Arial, sans-serif" font-size="13" role="img">
  <title>CPU time of lancet relative to sharp ${sharp}, ${date}; shorter is better</title>
  <rect x="${LABELS}" y="8" width="10" height="10" rx="2" fill="${ours}"/><text x="${LABELS + 16}" y="17" fill="${faint}">lancet</text>
  <rect x="${LABELS + 76}" y="8" width="10" height="10" rx="2" fill="${theirs}"/><text x="${LABELS + 92}" y="17" fill="${faint}">sharp: CPU time for the same work, shorter is better</text>${lines.join('')}
</svg>
`;
}

/** Writes both charts. */
export function writeCharts(figures) {
  mkdirSync(folder, { recursive: true });
  for (const [name, theme] of Object.entries(THEMES)) writeFileSync(`${folder}/benchmark-${name}.svg`, chart(figures, theme));
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) writeCharts(readPublished());
