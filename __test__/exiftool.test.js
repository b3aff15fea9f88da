// What is written is read back by a third party: ExifTool tells the tags of files made here.
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { execFileSync } = require('node:child_process');
const exiftool = require('exiftool-vendored.pl');
const lancet = require('..');

const fixture = name => path.join(__dirname, 'fixtures', name);
const formats = { jpeg: {}, png: {}, tiff: {}, webp: { effort: 0 }, avif: { effort: 0 } };
const written = Object.keys(formats);
// As with sharp, EXIF in TIFF is what the file's own tags can say.
const withBlock = written.filter(format => format !== 'tiff');
const XMP = '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
  '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" dc:source="Größe"/></rdf:RDF></x:xmpmeta>';

let folder;
let count = 0;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lancet-exiftool-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** The tags of an image, as numbers and under their group: `IFD0:Copyright`. None may be damaged. */
async function tags(picture, format) {
  const file = path.join(folder, `${count++}.${format}`);
  await picture.resize(32)[format](formats[format]).toFile(file);
  const [found] = JSON.parse(execFileSync(exiftool, ['-json', '-G1', '-n', '-struct', file], { encoding: 'utf8' }));
  const complaints = Object.keys(found).filter(name => /Warning|Error/.test(name)).map(name => found[name]);
  // As sharp's, EXIF in WebP begins with the prefix that it has in JPEG.
  expect(complaints.filter(text => format !== 'webp' || text !== '[minor] Improper EXIF header')).toEqual([]);
  return found;
}

test.each(withBlock)('tags of withExif in %s', async format => {
  const found = await tags(
    lancet(fixture('rgb-8.png')).withExif({
      IFD0: { Copyright: 'someone', Software: 'a program', ImageDescription: 'words' },
      IFD2: { FNumber: '28/10', ISOSpeedRatings: '400', LensModel: 'a lens', DateTimeOriginal: '2024:05:06 07:08:09', UserComment: 'a comment' },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 36/1', GPSLongitudeRef: 'W', GPSLongitude: '0/1 7/1 12/1' }
    }),
    format
  );
  expect(found).toMatchObject({
    'IFD0:Copyright': 'someone',
    'IFD0:Software': 'a program',
    'IFD0:ImageDescription': 'words',
    'ExifIFD:FNumber': 2.8,
    'ExifIFD:ISO': 400,
    'ExifIFD:LensModel': 'a lens',
    'ExifIFD:DateTimeOriginal': '2024:05:06 07:08:09',
    'ExifIFD:UserComment': 'a comment',
    'GPS:GPSLatitudeRef': 'N',
    'GPS:GPSLongitudeRef': 'W'
  });
  expect(found['GPS:GPSLatitude']).toBeCloseTo(51.51, 6);
  expect(found['GPS:GPSLongitude']).toBeCloseTo(0.12, 6);
});

test.each(written)('orientation and density of withMetadata in %s', async format => {
  const found = await tags(lancet(fixture('rgb-8.png')).withMetadata({ orientation: 6, density: 96 }), format);
  expect(found).toMatchObject({ 'IFD0:Orientation': 6, 'IFD0:XResolution': 96, 'IFD0:YResolution': 96, 'IFD0:ResolutionUnit': 2 });
});

test.each(withBlock)('tags of the input and merged ones in %s', async format => {
  const kept = await tags(lancet(fixture('exif-rich.jpg')).keepExif(), format);
  const merged = await tags(lancet(fixture('exif-rich.jpg')).withExifMerge({ IFD0: { Copyright: 'other' } }), format);
  const told = Object.keys(kept).filter(name => /^(IFD0|ExifIFD|GPS):/.test(name));
  expect(told.length).toBeGreaterThan(5);
  expect(merged['IFD0:Copyright']).toBe('other');
  for (const name of told.filter(name => !/Copyright|Offset|StripByteCounts/.test(name))) expect([name, merged[name]]).toEqual([name, kept[name]]);
});

test.each(written)('nothing is kept in %s when nothing is asked for', async format => {
  const found = await tags(lancet(fixture('exif-rich.jpg')), format);
  expect(Object.keys(found).filter(name => /^(ExifIFD|GPS|XMP|IPTC|ICC)/.test(name))).toEqual([]);
});

test.each(written)('XMP in %s', async format => {
  expect(await tags(lancet(fixture('rgb-8.png')).withXmp(XMP), format)).toMatchObject({ 'XMP-dc:Source': 'Größe' });
});

test.each(written)('profiles in %s', async format => {
  const p3 = await tags(lancet(fixture('rgb-8.png')).withIccProfile('p3'), format);
  expect(p3).toMatchObject({ 'ICC_Profile:ProfileDescription': 'sP3C', 'ICC-header:ColorSpaceData': 'RGB ' });
});

test('frames of GIF and WebP', async () => {
  const animation = () => lancet(fixture('animated.gif'), { animated: true });
  const gif = await tags(animation().gif({ loop: 3 }), 'gif');
  expect(gif).toMatchObject({ 'GIF:FrameCount': 3, 'GIF:Duration': 0.6, 'GIF:AnimationIterations': 2, 'GIF:ImageWidth': 32 });
  const webp = await tags(animation().webp({ loop: 3 }), 'webp');
  expect(webp).toMatchObject({ 'RIFF:AnimationLoopCount': 3, 'RIFF:Duration': 0.6, 'RIFF:ImageWidth': 32 });
});

test.each(['jpeg', 'tiff'])('the profile of inks in %s', async format => {
  const found = await tags(lancet(fixture('rgb-8.png')).withIccProfile('cmyk'), format);
  expect(found).toMatchObject({ 'ICC_Profile:ProfileDescription': 'CMYK', 'ICC-header:ColorSpaceData': 'CMYK', 'ICC-header:ProfileClass': 'prtr' });
});
