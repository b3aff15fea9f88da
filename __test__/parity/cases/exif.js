// name, input, calls, extra
const rich = 'exif-rich.jpg';
const small = ['resize', 40];
/** A JPEG made of planes, which two quantizations have been through. */
const planes = { tolerance: 3.5 };
const ownBlock = '`withExif` begins a block of its own';
const honoured = 'EXIF numbers that do not fit become the nearest that does';

/** One tag written to an image without EXIF. */
const set = (ifd, name, value, extra) => [`set ${ifd}.${name} to ${value}`, 'baseline.jpg', [small, ['withExif', { [ifd]: { [name]: value } }], ['jpeg']], extra];

module.exports = [
  ...['jpeg', 'png', 'webp'].map(format => [`kept in ${format}`, rich, [small, ['keepExif'], [format]], format === 'jpeg' ? planes : {}]),
  ...['jpeg', 'png', 'webp'].map(format => [`new in ${format}`, 'grey-8.png', [small, ['keepExif'], [format]]]),
  ['dropped', rich, [small, ['jpeg']], planes],
  ['kept with autoOrient', 'orientation-6.jpg', [['autoOrient'], small, ['keepExif'], ['jpeg']], planes],
  ['kept with an upright orientation', 'orientation-9.jpg', [small, ['keepExif'], ['jpeg']], planes],
  ['kept from PNG in JPEG', 'exif.png', [['keepExif'], ['jpeg']]],
  ['kept from WebP in PNG', 'exif.webp', [['keepExif'], ['png']]],
  ['kept, other density', rich, [small, ['withDensity', 90.5], ['jpeg']], planes],
  ['new, density of PNG', 'density.png', [small, ['withDensity', 300], ['png']]],
  ['merged', rich, [small, ['withExifMerge', { IFD0: { Copyright: 'other', Artist: 'Zoë' }, IFD2: { ISOSpeedRatings: '100' }, IFD3: { GPSLatitudeRef: 'S' } }], ['jpeg']], planes],
  ['merged in WebP', 'exif.webp', [['withExifMerge', { IFD0: { Copyright: 'other' } }], ['webp']]],
  ['merged twice', rich, [small, ['withExifMerge', { IFD0: { Artist: 'a' } }], ['withExifMerge', { IFD0: { Artist: 'b' } }], ['jpeg']], planes],
  ['set in each directory', 'rgb-8.png', [['withExif', { IFD0: { Make: 'a' }, IFD1: { Make: 'b' }, IFD2: { LensMake: 'c' }, IFD3: { GPSMapDatum: 'd' }, IFD4: { InteroperabilityIndex: 'e' } }], ['png']]],
  ['set nothing', 'rgb-8.png', [['withExif', {}], ['png']]],
  ['what the picture says comes last', 'rgb-8.png', [['withExif', { IFD0: { Orientation: '6', XResolution: '300', ResolutionUnit: '3' }, IFD2: { PixelXDimension: '7' } }], ['png']]],
  set('IFD0', 'Copyright', 'me (you, ASCII, 2 components, 3 bytes)'),
  set('IFD0', 'Copyright', '(c) Łódź “—” 漢 €'),
  set('IFD0', 'XPTitle', 'é 漢'),
  set('IFD0', 'BitsPerSample', '8 8 8'),
  set('IFD0', 'WhitePoint', '1/3 1/3'),
  set('IFD2', 'UserComment', 'words'),
  set('IFD2', 'ISOSpeedRatings', '100x'),
  set('IFD2', 'ISOSpeedRatings', 'x'),
  set('IFD2', 'FNumber', '2.8'),
  set('IFD2', 'FNumber', '1 / 3'),
  set('IFD2', 'ExposureBiasValue', '-2.5'),
  set('IFD2', 'ColorSpace', '1 (sRGB, Short)'),
  set('IFD3', 'GPSLatitude', '51 30 32.3'),
  set('IFD3', 'GPSTimeStamp', '12/1, 30/1'),
  set('IFD0', 'NoSuchTag', '1'),
  set('IFD0', 'copyright', 'wrong case'),
  set('IFD7', 'Copyright', 'no such directory'),
  set('IFD2', 'ISOSpeedRatings', '70000', { differs: honoured }),
  set('IFD3', 'GPSAltitudeRef', '1', { differs: honoured }),
  ['set on a picture with EXIF', rich, [small, ['withExif', { IFD0: { Copyright: 'other' } }], ['jpeg']], { differs: ownBlock }]
];
