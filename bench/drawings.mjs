// SVG drawings that the benchmark works on, as text.

/** `count` elements, each made from its number. */
const many = (count, element) => Array.from({ length: count }, (_, index) => element(index)).join('');
const document = (width, height, body) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${body}</svg>`;
const hue = (index, step = 37) => `hsl(${(index * step) % 360},70%,50%)`;

/** An icon: a few filled and stroked paths. */
const icon = document(512, 512,
  '<rect x="16" y="16" width="480" height="480" rx="96" fill="#1d4ed8"/>' +
  '<path d="M128 352 L224 192 L288 288 L336 224 L400 352 Z" fill="#fff"/><circle cx="352" cy="160" r="40" fill="#fbbf24"/>' +
  '<path d="M96 400 C160 360 224 440 288 400 S416 360 448 400" fill="none" stroke="#fff" stroke-width="16" stroke-linecap="round"/>');

/** A chart: grid lines, bars and curves. */
const chart = document(1200, 800,
  '<rect width="1200" height="800" fill="#fff"/>' +
  many(15, index => `<path d="M60 ${50 * index + 40} H1160" stroke="#ddd" stroke-width="1"/>`) +
  many(30, index => `<rect x="${70 + index * 36}" y="${740 - 20 * (index * 7 % 31)}" width="24" height="${20 * (index * 7 % 31)}" fill="${hue(index)}" fill-opacity="0.8"/>`) +
  many(6, line => `<path fill="none" stroke="${hue(line, 61)}" stroke-width="3" d="M60 ${400 + line * 20}${many(40, index => ` L${60 + index * 28} ${400 + line * 40 + 150 * Math.sin(index * 0.4 + line)}`)}"/>`));

/** Panels with linear gradients and discs with radial ones. */
const gradients = document(1200, 800,
  `<defs>${many(8, index => `<linearGradient id="l${index}" x2="${index % 2}" y2="1"><stop offset="0" stop-color="${hue(index)}"/><stop offset="0.5" stop-color="#fff"/><stop offset="1" stop-color="${hue(index + 3)}" stop-opacity="0.7"/></linearGradient><radialGradient id="r${index}" fx="0.3" fy="0.3"><stop offset="0" stop-color="#fff"/><stop offset="1" stop-color="${hue(index, 53)}"/></radialGradient>`)}</defs>` +
  '<rect width="1200" height="800" fill="url(#l0)"/>' +
  many(8, index => `<rect x="${20 + (index % 4) * 295}" y="${20 + (index >> 2) * 390}" width="275" height="370" rx="20" fill="url(#l${index})"/><circle cx="${160 + (index % 4) * 295}" cy="${200 + (index >> 2) * 390}" r="110" fill="url(#r${index})"/>`));

/** Cards that are cut to rectangles, rounded rectangles and discs. */
const clips = document(1200, 800,
  `<defs><clipPath id="all"><rect width="1200" height="800"/></clipPath>${many(8, index => `<clipPath id="c${index}"><rect x="${20 + (index % 4) * 295}" y="${20 + (index >> 2) * 390}" width="275" height="370"${index % 2 ? ' rx="24"' : ''}/></clipPath><clipPath id="d${index}"><circle cx="${160 + (index % 4) * 295}" cy="${160 + (index >> 2) * 390}" r="90"/></clipPath>`)}</defs>` +
  '<g clip-path="url(#all)"><rect width="1200" height="800" fill="#eee"/>' +
  many(8, index => `<g clip-path="url(#c${index})"><rect x="${(index % 4) * 295}" y="${(index >> 2) * 390}" width="310" height="410" fill="${hue(index)}"/><g clip-path="url(#d${index})"><rect x="${60 + (index % 4) * 295}" y="${60 + (index >> 2) * 390}" width="200" height="200" fill="#fff"/>${many(10, line => `<path d="M${60 + (index % 4) * 295} ${70 + line * 20 + (index >> 2) * 390} l200 30" stroke="${hue(line)}" stroke-width="6"/>`)}</g></g>`) +
  '</g>');

/** Lines of text of several sizes. */
const text = document(1200, 800,
  '<rect width="1200" height="800" fill="#fff"/>' +
  many(20, index => `<text x="40" y="${40 + index * 38}" font-family="DejaVu Sans, sans-serif" font-size="${14 + index}" fill="${hue(index)}">The quick brown fox jumps over the lazy dog, ${index} times</text>`));

/** What an image is cut round with, as the image handler writes it: a view box alone. */
export const round = (width, height) =>
  `<svg viewBox="0 0 ${width} ${height}"> <ellipse cx="${width / 2}" cy="${height / 2}" rx="${width / 2}" ry="${height / 2}" /></svg>`;

export const drawings = { 'icon.svg': icon, 'chart.svg': chart, 'gradients.svg': gradients, 'clips.svg': clips, 'text.svg': text };
