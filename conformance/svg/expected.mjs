// The drawings that differ from the browser's, with the reasons.
export const expected = [
  {
    reason: 'A font size that is not given is 12 pixels, and an inch 72, as librsvg has them; a browser has 16 and 96.',
    pictures: ['transforms: transform translate(1em, 0)', 'geometry: units', 'geometry: units of the root', 'texts: font size in rem']
  },
  {
    reason: 'A prefix in a selector needs no declaration.',
    pictures: ['selectors: svg|rect']
  },
  {
    reason: 'The selector `:has()` is not known yet.',
    pictures: ['selectors: g:has(rect)']
  },
  {
    reason: 'Numbers without units in the transform of a style are taken as in the attribute.',
    pictures: ['transforms: transform rotate(20)']
  },
  {
    reason: 'Chromium does not apply the geometry of a style to a nested svg element, which SVG 2 says.',
    pictures: ['geometry: nested svg']
  },
  {
    reason: 'The thickness of an underline is that of the font; a browser rounds it to pixels.',
    pictures: ['texts: underline']
  }
];
