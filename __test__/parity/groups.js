/** Groups of cases about what is read and written; all others are about what is done to pixels. */
const aboutFormats = new Set([
  'avif', 'errors', 'exif', 'gain-map', 'gif', 'input', 'jpeg', 'metadata', 'output', 'rejections', 'svg', 'tiff'
]);

module.exports = { isAboutFormats: group => aboutFormats.has(group) };
