// What is measured, a line each.

/**
 * Runs in one process, both modules in turns on the same bytes.
 * `target` is the ratio of the peer's CPU time to ours that is aimed at; `difference` the mean absolute difference of
 * pixels, of 255, above which the row counts as wrong.
 */
export const rows = [
  { name: 'JPEG 2725×2225 → 720×588 JPEG', input: 'photo.jpg', call: image => image.resize(720, 588).jpeg({ quality: 80 }), target: 1.5, difference: 2.5 },
  { name: 'PNG RGBA 2048×1536 → 720×540 PNG', input: 'alpha.png', call: image => image.resize(720, 540).png(), target: 1.5, difference: 1 },
  { name: 'JPEG 320×240 → 100 wide JPEG', input: 'small.jpg', call: image => image.resize(100).jpeg(), target: 5, difference: 2.5 },
  { name: 'JPEG 2725×2225 → 720 wide WebP', input: 'photo.jpg', call: image => image.resize(720).webp({ quality: 80 }), target: 1, difference: 2.5 },
  { name: 'WebP 2048×1536 → 720 wide WebP', input: 'photo.webp', call: image => image.resize(720).webp(), difference: 2.5 },
  { name: 'WebP 2048×1536 → 720 wide JPEG', input: 'photo.webp', call: image => image.resize(720).jpeg(), difference: 2.5 },
  { name: 'JPEG 2725×2225 → 720 wide AVIF', input: 'photo.jpg', call: image => image.resize(720).avif(), target: 4, difference: 4 },
  { name: 'AVIF 2048×1536 → 720 wide JPEG', input: 'photo.avif', call: image => image.resize(720).jpeg(), target: 3, difference: 2.5 },
  { name: 'PNG 2048×1536 → 720 wide JPEG', input: 'photo.png', call: image => image.resize(720).jpeg(), difference: 2.5 },
  { name: 'PNG 2048×1536 → 720 wide WebP', input: 'photo.png', call: image => image.resize(720).webp(), difference: 2.5 },
  { name: 'JPEG 2725×2225 → 200×200 JPEG, cover', input: 'photo.jpg', call: image => image.resize(200, 200).jpeg(), difference: 2.5 },
  { name: 'JPEG 2725×2225 → 720 wide JPEG, mozjpeg', input: 'photo.jpg', call: image => image.resize(720).jpeg({ mozjpeg: true }), difference: 2.5 },
  { name: 'JPEG 2725×2225 → JPEG, same size', input: 'photo.jpg', call: image => image.jpeg(), difference: 2.5 },
  { name: 'JPEG 2725×2225 → 200×600, attention', input: 'photo.jpg', call: image => image.resize(200, 600, { position: 'attention' }).jpeg(), difference: 2.5 },
  { name: 'JPEG 2725×2225 → 720 wide GIF', input: 'photo.jpg', call: image => image.resize(720).gif(), difference: 4 },
  { name: 'PNG 720×588 → TIFF, LZW', input: '720.png', call: image => image.tiff({ compression: 'lzw' }), difference: 0 },
  { name: 'PNG 720×588 → TIFF, deflate', input: '720.png', call: image => image.tiff({ compression: 'deflate' }), difference: 0 },
  { name: 'PNG 720×588 → TIFF, JPEG', input: '720.png', call: image => image.tiff(), difference: 2.5 },
  { name: 'TIFF LZW 2048×1536 → 720 wide JPEG', input: 'photo-lzw.tiff', call: image => image.resize(720).jpeg(), difference: 2.5 },
  { name: 'TIFF deflate 2048×1536 → 720 wide JPEG', input: 'photo-deflate.tiff', call: image => image.resize(720).jpeg(), difference: 2.5 },
  { name: 'metadata() of a JPEG', input: 'photo.jpg', metadata: true }
];

/** Run in a process of their own, so that what the process needs counts: largest resident memory. */
export const memoryRows = [
  { name: 'memory: JPEG 12500×9375 → 800 wide JPEG', input: 'large.jpg', width: 800, format: 'jpeg' },
  { name: 'memory: PNG 12500×9375 → 800 wide JPEG', input: 'large.png', width: 800, format: 'jpeg' },
  { name: 'memory: JPEG 2725×2225 → 720 wide WebP', input: 'photo.jpg', width: 720, format: 'webp' }
];

/** The thumbnail that is the first work of a new process. */
export const startRow = { name: 'start: process to first thumbnail, less bare node', input: 'small.jpg', width: 100, format: 'jpeg' };
