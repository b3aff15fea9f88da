// Small drawings of 96×96, by name: what SVG and CSS can say, one thing at a time. They are ours; everything is in the document.
const SIZE = 96;
const open = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${SIZE}" height="${SIZE}" viewBox="0 0 ${SIZE} ${SIZE}">`;
const wrap = body => `${open}${body}</svg>`;
const rects = '<g id="g" class="k"><rect class="a" x="6" y="6" width="36" height="36"/><rect class="b" x="54" y="6" width="36" height="36"/><circle id="c" class="a" cx="24" cy="72" r="18"/><circle class="b c" cx="72" cy="72" r="18"/></g>';
const sheet = (css, body = rects) => `<style>${css.replaceAll('<', '&lt;')}</style>${body}`;
const each = (list, make) => Object.fromEntries(list.map((item, at) => make(item, at)));

const selectors = [
  'rect', '*', '#c', '.a', '.b.c', 'g rect', 'g > circle', 'svg > rect', 'rect + rect', 'rect ~ circle', 'circle + circle', ':root', 'svg|rect',
  'rect:first-child', 'circle:last-child', 'g > :nth-child(2n)', 'g > :nth-child(odd)', 'g > :nth-child(-n+2)', 'g > :nth-last-child(2)',
  'circle:first-of-type', 'rect:last-of-type', 'circle:nth-of-type(2)', 'g:only-child > rect', 'rect:only-of-type', ':not(.a)', 'rect:not(.a, .c)',
  ':is(rect, .c)', 'g:where(.k) .a', '[id]', '[class="a"]', '[class~="c"]', '[class^="b"]', '[class$="c"]', '[class*=" "]', '[cx="24"]', '[CLASS]',
  'rect:hover', 'rect::before', 'rect:unknown, circle', ':is(:unknown, circle)', 'RECT', '.A', '[class="A" i]', 'g:has(rect)', 'circle:empty', '#g .a:not(#c)'
];

const cascade = {
  specificity: sheet('#c{fill:#c33} .a{fill:#3c3} circle{fill:#33c}'),
  'specificity of lists': sheet(':is(#x, circle){fill:#c33} .b{fill:#3c3}'),
  'specificity of where': sheet(':where(#c){fill:#c33} circle{fill:#3c3}'),
  order: sheet('.a{fill:#c33} .a{fill:#3c3}'),
  important: sheet('.a{fill:#c33 !important} #c{fill:#3c3}'),
  'important over style': sheet('rect{fill:#c33!important}', '<rect width="60" height="60" style="fill:#3c3"/>'),
  'important in style': sheet('#r{fill:#c33!important}', '<rect id="r" width="60" height="60" style="fill:#3c3 !important"/>'),
  'style over sheet over attribute': sheet('rect{fill:#c33;stroke:#33c}', '<rect x="9" y="9" width="60" height="60" fill="#3c3" stroke="#000" stroke-width="6" style="fill:#cc3"/>'),
  inheritance: sheet('g{fill:#c33} svg{fill:#3c3}'),
  'inherit keyword': sheet('g{opacity:0.3} .a{opacity:inherit;fill:#c33}'),
  'initial keyword': sheet('g{fill:#c33} .a{fill:initial}'),
  'unset keyword': sheet('g{fill:#c33} rect{fill:#3c3} .a{fill:unset}'),
  'invalid value falls back': sheet('rect{fill:#c33} rect{fill:nonsense}'),
  comments: sheet('/* rect{} */ .a/**/{fill:/* x */#c33} .b{/* ; */fill:#3c3}'),
  'marks of HTML': '<style><![CDATA[<!-- .a{fill:#c33} -->]]></style>' + rects,
  'comment nodes': '<style>.a{fill:#c33}<!-- x -->.b{fill:#3c3}</style>' + rects,
  'media screen': sheet('@media screen{.a{fill:#c33}} @media print{.b{fill:#3c3}}'),
  'media dark': sheet('.a{fill:#c33} @media (prefers-color-scheme: dark){.a{fill:#fff}}'),
  'media width': sheet('@media (min-width: 90px){.a{fill:#c33}} @media (min-width: 200px){.b{fill:#3c3}}'),
  'media range': sheet('@media (50px < width <= 96px){.a{fill:#c33}}'),
  supports: sheet('@supports (fill: red){.a{fill:#c33}} @supports not (fill: red){.b{fill:#3c3}}'),
  'style media attribute': '<style media="print">.a{fill:#c33}</style><style media="screen">.b{fill:#3c3}</style>' + rects,
  'style of another type': '<style type="text/less">.a{fill:#c33}</style><style type="text/css">.b{fill:#3c3}</style>' + rects,
  'two sheets': '<style>.a{fill:#c33}</style><style>.b{fill:#3c3}</style>' + rects,
  'sheet at the end': rects + '<style>.a{fill:#c33}</style>',
  'at-rules passed over': sheet('@charset "x"; @import url(a.css); @font-face{font-family:x;src:url(a)} @keyframes k{from{fill:red}} .a{fill:#c33}'),
  'broken rule': sheet('.a{fill:#c33} } .b{fill:#3c3} circle{fill:#33c}'),
  escapes: sheet('#\\63 {fill:#c33} .\\61{stroke:#33c;stroke-width:4}'),
  'use keeps the selectors of its original': sheet('g .a{fill:#c33} use .a{fill:#3c3}', '<defs><rect id="r" class="a" width="30" height="30"/></defs><g><use href="#r" x="5" y="5"/></g><use href="#r" x="50" y="50"/>'),
  'use inherits': sheet('.u{fill:#c33}', '<defs><rect id="r" width="30" height="30"/></defs><use class="u" href="#r" x="5" y="5"/><use href="#r" x="50" y="50" style="fill:#3c3"/>'),
  'marker shorthand': sheet('path{marker:url(#m)}', '<marker id="m" markerWidth="6" markerHeight="6" refX="3" refY="3"><circle cx="3" cy="3" r="3" fill="#c33"/></marker><path d="M15 15L80 40L30 80" fill="none" stroke="#333" stroke-width="3"/>'),
  'current colour': sheet('g{color:#c33} .a{fill:currentColor} .b{fill:none;stroke:CURRENTCOLOR;stroke-width:4}'),
  'display none': sheet('.a{display:none} .b{fill:#c33}'),
  visibility: sheet('g{visibility:hidden} .b{visibility:visible;fill:#c33}'),
  'names in any case': sheet('.a{FILL:#c33} .b{Fill:RED}')
};

const variables = {
  simple: sheet(':root{--c:#c33} .a{fill:var(--c)}'),
  fallback: sheet('.a{fill:var(--none, #3c3)}'),
  'nested fallback': sheet('.a{fill:var(--x, var(--y, rgb(200, 50, 50)))}'),
  inherited: sheet('g{--c:#c33} svg{--c:#3c3} .a{fill:var(--c)}'),
  overridden: sheet('svg{--c:#c33} .b{--c:#3c3} rect, circle{fill:var(--c)}'),
  'in style': '<g style="--w: 7"><rect x="20" y="20" width="50" height="50" fill="none" style="stroke:#c33;stroke-width:var(--w)"/></g>',
  'of a variable': sheet('svg{--a:#c33;--b:var(--a)} .a{fill:var(--b)}'),
  circular: sheet('svg{fill:#33c;--a:var(--b);--b:var(--a)} .a{fill:var(--a)}'),
  invalid: sheet('g{fill:#33c} .a{fill:#c33;fill:var(--none)}'),
  'in an attribute': '<g style="--c:#c33"><rect x="10" y="10" width="60" height="60" fill="var(--c)"/></g>',
  'in calc': sheet('svg{--n:3} rect{x:calc(var(--n) * 4px);width:calc(10px * var(--n))}'),
  'in a transform': sheet('.a{--x:20px;transform:translate(var(--x), 5px)}'),
  'in important': sheet('svg{--c:#c33!important;--c:#3c3} .a{fill:var(--c)}')
};

const shape = '<rect x="30" y="20" width="40" height="20" fill="#c33"';
const transforms = {
  ...each(
    [
      'translate(10px, 20px)', 'translate(10px)', 'translateX(20px)', 'translateY(-10px)', 'translate(25%, 10%)', 'rotate(20deg)', 'rotate(0.4rad)',
      'rotate(0.1turn)', 'rotate(30grad)', 'scale(1.5)', 'scale(0.5, 2)', 'scaleX(0.5)', 'scale(150%)', 'skewX(20deg)', 'skew(10deg, 20deg)',
      'matrix(1, 0.2, -0.3, 1, 10, 5)', 'translate3d(5px, 6px, 7px)', 'rotateX(60deg)', 'translate(20px, 10px) rotate(30deg) scale(0.8)', 'none',
      'translate(1em, 0)', 'translate(calc(5px + 10%), 3px)', 'rotate(20)', 'nonsense(1)'
    ],
    value => [`transform ${value}`, `${shape} style="transform:${value}"/>`]
  ),
  ...each(
    ['center', '0 0', '50% 50%', 'top left', 'right', '30px 12px', '10px', 'bottom', '100% 0'],
    value => [`origin ${value}`, `${shape} style="transform:rotate(30deg);transform-origin:${value}"/>`]
  ),
  ...each(
    ['fill-box', 'stroke-box', 'view-box', 'content-box', 'border-box'],
    value => [`box ${value}`, `${shape} stroke="#333" stroke-width="6" style="transform:rotate(40deg);transform-box:${value};transform-origin:center"/>`]
  ),
  'box of a group': '<g style="transform:scale(0.5);transform-box:fill-box;transform-origin:100% 100%"><rect x="10" y="10" width="30" height="30" fill="#c33"/><circle cx="70" cy="60" r="20"/></g>',
  'box of a path': '<path d="M10 50C10 10 80 10 60 60Z" style="transform:rotate(90deg);transform-box:fill-box;transform-origin:center" fill="#36c"/>',
  'translate in shares of a box': `${shape} style="transform:translate(50%, 100%);transform-box:fill-box"/>`,
  'style over attribute': `${shape} transform="translate(50 50)" style="transform:translate(-10px,30px)"/>`,
  'attribute with origin': `${shape} transform="rotate(45)" transform-origin="50 30"/>`,
  'attribute with origin and box': `${shape} transform="rotate(45)" style="transform-box:fill-box;transform-origin:center"/>`,
  'individual properties': `${shape} style="translate:5px 20px;rotate:20deg;scale:0.8 1.4"/>`,
  'individual and transform': `${shape} style="translate:10px;transform:rotate(10deg);transform-origin:center;transform-box:fill-box"/>`,
  'of a group in a sheet': sheet('g{transform:translate(20px,10px) scale(0.6)}'),
  'of a clip path': '<clipPath id="p" style="transform:translate(20px,20px)"><rect width="40" height="40"/></clipPath><rect width="96" height="96" fill="#c33" clip-path="url(#p)"/>',
  'of a gradient': '<linearGradient id="l" style="transform:rotate(45deg)"><stop stop-color="#c33"/><stop offset="1" stop-color="#33c"/></linearGradient><rect width="96" height="96" fill="url(#l)"/>',
  'nested boxes': '<g style="transform:rotate(10deg);transform-origin:48px 48px"><g style="transform:scale(0.8);transform-origin:48px 48px"><rect x="20" y="20" width="56" height="56" fill="#c33"/></g></g>'
};

const geometry = {
  rect: '<rect style="x:10px;y:20px;width:50px;height:30px;fill:#c33"/>',
  'rect with corners': '<rect style="x:10px;y:20px;width:60px;height:50px;rx:15px;fill:#c33"/>',
  'rect with corners of two radii': sheet('rect{rx:10px;ry:20px}', '<rect x="10" y="10" width="70" height="70" rx="1" fill="#c33"/>'),
  circle: sheet('circle{cx:40px;cy:50px;r:30px}', '<circle r="3" fill="#36c"/>'),
  ellipse: '<ellipse style="cx:50px;cy:50px;rx:40px;ry:20px" fill="#36c"/>',
  shares: '<rect style="x:10%;y:25%;width:50%;height:40%" fill="#c33"/>',
  calc: '<rect style="x:calc(10% + 4px);width:calc(100% - 30px);height:calc(20px * 2)" fill="#c33"/>',
  units: '<rect style="x:1em;y:0.1in;width:15mm;height:20pt" font-size="10" fill="#c33"/>',
  'units of the window': '<rect style="x:10vw;y:10vh;width:50vmin;height:40vmax" fill="#c33"/>',
  'units of the root': '<rect style="width:4rem;height:2rem" fill="#c33"/>',
  'min and max': '<rect style="width:min(50px, 80%);height:max(20px, 10%);x:clamp(5px, 2px, 9px)" fill="#c33"/>',
  auto: '<rect width="50" height="50" rx="20" style="rx:auto" fill="#c33"/>',
  'style over attribute': '<rect width="5" height="5" style="width:70px;height:40px" fill="#c33"/>',
  path: `<path style="d:path('M10 10H80L40 80Z')" fill="#c33"/>`,
  'path over attribute': '<path d="M0 0H9V9Z" style=\'d:path("M20 80C20 10 80 10 80 80Z")\' fill="#36c"/>',
  'path none': '<path d="M10 10H80V80Z" style="d:none" fill="#c33"/>',
  'no such property here': '<line x1="10" y1="10" x2="80" y2="80" style="x1:50px" stroke="#c33" stroke-width="5"/>',
  image: `<image style="x:10px;y:10px;width:60px;height:60px" href="data:image/svg+xml;base64,${Buffer.from(wrap('<circle cx="48" cy="48" r="48" fill="#3c3"/>')).toString('base64')}"/>`,
  'nested svg': '<svg style="x:20px;y:20px;width:50px;height:50px" viewBox="0 0 10 10"><circle cx="5" cy="5" r="5" fill="#c33"/></svg>'
};

const strokes = {
  ...each([0.2, 0.5, 0.8, 1, 1.5, 2], width => [`lines of ${width}`, `<g fill="none" stroke="#000" stroke-width="${width}"><path d="M5 10H90M5 20.5H90M10.5 5V90M20 5V90M30 30L90 45M30 30L50 90"/><circle cx="65" cy="65" r="20"/><rect x="30.3" y="40.7" width="20" height="20"/></g>`]),
  ...each(['miter', 'round', 'bevel'], join => [`join ${join}`, `<path d="M15 80L48 15L80 80L20 40" fill="none" stroke="#36c" stroke-width="9" stroke-linejoin="${join}"/>`]),
  ...each(['butt', 'round', 'square'], cap => [`cap ${cap}`, `<path d="M20 25H75M20 50L75 70M48 85h0" fill="none" stroke="#36c" stroke-width="12" stroke-linecap="${cap}"/>`]),
  ...each(['8 4', '10', '1 6', '15 5 3 5', '8px, 4px', 'none', '10%'], dash => [`dashes ${dash}`, `<path d="M8 20H90M10 40C30 90 70 0 90 80" fill="none" stroke="#c33" stroke-width="5" style="stroke-dasharray:${dash};stroke-dashoffset:3"/>`]),
  'closed and open': '<path d="M10 10H40V40H10Z M55 10H85V40H55V10 M10 55 Q 40 100 85 55" fill="none" stroke="#333" stroke-width="7"/>',
  'tight curve': '<path d="M10 80C90 10 5 10 86 80" fill="none" stroke="#36c" stroke-width="14"/>',
  'scaled unevenly': '<circle cx="24" cy="48" r="15" transform="scale(2 0.8)" fill="none" stroke="#c33" stroke-width="5"/>',
  'not scaled': '<path d="M5 5L30 20M5 20H30" transform="scale(3)" stroke="#000" stroke-width="2" vector-effect="non-scaling-stroke"/>',
  'not scaled in a style': sheet('path{vector-effect:non-scaling-stroke}', '<path d="M5 5L30 20C0 40 20 0 5 20" transform="scale(3 1.5) rotate(10)" fill="none" stroke="#c33" stroke-width="3"/>'),
  'not scaled, smaller': '<circle cx="480" cy="480" r="300" transform="scale(0.1)" fill="none" stroke="#36c" stroke-width="4" vector-effect="non-scaling-stroke"/>',
  'not scaled, dashed': '<rect x="2" y="2" width="20" height="16" transform="scale(4)" fill="none" stroke="#000" stroke-width="2" stroke-dasharray="6 3" vector-effect="non-scaling-stroke"/>',
  'not scaled, by use': '<defs><path id="p" d="M1 1L9 9" stroke="#000" stroke-width="2" vector-effect="non-scaling-stroke"/></defs><use href="#p" transform="scale(9)"/>',
  'not scaled in a translucent group': '<g opacity="0.5"><circle cx="4" cy="4" r="3" transform="scale(12)" fill="#cc3" stroke="#000" stroke-width="4" vector-effect="non-scaling-stroke"/></g>',
  'crisp edges': '<g shape-rendering="crispEdges" stroke="#000"><path d="M5 10.3H90M10.3 5V90M20 20L80 45" stroke-width="1"/><rect x="30.3" y="50.7" width="20.5" height="20.5" fill="#c33" stroke="none"/></g>',
  'paint order': '<path d="M20 20H70V70H20Z" fill="#c33" stroke="#333" stroke-width="16" paint-order="stroke"/>',
  'paint order in a style': '<path d="M20 20H70V70H20Z" fill="#c33" stroke="#333" stroke-width="16" style="paint-order:stroke fill"/>',
  'gradient on a stroke': '<linearGradient id="l"><stop stop-color="#c33"/><stop offset="1" stop-color="#33c"/></linearGradient><circle cx="48" cy="48" r="30" fill="none" stroke="url(#l)" stroke-width="14"/>',
  'stroke width in shares': '<path d="M10 48H90" stroke="#333" stroke-width="10%"/>'
};

const gradients = {
  ...each(['pad', 'reflect', 'repeat'], spread => [`linear ${spread}`, `<linearGradient id="l" x1="0.3" x2="0.6" y2="0.2" spreadMethod="${spread}"><stop stop-color="#c33"/><stop offset="1" stop-color="#33c"/></linearGradient><rect width="96" height="96" fill="url(#l)"/>`]),
  ...each(['pad', 'reflect', 'repeat'], spread => [`radial ${spread}`, `<radialGradient id="l" r="0.3" spreadMethod="${spread}"><stop stop-color="#cc3"/><stop offset="1" stop-color="#33c"/></radialGradient><rect width="96" height="96" fill="url(#l)"/>`]),
  focus: '<radialGradient id="l" fx="0.3" fy="0.3"><stop stop-color="#fff"/><stop offset="1" stop-color="#33c"/></radialGradient><circle cx="48" cy="48" r="44" fill="url(#l)"/>',
  'inner circle': '<radialGradient id="l" fr="0.2"><stop stop-color="#c33"/><stop offset="1" stop-color="#33c"/></radialGradient><circle cx="48" cy="48" r="44" fill="url(#l)"/>',
  'units of the user space': '<linearGradient id="l" gradientUnits="userSpaceOnUse" x1="20" x2="70" gradientTransform="rotate(20)"><stop stop-color="#c33"/><stop offset="1" stop-color="#3c3"/></linearGradient><rect width="96" height="96" fill="url(#l)"/>',
  'stops in styles': sheet('.s{stop-color:#c33;stop-opacity:0.5} .e{stop-color:#33c}', '<linearGradient id="l"><stop class="s"/><stop class="e" offset="100%"/></linearGradient><rect width="96" height="96" fill="url(#l)"/>'),
  'stops at one place': '<linearGradient id="l"><stop offset="0.2" stop-color="#c33"/><stop offset="0.5" stop-color="#cc3"/><stop offset="0.5" stop-color="#33c"/><stop offset="0.8"/></linearGradient><rect width="96" height="96" fill="url(#l)"/>',
  'by reference': '<linearGradient id="k"><stop stop-color="#c33"/><stop offset="1" stop-color="#33c"/></linearGradient><linearGradient id="l" href="#k" x2="0" y2="1"/><rect width="96" height="96" fill="url(#l)"/>',
  'of nothing': '<rect x="10" y="10" width="60" height="60" fill="url(#none) #3c3"/>'
};

const paints = {
  ...each(
    ['rgb(200 50 50)', 'rgb(200 50 50 / 50%)', 'rgba(200,50,50,.5)', 'hsl(210deg 60% 50%)', 'hwb(20 10% 20%)', '#c338', 'lab(50% 40 30)', 'lch(50% 50 200)', 'oklch(0.6 0.2 150)', 'oklab(0.6 0.1 -0.1)', 'color(display-p3 0.6 0.3 0.3)', 'rebeccapurple', 'transparent', 'none'],
    value => [`fill ${value}`, `<rect x="10" y="10" width="70" height="70" style="fill:${value}"/>`]
  ),
  'fill rules': '<path id="p" d="M48 5L75 90L5 35H91L21 90Z" fill="#c33" fill-rule="evenodd" transform="scale(0.5)"/><path d="M48 5L75 90L5 35H91L21 90Z" transform="translate(48 48) scale(0.5)" style="fill:#36c;fill-rule:nonzero"/>',
  'opacity in shares': '<rect x="10" y="10" width="70" height="70" fill="#c33" style="opacity:40%"/>',
  'fill opacity': '<rect x="10" y="10" width="50" height="50" fill="#c33" fill-opacity="0.4"/><rect x="30" y="30" width="50" height="50" fill="#33c" style="fill-opacity:60%"/>',
  'group opacity': '<g opacity="0.5"><rect x="10" y="10" width="50" height="50" fill="#c33"/><rect x="30" y="30" width="50" height="50" fill="#33c"/></g>',
  ...each(
    ['multiply', 'screen', 'overlay', 'darken', 'lighten', 'color-dodge', 'color-burn', 'hard-light', 'soft-light', 'difference', 'exclusion', 'hue', 'saturation', 'color', 'luminosity', 'plus-lighter'],
    mode => [`blend ${mode}`, `<g style="isolation:isolate"><rect width="96" height="96" fill="#fff"/><rect x="5" y="5" width="60" height="60" fill="#c83"/><circle cx="60" cy="60" r="32" fill="#38c" style="mix-blend-mode:${mode}"/></g>`]
  ),
  pattern: '<pattern id="p" width="16" height="16" patternUnits="userSpaceOnUse"><rect width="8" height="8" fill="#c33"/><circle cx="12" cy="12" r="3"/></pattern><rect x="8" y="8" width="80" height="80" fill="url(#p)"/>',
  'pattern turned': '<pattern id="p" width="16" height="16" patternUnits="userSpaceOnUse" patternTransform="rotate(30)"><path d="M0 8H16" stroke="#c33" stroke-width="6"/></pattern><circle cx="48" cy="48" r="40" fill="url(#p)"/>',
  'pattern of a box': '<pattern id="p" width="0.25" height="0.25"><circle cx="9" cy="9" r="7" fill="#36c"/></pattern><rect x="8" y="8" width="80" height="80" fill="url(#p)"/>',
  'pattern with a view box': '<pattern id="p" viewBox="0 0 4 4" width="25%" height="25%"><path d="M0 0L4 4" stroke="#333"/></pattern><rect width="96" height="96" fill="url(#p)"/>'
};

const layers = {
  clip: '<clipPath id="p"><circle cx="48" cy="48" r="35"/></clipPath><g clip-path="url(#p)"><rect width="48" height="96" fill="#c33"/><rect x="48" width="48" height="96" fill="#36c"/></g>',
  'clip in a style': sheet('rect{clip-path:url(#p)}', '<clipPath id="p"><path d="M48 5L90 90H5Z"/></clipPath><rect width="96" height="96" fill="#36c"/>'),
  'clip of a box': '<clipPath id="p" clipPathUnits="objectBoundingBox"><circle cx="0.5" cy="0.5" r="0.4"/></clipPath><rect x="10" y="10" width="80" height="60" fill="#c33" clip-path="url(#p)"/>',
  'clip of several': '<clipPath id="p"><rect x="10" y="10" width="30" height="70"/><rect x="20" y="40" width="60" height="20"/></clipPath><rect width="96" height="96" fill="#36c" clip-path="url(#p)"/>',
  'clip of a clip': '<clipPath id="q"><rect width="48" height="96"/></clipPath><clipPath id="p" clip-path="url(#q)"><circle cx="48" cy="48" r="40"/></clipPath><rect width="96" height="96" fill="#c33" clip-path="url(#p)"/>',
  'clip rule': '<clipPath id="p"><path clip-rule="evenodd" d="M5 5H90V90H5ZM30 30H60V60H30Z"/></clipPath><rect width="96" height="96" fill="#36c" clip-path="url(#p)"/>',
  mask: '<mask id="m"><circle cx="48" cy="48" r="40" fill="#fff"/><circle cx="48" cy="48" r="20" fill="#888"/></mask><rect width="96" height="96" fill="#c33" mask="url(#m)"/>',
  'mask of colours': '<mask id="m"><rect width="32" height="96" fill="#f00"/><rect x="32" width="32" height="96" fill="#0f0"/><rect x="64" width="32" height="96" fill="#00f"/></mask><rect width="96" height="96" mask="url(#m)"/>',
  'mask of alpha': sheet('mask{mask-type:alpha}', '<mask id="m"><circle cx="48" cy="48" r="40" fill-opacity="0.7"/></mask><rect width="96" height="96" fill="#c33" mask="url(#m)"/>'),
  'mask with a gradient': '<linearGradient id="l"><stop stop-color="#fff"/><stop offset="1"/></linearGradient><mask id="m"><rect width="96" height="96" fill="url(#l)"/></mask><rect x="8" y="8" width="80" height="80" fill="#36c" mask="url(#m)"/>',
  'mask and opacity': '<mask id="m"><rect x="20" y="20" width="60" height="60" fill="#fff"/></mask><g mask="url(#m)" opacity="0.5"><circle cx="30" cy="40" r="25" fill="#c33"/><circle cx="60" cy="55" r="25" fill="#33c"/></g>',
  blur: '<filter id="f"><feGaussianBlur stdDeviation="4"/></filter><rect x="25" y="25" width="46" height="46" fill="#c33" filter="url(#f)"/>',
  'blur in a style': '<rect x="25" y="25" width="46" height="46" fill="#c33" style="filter:blur(3px)"/>',
  'drop shadow': '<circle cx="40" cy="40" r="25" fill="#3c3" style="filter:drop-shadow(8px 8px 3px rgba(0,0,0,.5))"/>',
  offset: '<filter id="f"><feOffset dx="10" dy="15"/></filter><rect x="10" y="10" width="40" height="40" fill="#c33" filter="url(#f)"/>',
  'colour matrix': '<filter id="f" color-interpolation-filters="sRGB"><feColorMatrix type="hueRotate" values="120"/></filter><rect x="10" y="10" width="70" height="70" fill="#c33" filter="url(#f)"/>',
  greyscale: '<rect x="10" y="10" width="70" height="70" fill="#c83" style="filter:grayscale(1)"/>',
  'filters in a row': '<rect x="10" y="10" width="70" height="70" fill="#c83" style="filter:invert(1) opacity(0.5)"/>',
  flood: '<filter id="f"><feFlood flood-color="#36c" flood-opacity="0.5"/><feComposite in2="SourceAlpha" operator="in"/></filter><circle cx="48" cy="48" r="35" filter="url(#f)"/>',
  morphology: '<filter id="f"><feMorphology operator="dilate" radius="4"/></filter><path d="M20 20L70 70M20 70L70 20" stroke="#c33" stroke-width="3" filter="url(#f)"/>',
  'component transfer': '<filter id="f" color-interpolation-filters="sRGB"><feComponentTransfer><feFuncR type="table" tableValues="1 0"/></feComponentTransfer></filter><rect x="10" y="10" width="70" height="70" fill="#c83" filter="url(#f)"/>',
  marker: '<marker id="m" markerWidth="10" markerHeight="10" refX="0" refY="3" orient="auto" markerUnits="strokeWidth"><path d="M0 0L6 3L0 6Z" fill="#c33"/></marker><path d="M10 80L70 25" stroke="#333" stroke-width="3" marker-end="url(#m)"/>',
  'marker in a style': sheet('path.l{marker-mid:url(#m);marker-start:url(#m)}', '<marker id="m" viewBox="0 0 10 10" markerWidth="5" markerHeight="5" refX="5" refY="5"><circle cx="5" cy="5" r="5" fill="#36c"/></marker><path class="l" d="M15 15H80V80H15Z" fill="none" stroke="#333" stroke-width="3"/>'),
  symbol: '<symbol id="s" viewBox="0 0 10 10"><circle cx="5" cy="5" r="5"/></symbol><use href="#s" width="40" height="40" x="5" y="5" fill="#c33"/><use xlink:href="#s" width="30" height="30" x="55" y="55" fill="#36c"/>',
  'nested view boxes': '<svg x="10" y="10" width="60" height="30" viewBox="0 0 10 10" preserveAspectRatio="xMaxYMid slice"><rect width="10" height="10" fill="#c33"/><circle cx="5" cy="5" r="5" fill="#3c3"/></svg>',
  switch: '<switch><rect systemLanguage="xx" width="90" height="90" fill="#c33"/><circle cx="48" cy="48" r="40" fill="#3c3"/></switch>',
  prefix: `<s:svg xmlns:s="http://www.w3.org/2000/svg" width="96" height="96"><s:circle cx="48" cy="48" r="40" fill="#36c"/></s:svg>`
};

const text = (attributes, content, more = '') => `<g font-family="DejaVu Sans" font-size="18">${more}<text ${attributes}>${content}</text></g>`;
const texts = {
  plain: text('x="6" y="30"', 'Text'),
  'anchor middle': text('x="48" y="30" text-anchor="middle"', 'Text'),
  'anchor end in a style': text('x="90" y="30" style="text-anchor:end"', 'Text'),
  'right to left': text('x="90" y="40" direction="rtl"', 'שלום'),
  'right to left, end': text('x="6" y="40" direction="rtl" text-anchor="end"', 'שלום'),
  'right to left, middle': text('x="48" y="40" direction="rtl" text-anchor="middle"', 'שלום'),
  'right to left from a parent': `<g direction="rtl">${text('x="90" y="40"', 'שלום')}</g>`,
  'right to left in a sheet': sheet('text{direction:rtl}', text('x="90" y="40"', 'שלום')),
  bold: text('x="6" y="30" font-weight="bold"', 'Bold'),
  'font shorthand': sheet('text{font:italic bold 20px "DejaVu Serif"}', '<text x="4" y="40">Font</text>'),
  'letter spacing': text('x="6" y="30" style="letter-spacing:5px"', 'abc'),
  spans: text('x="6" y="30"', 'a<tspan fill="#c33" dy="10">b</tspan><tspan class="c" x="40">c</tspan>', '<style>.c{fill:#36c;font-size:30px}</style>'),
  underline: text('x="6" y="40" text-decoration="underline"', 'Line'),
  stroked: text('x="4" y="60" font-size="40" fill="none" stroke="#c33" stroke-width="1"', 'Ab'),
  'on a path': text('', '<textPath href="#q">On a path</textPath>', '<path id="q" d="M5 70C20 10 70 10 90 70" fill="none"/>'),
  'gradient in letters': text('x="2" y="60" font-size="44" fill="url(#l)"', 'Ab', '<linearGradient id="l"><stop stop-color="#c33"/><stop offset="1" stop-color="#33c"/></linearGradient>'),
  'font size in em': text('x="6" y="40" style="font-size:1.5em"', 'Em'),
  'font size in rem': text('x="6" y="40" style="font-size:2rem"', 'Rem')
};

const groups = {
  selectors: each(selectors, selector => [selector, sheet(`${selector}{fill:#c33}`)]),
  cascade, variables, transforms, geometry, strokes, gradients, paints, layers, texts
};

/** `{ name, text }` of all drawings. */
export const drawings = Object.entries(groups).flatMap(([group, all]) =>
  Object.entries(all).map(([name, body]) => ({ name: `${group}: ${name}`, text: body.startsWith('<s:svg') ? body : wrap(body) })));
