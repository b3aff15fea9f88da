'use strict';

const path = require('node:path');
const lancet = require('..');

const fixture = (name) => path.join(__dirname, 'fixtures', name);

test.each(['animated.gif', 'animated.webp', 'dispose-2.gif', 'local-palette.gif'])('interPaletteMaxError trades palettes for bytes: %s', async (name) => {
  const size = async (interPaletteMaxError) => {
    const image = lancet(fixture(name), { animated: true }).resize(60);
    return (await image.gif({ interPaletteMaxError, reuse: false }).toBuffer()).length;
  };
  const sizes = [];
  for (const most of [0, 8, 32, 256]) sizes.push(await size(most));
  // The more error is borne, the fewer frames have a palette of their own.
  expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
  expect(sizes.at(-1)).toBeLessThan(sizes[0] * 0.9);
});
