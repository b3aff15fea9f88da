/// <reference types="node" />

// Types of lancet: the union of what sharp 0.32 to 0.35 declare, so that a program written for any of them compiles. Where two versions
// contradict each other (whether `Metadata.width` may be absent), the later one holds.

import { Duplex } from 'node:stream';
import { EventEmitter } from 'node:events';

/**
 * Creates a pipeline. Operations are methods that can be chained; nothing is computed before an output is requested.
 * May be called with `new`.
 * @param input Encoded bytes, raw pixels (with `options.raw`), or a path. Absent: the pipeline reads what is
 *   written to it as a stream. A list of images is joined.
 * @throws When the input or an option is not valid.
 */
declare function sharp(options?: sharp.SharpOptions): sharp.Sharp;
declare function sharp(input?: sharp.SharpInput | Array<sharp.SharpInput>, options?: sharp.SharpOptions): sharp.Sharp;

declare namespace sharp {
  /** What can be read and written, by format. */
  const format: FormatEnum;
  /** Version of this package, and of the API that it implements. */
  const versions: {
    /** Version of this package. */
    lancet: string;
    /** Version of the API. */
    sharp: string;
    /** Version of libvips whose results this package matches. */
    vips: string;
    aom?: string | undefined;
    archive?: string | undefined;
    avif?: string | undefined;
    cairo?: string | undefined;
    cgif?: string | undefined;
    croco?: string | undefined;
    exif?: string | undefined;
    expat?: string | undefined;
    ffi?: string | undefined;
    fontconfig?: string | undefined;
    freetype?: string | undefined;
    fribidi?: string | undefined;
    gdkpixbuf?: string | undefined;
    gif?: string | undefined;
    glib?: string | undefined;
    gsf?: string | undefined;
    harfbuzz?: string | undefined;
    heif?: string | undefined;
    highway?: string | undefined;
    imagequant?: string | undefined;
    jpeg?: string | undefined;
    lcms?: string | undefined;
    mozjpeg?: string | undefined;
    orc?: string | undefined;
    pango?: string | undefined;
    pixman?: string | undefined;
    png?: string | undefined;
    'proxy-libintl'?: string | undefined;
    rsvg?: string | undefined;
    spng?: string | undefined;
    svg?: string | undefined;
    tiff?: string | undefined;
    webp?: string | undefined;
    xml?: string | undefined;
    zlib?: string | undefined;
    'zlib-ng'?: string | undefined;
    [library: string]: string | undefined;
  };
  /** The platform of the prebuilt binary, as sharp 0.32 reported it. @deprecated */
  const vendor: { current: string; installed: string[] };
  /** Names for `affine({ interpolator })`. */
  const interpolators: Interpolators;
  /** Emits `change` with the number of waiting tasks when one is queued and when one is done. */
  const queue: EventEmitter;
  /**
   * Sets and returns the limits of the cache. lancet caches no images and no files: `memory` (MiB, default 50) bounds the freed
   * buffers that it keeps for the next image. They go back to the system after two seconds without use; `cache(false)` keeps none.
   */
  function cache(options?: boolean | CacheOptions): CacheResult;
  /**
   * Sets how many threads one image may use, 1 to 1024, and returns the number. Any other argument only returns it. Default 1.
   * More threads, up to the number of processors, finish a large image sooner for slightly more CPU time; a server that is busy
   * with many images is better off with 1.
   */
  function concurrency(concurrency?: number): number;
  /** Returns the number of waiting and of running tasks. */
  function counters(): SharpCounters;
  /** Allows or forbids vector instructions, and returns the setting. Default true. */
  function simd(enable?: boolean): boolean;
  /** Forbids loaders, savers and operations by name, such as `VipsForeignLoadSvg`; `VipsForeignLoad` is all loaders. */
  function block(options: { operation: string[] }): void;
  /** Allows what {@link block} has forbidden. */
  function unblock(options: { operation: string[] }): void;
  /** Numbers for `resize({ position })` and `composite([{ gravity }])`. */
  const gravity: GravityEnum;
  /** Numbers for `resize({ position })` that depend on the content of the image. */
  const strategy: StrategyEnum;
  /** Names for `resize({ kernel })`. */
  const kernel: KernelEnum;
  /** Names for `resize({ fit })`. */
  const fit: FitEnum;
  /** Names of bitwise operations. */
  const bool: BoolEnum;
  /** Numbers for `resize({ position })` by side or corner. */
  const position: Record<string, number>;
  /** Names for `composite([{ blend }])`. */
  const blend: Record<Blend, string>;
  /** Names of alignments. */
  const align: Record<string, string>;
  /** Names for `toColourspace`. */
  const colourspace: Record<string, string>;
  /** The same as {@link colourspace}. */
  const colorspace: Record<string, string>;

  /** An image-processing pipeline. Emits `info` ({@link OutputInfo}) before stream output, and `warning` with a text. */
  interface Sharp extends Duplex {
    /**
     * Removes the alpha channel. Colours keep their values: nothing is blended with a background (see
     * {@link flatten}).
     * @returns This instance, for chaining.
     * @example
     * await lancet('logo.png').removeAlpha().toFile('opaque.png')
     */
    removeAlpha(): Sharp;
    /**
     * Adds an alpha channel to an image that has none.
     * @param alpha Opacity, 0 (transparent) to 1 (opaque). Default 1.
     * @returns This instance, for chaining.
     * @throws When `alpha` is not a number from 0 to 1.
     * @example
     * await lancet('in.jpg').ensureAlpha(0.5).toFile('half.png')
     */
    ensureAlpha(alpha?: number): Sharp;
    /**
     * Reduces the image to one of its channels, as a grey image.
     * @param channel Index from 0 to 4, or `red`, `green`, `blue` or `alpha`.
     * @returns This instance, for chaining.
     * @throws When `channel` is not one of these; the task fails when the image has no such channel.
     * @example
     * await lancet('logo.png').extractChannel('alpha').toFile('mask.png')
     */
    extractChannel(channel: 0 | 1 | 2 | 3 | 'red' | 'green' | 'blue' | 'alpha'): Sharp;
    /**
     * Appends the channels of other images. Images of another size are padded with 0 at the right and bottom; the result has the
     * larger width and height.
     * @param images One input, or a list: paths, or Buffers of encoded or raw pixels.
     * @param options How the inputs are read; `raw` for raw pixels.
     * @returns This instance, for chaining.
     * @throws When an input or an option is not valid.
     * @example
     * const mask = await lancet('mask.png').extractChannel(0).toBuffer();
     * await lancet('in.jpg').resize(120, 80).joinChannel(mask).toFile('masked.png')
     */
    joinChannel(images: string | Buffer | ArrayLike<string | Buffer>, options?: SharpOptions): Sharp;
    /**
     * Combines all channels into one by a bitwise operation.
     * @param boolOp `and`, `or` or `eor` (exclusive or).
     * @returns This instance, for chaining.
     * @throws When `boolOp` is none of these.
     * @example
     * await lancet('logo.png').bandbool('and').toFile('all.png')
     */
    bandbool(boolOp: keyof BoolEnum): Sharp;

    /**
     * Gives the image the chroma of a colour, and keeps its luminance. Alpha is unchanged.
     * @param tint Colour, as text, an object or a list.
     * @returns This instance, for chaining.
     * @throws When `tint` is not a colour.
     * @example
     * await lancet('in.jpg').tint({ r: 255, g: 240, b: 16 }).toFile('tinted.jpg')
     */
    tint(tint: ColorLike): Sharp;
    /**
     * Converts to 8-bit grey. The output has one colour channel unless an operation or the format adds some.
     * @param greyscale False switches it off again. Default true.
     * @returns This instance, for chaining.
     * @example
     * await lancet('in.jpg').greyscale().toFile('grey.jpg')
     */
    greyscale(greyscale?: boolean): Sharp;
    /** The same as {@link greyscale}. */
    grayscale(grayscale?: boolean): Sharp;
    /**
     * Sets the colour space in which resampling and operations work. The image is converted to it at the start and to
     * the output's space at the end.
     * @param colourspace Name, for example `rgb16`, `scrgb` (linear light) or `lab`. Default: by the input.
     * @returns This instance, for chaining.
     * @throws When `colourspace` is not a string.
     * @example
     * await lancet('in.jpg').pipelineColourspace('rgb16').resize(200).toColourspace('srgb').toFile('deep.png')
     */
    pipelineColourspace(colourspace?: string): Sharp;
    /** The same as {@link pipelineColourspace}. */
    pipelineColorspace(colorspace?: string): Sharp;
    /**
     * Sets the colour space of the output.
     * @param colourspace Name, for example `srgb`, `rgb16`, `cmyk` or `b-w`; unknown names are ignored. Without a call: `srgb`.
     * @returns This instance, for chaining.
     * @throws When `colourspace` is not a string.
     * @example
     * await lancet('in.jpg').toColourspace('rgb16').toFile('16-bit.png')
     */
    toColourspace(colourspace?: string): Sharp;
    /** The same as {@link toColourspace}. */
    toColorspace(colorspace: string): Sharp;

    /**
     * Draws other images over this one, in order, after it was resized. Each must fit into it.
     * @param images The overlays, each with its input, position and blend mode; at most one call counts.
     * @returns This instance, for chaining.
     * @throws When `images` is not a list, or an option of one is not valid; the task fails when an overlay is larger
     * than the image.
     * @example
     * await lancet('in.jpg')
     *   .resize(300, 200)
     *   .composite([{ input: 'logo.png', gravity: 'southeast' }])
     *   .toFile('marked.jpg')
     */
    composite(images: OverlayOptions[]): Sharp;

    /**
     * Makes an independent copy of this pipeline, with the same input and options. Copies of an instance that is fed
     * by a stream all receive that stream.
     * @returns The copy.
     * @example
     * const image = lancet('in.jpg').rotate(90);
     * await image.clone().resize(200).toFile('small.webp');
     * await image.clone().resize(400).toFile('large.webp')
     */
    clone(): Sharp;
    /**
     * Reads the header of the input. No pixel is decoded, and operations are ignored: sizes are those of the input.
     * @param callback Called with an error or the metadata. Without it a promise is returned.
     * @returns A promise of {@link Metadata}, or this instance when there is a callback.
     * @example
     * const { width, height, format, orientation } = await lancet('in.jpg').metadata()
     */
    metadata(callback: (err: Error, metadata: Metadata) => void): Sharp;
    metadata(): Promise<Metadata>;
    /**
     * Computes statistics of all pixels of the input, as they are in the file; operations are ignored.
     * @param callback Called with an error or the statistics. Without it a promise is returned.
     * @returns A promise of {@link Stats}, or this instance when there is a callback.
     * @example
     * const { entropy, sharpness, dominant } = await lancet('in.jpg').stats()
     */
    stats(callback: (err: Error, stats: Stats) => void): Sharp;
    stats(): Promise<Stats>;

    /**
     * Rotates clockwise. Multiples of 90 move pixels; other angles resample and enlarge the canvas. The last call
     * counts; before a call of `resize` or `extract` it is applied before them.
     * @param angle Degrees, negative for anticlockwise. Absent or null: the same as {@link autoOrient}.
     * @param options `background` of the corners that other angles open. Default black.
     * @returns This instance, for chaining.
     * @throws When `angle` is not a number, or the background is not a colour.
     * @example
     * await lancet('in.jpg').rotate(30, { background: '#fff' }).toFile('turned.jpg')
     */
    rotate(angle?: number | null, options?: RotateOptions): Sharp;
    /**
     * Rotates and flips the image as its EXIF orientation says, and removes the orientation. Applied before all other
     * operations.
     * @returns This instance, for chaining.
     * @example
     * await lancet('in.jpg').autoOrient().resize(300).toFile('upright.jpg')
     */
    autoOrient(): Sharp;
    /**
     * Mirrors the image from top to bottom.
     * @param flip False switches it off again. Default true.
     * @returns This instance, for chaining.
     * @example
     * await lancet('in.jpg').flip().toFile('flipped.jpg')
     */
    flip(flip?: boolean): Sharp;
    /**
     * Mirrors the image from left to right.
     * @param flop False switches it off again. Default true.
     * @returns This instance, for chaining.
     * @example
     * await lancet('in.jpg').flop().toFile('flopped.jpg')
     */
    flop(flop?: boolean): Sharp;
    /**
     * Applies an affine transform, after resizing. A point (x, y) moves to matrix × (x + idx, y + idy) + (odx, ody);
     * the canvas grows to hold the result.
     * @param matrix Four numbers in row order, or two rows of two.
     * @param options Background, interpolator and offsets.
     * @returns This instance, for chaining.
     * @throws When the matrix or an option is not valid; the task fails when the matrix has no inverse.
     * @example
     * await lancet('in.jpg').resize(200).affine([[1, 0.3], [0.1, 0.7]], { background: 'white', interpolator: 'nohalo' }).toFile('sheared.png')
     */
    affine(matrix: [number, number, number, number] | Matrix2x2, options?: AffineOptions): Sharp;
    /**
     * Sharpens the image. Without arguments a fast, mild 3×3 kernel is used; with them an unsharp mask on the L
     * channel of Lab.
     * @param options Options of the mask; or, in the older form, the standard deviation `sigma` in pixels, 0.01 to
     * 10000, then `flat` and `jagged`.
     * @returns This instance, for chaining.
     * @throws When a value is out of its range.
     * @example
     * await lancet('in.jpg').resize(300).sharpen({ sigma: 1, m1: 0.5, m2: 1.5 }).toFile('sharp.jpg')
     */
    sharpen(options?: SharpenOptions): Sharp;
    sharpen(sigma?: number, flat?: number, jagged?: number): Sharp;
    /**
     * Replaces each pixel by the median of a square around it, channel by channel.
     * @param size Side of the square in pixels, 1 to 1000. Default 3.
     * @returns This instance, for chaining.
     * @throws When `size` is not such an integer.
     * @example
     * await lancet('in.jpg').resize(200).median(5).toFile('median.jpg')
     */
    median(size?: number): Sharp;
    /**
     * Blurs the image with a Gaussian. Without arguments, or with true, a fast 3×3 box is used.
     * @param sigma Standard deviation in pixels, 0.3 to 1000, or options.
     * @returns This instance, for chaining.
     * @throws When `sigma` or an option is out of its range.
     * @example
     * await lancet('in.jpg').resize(200).blur(4).toFile('blurred.jpg')
     */
    blur(sigma?: number | boolean | BlurOptions): Sharp;
    /**
     * Grows dark shapes: each sample becomes the bitwise AND of the samples in a square around it. Meant for black and white
     * images, see {@link threshold}.
     * @param width Radius in pixels, 1 to 65536. Default 1.
     * @returns This instance, for chaining.
     * @throws When `width` is not such an integer.
     * @example
     * await lancet('drawing.png').threshold().dilate(2).toFile('dilated.png')
     */
    dilate(width?: number): Sharp;
    /**
     * Shrinks dark shapes: each sample becomes the bitwise OR of the samples in a square around it. Meant for black and white
     * images, see {@link threshold}.
     * @param width Radius in pixels, 1 to 65536. Default 1.
     * @returns This instance, for chaining.
     * @throws When `width` is not such an integer.
     * @example
     * await lancet('drawing.png').threshold().erode(2).toFile('eroded.png')
     */
    erode(width?: number): Sharp;
    /**
     * Blends the image with a background and removes the alpha channel.
     * @param flatten False switches it off again; or options with the `background`. Default background black.
     * @returns This instance, for chaining.
     * @throws When the background is not a colour.
     * @example
     * await lancet('logo.png').flatten({ background: '#f0a703' }).toFile('flat.jpg')
     */
    flatten(flatten?: boolean | FlattenOptions): Sharp;
    /**
     * Adds an alpha channel in which white pixels are transparent.
     * @returns This instance, for chaining.
     * @example
     * await lancet('drawing.png').unflatten().toFile('transparent.png')
     */
    unflatten(): Sharp;
    /**
     * Darkens by 1/gamma before resizing and brightens by gamma after it, so that resampling works nearer to linear
     * light.
     * @param gamma 1 to 3. Default 2.2.
     * @param gammaOut Gamma after resizing, 1 to 3. Default: `gamma`.
     * @returns This instance, for chaining.
     * @throws When a value is out of its range.
     * @example
     * await lancet('in.jpg').gamma(2.2, 3).resize(200).toFile('gamma.jpg')
     */
    gamma(gamma?: number, gammaOut?: number): Sharp;
    /**
     * Inverts the image: every sample becomes the maximum less its value.
     * @param negate False switches it off again; or options. `alpha: false` keeps the alpha channel. Default: all
     * channels.
     * @returns This instance, for chaining.
     * @throws When an option is not valid.
     * @example
     * await lancet('logo.png').negate({ alpha: false }).toFile('negative.png')
     */
    negate(negate?: boolean | NegateOptions): Sharp;
    /**
     * Stretches the luminance of the image to the full range, between two percentiles.
     * @param normalise Percentiles `lower`, 0 to 99, default 1, and `upper`, 1 to 100, default 99.
     * @returns This instance, for chaining.
     * @throws When a percentile is out of its range, or lower is not below upper.
     * @example
     * await lancet('in.jpg').normalise({ lower: 0, upper: 98 }).toFile('stretched.jpg')
     */
    normalise(normalise?: NormaliseOptions): Sharp;
    /** The same as {@link normalise}. */
    normalize(normalize?: NormaliseOptions): Sharp;
    /**
     * Enhances local contrast by contrast-limited adaptive histogram equalization.
     * @param options `width` and `height` of the window in pixels, and `maxSlope`, 0 (no limit) to 100, default 3.
     * @returns This instance, for chaining.
     * @throws When a value is not an integer in its range; the task fails when the window does not fit into the
     * image.
     * @example
     * await lancet('in.jpg').resize(200).clahe({ width: 30, height: 30 }).toFile('contrast.jpg')
     */
    clahe(options: ClaheOptions): Sharp;
    /**
     * Convolves the image with a kernel.
     * @param kernel Width × height values in row order, with `scale` (default: their sum) and `offset` (default 0).
     * @returns This instance, for chaining.
     * @throws When sizes, 3 to 1001, and number of values do not agree.
     * @example
     * await lancet('in.jpg')
     *   .resize(200)
     *   .convolve({ width: 3, height: 3, kernel: [-1, 0, 1, -2, 0, 2, -1, 0, 1] })
     *   .toFile('edges.jpg')
     */
    convolve(kernel: Kernel): Sharp;
    /**
     * Sets each sample to 255 where it is at least the threshold, and to 0 elsewhere.
     * @param threshold 0 to 255, on the scale of 8 bits; true is 128, false is none. Default 128.
     * @param options `greyscale: false` treats every channel by itself. Default true.
     * @returns This instance, for chaining.
     * @throws When `threshold` is not such an integer.
     * @example
     * await lancet('in.jpg').threshold(100).toFile('black-white.png')
     */
    threshold(threshold?: number | boolean, options?: ThresholdOptions): Sharp;
    /**
     * Combines the image with another by a bitwise operation. An image of another size is padded with 0 at the right and bottom;
     * the result has the larger width and height.
     * @param operand Path, or Buffer of encoded or raw pixels.
     * @param operator `and`, `or` or `eor` (exclusive or).
     * @param options `raw` for raw pixels.
     * @returns This instance, for chaining.
     * @throws When an argument is not valid.
     * @example
     * await lancet('logo.png').boolean('logo.png', 'eor').toFile('nothing.png')
     */
    boolean(operand: string | Buffer, operator: keyof BoolEnum, options?: { raw: Raw }): Sharp;
    /**
     * Multiplies samples by a and adds b, on the scale of 8 bits. Alpha is unchanged unless it has a value of its
     * own.
     * @param a Factor, or one for each channel. Default 1.
     * @param b Addend, or one for each channel. Default 0.
     * @returns This instance, for chaining.
     * @throws When a value is not a finite number, or the lists differ in length.
     * @example
     * await lancet('in.jpg').linear([0.9, 1, 1.1], [0, 0, 10]).toFile('warmer.jpg')
     */
    linear(a?: number | number[] | null, b?: number | number[]): Sharp;
    /**
     * Multiplies the channels of each pixel by a matrix, on the scale of 8 bits.
     * @param inputMatrix 3×3, or 4×4 with alpha.
     * @returns This instance, for chaining.
     * @throws When the matrix has another size or holds something other than numbers.
     * @example
     * await lancet('in.jpg')
     *   .recomb([[0.3588, 0.7044, 0.1368], [0.299, 0.587, 0.114], [0.2392, 0.4696, 0.0912]])
     *   .toFile('sepia.jpg')
     */
    recomb(inputMatrix: Matrix3x3 | Matrix4x4): Sharp;
    /**
     * Changes brightness, saturation, hue and lightness in the LCh space.
     * @param options Factors, degrees and an addend; each absent value leaves its property unchanged.
     * @returns This instance, for chaining.
     * @throws When a value is out of its range.
     * @example
     * await lancet('in.jpg').modulate({ brightness: 1.1, saturation: 0.5, hue: 90 }).toFile('modulated.jpg')
     */
    modulate(options?: {
      /** Factor from 0. Default 1. */
      brightness?: number | undefined;
      /** Factor from 0. Default 1. */
      saturation?: number | undefined;
      /** Degrees, an integer. Default 0. */
      hue?: number | undefined;
      /** Addend. Default 0. */
      lightness?: number | undefined;
    }): Sharp;

    /**
     * Writes the output to a file, in the format of the path's ending unless a format was chosen. The folder must
     * exist. The file appears, or is replaced, only when the output is complete.
     * @param fileOut Path of the file.
     * @param callback Called with an error or the {@link OutputInfo}. Without it a promise is returned.
     * @returns A promise of {@link OutputInfo}, or this instance when there is a callback.
     * @throws The promise is rejected when `fileOut` is missing, is the input, or cannot be written.
     * @example
     * const info = await lancet('in.jpg').resize(300).toFile('out.webp')
     */
    toFile(fileOut: string, callback: (err: Error, info: OutputInfo) => void): Sharp;
    toFile(fileOut: string): Promise<OutputInfo>;
    /**
     * Writes the output to a Buffer, in the format of the input unless a format was chosen (PNG for SVG; raw pixels
     * for `raw`, `create` and `text`). The task fails for formats that cannot be written.
     * @param options `resolveWithObject: true` resolves with `{ data, info }`. Or a callback, called with an error,
     * the Buffer and the {@link OutputInfo}.
     * @returns A promise of the Buffer or of `{ data, info }`, or this instance when there is a callback.
     * @example
     * const { data, info } = await lancet('in.jpg').resize(300).png().toBuffer({ resolveWithObject: true })
     */
    toBuffer(callback: (err: Error, buffer: OutputBuffer, info: OutputInfo) => void): Sharp;
    toBuffer(options?: { resolveWithObject: false }): Promise<OutputBuffer>;
    toBuffer(options: { resolveWithObject: true }): Promise<{ data: OutputBuffer; info: OutputInfo }>;
    /**
     * Writes the output to a Uint8Array over memory of its own, which can be transferred to a worker.
     * @returns A promise of `{ data, info }`.
     * @example
     * const { data } = await lancet('in.jpg').resize(300).toUint8Array()
     */
    toUint8Array(): Promise<{ data: Uint8Array; info: OutputInfo }>;

    /**
     * Keeps all metadata of the input: EXIF, XMP, IPTC and the ICC profile. By default none is kept.
     * @returns This instance, for chaining.
     * @example
     * await lancet('in.jpg').keepMetadata().toFile('out.jpg')
     */
    keepMetadata(): Sharp;
    /**
     * Keeps all metadata of the input, converts colours to sRGB and attaches an sRGB profile, unless `icc` names
     * another.
     * @param withMetadata Values to write in place of the input's.
     * @returns This instance, for chaining.
     * @throws When a value is not valid.
     * @example
     * await lancet('in.jpg').withMetadata({ density: 96 }).toFile('out.jpg')
     */
    withMetadata(withMetadata?: WriteableMetadata): Sharp;
    /**
     * Writes a density into the output. Pixels are not changed.
     * @param density Pixels per inch, above 0.
     * @returns This instance, for chaining.
     * @throws When `density` is not such a number.
     * @example
     * await lancet('in.jpg').withDensity(300).toFile('print.jpg')
     */
    withDensity(density: number): Sharp;
    /**
     * Keeps the EXIF block of the input.
     * @returns This instance, for chaining.
     * @example
     * await lancet('in.jpg').keepExif().toFile('out.jpg')
     */
    keepExif(): Sharp;
    /**
     * Writes EXIF tags in place of those of the input.
     * @param exif Tags by directory, as text.
     * @returns This instance, for chaining.
     * @throws When a directory is not an object, or a value is not a string.
     * @example
     * await lancet('in.jpg').withExif({ IFD0: { Copyright: 'The National Gallery' } }).toFile('out.jpg')
     */
    withExif(exif: Exif): Sharp;
    /**
     * Writes EXIF tags and keeps the others of the input.
     * @param exif Tags by directory, as text.
     * @returns This instance, for chaining.
     * @throws When a directory is not an object, or a value is not a string.
     * @example
     * await lancet('in.jpg').withExifMerge({ IFD0: { Copyright: 'The National Gallery' } }).toFile('out.jpg')
     */
    withExifMerge(exif: Exif): Sharp;
    /**
     * Keeps the ICC profile of the input, and colours in it where the pipeline allows.
     * @returns This instance, for chaining.
     * @example
     * await lancet('in.jpg').keepIccProfile().toFile('out.jpg')
     */
    keepIccProfile(): Sharp;
    /**
     * Converts to an ICC profile and attaches it. Without `pipelineColourspace('rgb16')` or `'scrgb'`, colours beyond sRGB are
     * clipped first.
     * @param icc `srgb`, `p3`, `cmyk`, or the path of a profile.
     * @param options `attach: false` converts only. Default true.
     * @returns This instance, for chaining.
     * @throws When `icc` is not a string. A file that holds no profile is ignored with a warning.
     * @example
     * await lancet('in.jpg').withIccProfile('p3').toFile('wide.jpg')
     */
    withIccProfile(icc: string, options?: WithIccProfileOptions): Sharp;
    /**
     * Keeps the gain map of an Ultra HDR JPEG, rotated, cropped and resized like the image. Only for JPEG output;
     * other formats drop it.
     * @returns This instance, for chaining.
     * @throws The task fails when an operation cannot be applied to both alike.
     * @example
     * await lancet('in.jpg').keepGainMap().resize(200).toFile('hdr.jpg')
     */
    keepGainMap(): Sharp;
    /**
     * Applies the gain map of an Ultra HDR JPEG: all work is done in linear light, brighter than white where the map
     * says so. JPEG output gets a new gain map (ISO 21496-1) and a base image in Display P3; other formats are
     * clipped at white.
     * @returns This instance, for chaining.
     * @example
     * await lancet('in.jpg').withGainMap().resize(200).toFile('hdr.jpg')
     */
    withGainMap(): Sharp;
    /**
     * Keeps the XMP packet of the input.
     * @returns This instance, for chaining.
     * @example
     * await lancet('in.jpg').keepXmp().toFile('out.jpg')
     */
    keepXmp(): Sharp;
    /**
     * Writes an XMP packet in place of that of the input.
     * @param xmp XML, not empty.
     * @returns This instance, for chaining.
     * @throws When `xmp` is not a string, or empty.
     * @example
     * await lancet('in.jpg')
     *   .withXmp('<?xml version="1.0"?><x:xmpmeta xmlns:x="adobe:ns:meta/"/>')
     *   .toFile('out.jpg')
     */
    withXmp(xmp: string): Sharp;

    /**
     * Writes the output as JPEG. Transparent images are blended with black; see {@link flatten}.
     * @param options Options of the format.
     * @returns This instance, for chaining.
     * @throws When an option is not valid.
     * @example
     * await lancet('in.png').jpeg({ quality: 85, mozjpeg: true }).toFile('out.jpg')
     */
    jpeg(options?: JpegOptions): Sharp;
    /**
     * Chooses JPEG 2000, which cannot be written yet.
     * @param options Options of the format.
     * @throws Always, like sharp's prebuilt binary.
     */
    jp2(options?: Jp2Options): Sharp;
    /**
     * Chooses JPEG XL, which cannot be written yet: the options are checked, and the task fails.
     * @param options Options of the format.
     * @returns This instance, for chaining.
     * @throws When an option is not valid.
     */
    jxl(options?: JxlOptions): Sharp;
    /**
     * Writes the output as PNG. Images of more than 8 bits stay so with `toColourspace('rgb16')`.
     * @param options Options of the format.
     * @returns This instance, for chaining.
     * @throws When an option is not valid.
     * @example
     * await lancet('in.jpg').png({ palette: true, colours: 64 }).toFile('out.png')
     */
    png(options?: PngOptions): Sharp;
    /**
     * Writes the output as WebP.
     * @param options Options of the format.
     * @returns This instance, for chaining.
     * @throws When an option is not valid.
     * @example
     * await lancet('in.jpg').webp({ quality: 75, effort: 6 }).toFile('out.webp')
     */
    webp(options?: WebpOptions): Sharp;
    /**
     * Writes the output as GIF.
     * @param options Options of the format.
     * @returns This instance, for chaining.
     * @throws When an option is not valid.
     * @example
     * await lancet('in.gif', { animated: true }).resize(60).gif({ colours: 32 }).toFile('out.gif')
     */
    gif(options?: GifOptions): Sharp;
    /**
     * Writes the output as AVIF.
     * @param options Options of the format.
     * @returns This instance, for chaining.
     * @throws When an option is not valid.
     * @example
     * await lancet('in.jpg').resize(120).avif({ quality: 50, effort: 2 }).toFile('out.avif')
     */
    avif(options?: AvifOptions): Sharp;
    /**
     * Writes the output as HEIF, whose compression must be AV1.
     * @param options Options of the format.
     * @returns This instance, for chaining.
     * @throws When an option is not valid, or `compression` is missing.
     * @example
     * await lancet('in.jpg').resize(120).heif({ compression: 'av1', effort: 2 }).toFile('out.heif')
     */
    heif(options?: HeifOptions): Sharp;
    /**
     * Writes the output as TIFF.
     * @param options Options of the format.
     * @returns This instance, for chaining.
     * @throws When an option is not valid.
     * @example
     * await lancet('in.jpg').tiff({ compression: 'lzw', predictor: 'horizontal' }).toFile('out.tiff')
     */
    tiff(options?: TiffOptions): Sharp;
    /**
     * Writes raw pixels: rows from the top, channels interleaved, no padding.
     * @param options `depth` of a sample. Default `uchar`.
     * @returns This instance, for chaining.
     * @throws When `depth` is not a sample type.
     * @example
     * const { data, info } = await lancet('in.jpg').raw().toBuffer({ resolveWithObject: true });
     * console.assert(data.length === info.width * info.height * info.channels)
     */
    raw(options?: RawOptions): Sharp;
    /**
     * Chooses the format of the output by its name.
     * @param format Name or alias, or an entry of {@link format}.
     * @param options Options of that format's own method.
     * @returns This instance, for chaining.
     * @throws When there is no such format, or an option is not valid.
     * @example
     * const webp = await lancet('in.jpg').toFormat('webp', { quality: 70 }).toBuffer()
     */
    toFormat(
      format: keyof FormatEnum | AvailableFormatInfo,
      options?:
        | OutputOptions
        | JpegOptions
        | PngOptions
        | WebpOptions
        | AvifOptions
        | HeifOptions
        | JxlOptions
        | GifOptions
        | Jp2Options
        | RawOptions
        | TiffOptions
    ): Sharp;
    /**
     * Writes a pyramid of tiles for deep zoom viewers, as a folder or an archive.
     * @param tile Size, overlap, layout and container of the tiles.
     * @returns This instance, for chaining.
     * @throws When an option is not valid.
     * @example
     * await lancet('in.jpg').tile({ size: 128, layout: 'google' }).toFile('tiles')
     */
    tile(tile?: TileOptions): Sharp;
    /**
     * Rejects when the task takes too long, counted from when a thread takes it up. Time is checked between rows and
     * steps, so that the promise is rejected within a second. These are finished first: one frame of AVIF (read or
     * written), JPEG XL or JPEG 2000, one SVG, and one lossless WebP frame.
     * @param options `seconds`, 0 (no limit) to 3600.
     * @returns This instance, for chaining.
     * @throws When `seconds` is not such an integer.
     * @example
     * await lancet('in.jpg').timeout({ seconds: 3 }).resize(300).toFile('out.jpg')
     */
    timeout(options: TimeoutOptions): Sharp;

    /**
     * Resizes the image. With one side the other keeps the aspect ratio; with both, `fit` says how they are reached.
     * The last call counts.
     * @param widthOrOptions Width in pixels, 1 to 100000000, or all options. Absent or null: by the height.
     * @param height Height in pixels, 1 to 100000000. Absent or null: by the width.
     * @param options Fit, position, background, kernel and limits.
     * @returns This instance, for chaining.
     * @throws When a side or an option is not valid.
     * @example
     * await lancet('in.jpg').resize(300).toFile('300-wide.jpg');
     * await lancet('in.jpg').resize({ width: 300, height: 200, fit: 'contain', background: '#fff' }).toFile('framed.jpg')
     */
    resize(widthOrOptions?: number | ResizeOptions | null, height?: number | null, options?: ResizeOptions): Sharp;
    resize(options: ResizeOptions): Sharp;
    /**
     * Adds pixels to the edges, after resizing.
     * @param extend Pixels on every side, 1 to 100000000, or options for each side.
     * @returns This instance, for chaining.
     * @throws When a value is not valid.
     * @example
     * await lancet('in.jpg').extend({ top: 10, bottom: 20, left: 10, right: 10, background: '#f80' }).toFile('extended.jpg')
     */
    extend(extend: number | ExtendOptions): Sharp;
    /**
     * Crops to a rectangle: before resizing when called before `resize`, after it when called after. The last call of each kind
     * counts.
     * @param region `left`, `top`, `width` and `height` in pixels.
     * @returns This instance, for chaining.
     * @throws When a value is not an integer of at least 0; the task fails when the rectangle is not within the
     * image.
     * @example
     * await lancet('in.jpg').extract({ left: 10, top: 10, width: 100, height: 50 }).resize(50).toFile('part.jpg')
     */
    extract(region: Region): Sharp;
    /**
     * Removes edges that are like the top-left pixel or a background. `info` reports by how much, in `trimOffsetLeft`
     * and `trimOffsetTop`.
     * @param options Background, threshold, `lineArt` and `margin`; in the older form the threshold or the background
     * alone.
     * @returns This instance, for chaining.
     * @throws When an option is not valid; the task fails when both sides are below 3 pixels.
     * @example
     * await lancet('drawing.png').trim({ background: 'white', threshold: 20 }).toFile('trimmed.png')
     */
    trim(options?: TrimOptions | number | string): Sharp;
  }

  /** Buffer over memory of its own. */
  type OutputBuffer = ReturnType<BufferConstructor['alloc']>;

  type SharpInput =
    | Buffer
    | ArrayBuffer
    | Uint8Array
    | Uint8ClampedArray
    | Int8Array
    | Uint16Array
    | Int16Array
    | Uint32Array
    | Int32Array
    | Float32Array
    | Float64Array
    | string;

  /** Options of the input. */
  interface SharpOptions {
    /** Apply the EXIF orientation. Default false. */
    autoOrient?: boolean | undefined;
    /** Damage that makes reading fail; each level includes those before it. Default `warning`. */
    failOn?: FailOnOptions | undefined;
    /** The older spelling: false is `failOn: 'none'`, true is `failOn: 'warning'`. */
    failOnError?: boolean | undefined;
    /** Maximum number of pixels, all frames included. False or 0: no limit; true: the default. Default 268402689. */
    limitInputPixels?: number | boolean | undefined;
    /** Maximum number of channels. False or 0: no limit. Default 5. */
    limitInputChannels?: number | boolean | undefined;
    /** Lift the decoders' own limits on memory. Default false. */
    unlimited?: boolean | undefined;
    /** Read from top to bottom only. Default true. */
    sequentialRead?: boolean | undefined;
    /** Dots per inch that vector images are drawn at, 1 to 100000. Default 72. */
    density?: number | undefined;
    /** Do not convert from the embedded ICC profile. Default false. */
    ignoreIcc?: boolean | undefined;
    /** Pages or frames to read, 1 to 100000; -1 is all. Default 1. */
    pages?: number | undefined;
    /** First page or frame to read, 0 to 100000. Default 0. */
    page?: number | undefined;
    /** Options of TIFF. */
    tiff?: TiffInputOptions | undefined;
    /** Options of SVG. */
    svg?: SvgInputOptions | undefined;
    /** Options of PDF. */
    pdf?: PdfInputOptions | undefined;
    /** Options of slides. */
    openSlide?: OpenSlideInputOptions | undefined;
    /** Options of JPEG 2000. */
    jp2?: Jp2InputOptions | undefined;
    /** The older spelling of `tiff.subifd`. Default -1. @deprecated */
    subifd?: number | undefined;
    /** The older spelling of `pdf.background`. Default opaque white. @deprecated */
    pdfBackground?: ColorLike | undefined;
    /** The older spelling of `openSlide.level`. Default 0. @deprecated */
    level?: number | undefined;
    /** Read all frames. Default false. */
    animated?: boolean | undefined;
    /** The input is raw pixels of this size. */
    raw?: CreateRaw | undefined;
    /** Make an image of one colour or of noise. */
    create?: Create | undefined;
    /** Make an image of text. */
    text?: CreateText | undefined;
    /** How to join a list of images. */
    join?: Join | undefined;
  }

  interface CacheOptions {
    /** Megabytes. Default 50. */
    memory?: number | undefined;
    /** Open files. Default 20. */
    files?: number | undefined;
    /** Operations. Default 100. */
    items?: number | undefined;
  }

  interface TimeoutOptions {
    /** Seconds from 0 to 3600; 0 is no limit. */
    seconds: number;
  }

  interface SharpCounters {
    /** Tasks that wait for a thread. */
    queue: number;
    /** Tasks that run. */
    process: number;
  }

  interface Raw {
    /** Pixels across. */
    width: number;
    /** Pixels down. */
    height: number;
    /** Samples in one pixel. */
    channels: Channels;
  }

  interface CreateRaw extends Raw {
    /** Colours are multiplied by alpha already. Default false. */
    premultiplied?: boolean | undefined;
    /** Rows of one frame; divides the height. */
    pageHeight?: number | undefined;
  }

  type CreateChannels = 3 | 4;

  interface Create {
    /** Pixels across. */
    width: number;
    /** Pixels down. */
    height: number;
    /** 3 or 4; with noise also 1 or 2. */
    channels: CreateChannels;
    /** Colour. */
    background: ColorLike;
    /** Noise in place of one colour. */
    noise?: Noise | undefined;
    /** Rows of one frame; divides the height. */
    pageHeight?: number | undefined;
  }

  interface CreateText {
    /** Text, may have Pango markup. */
    text: string;
    /** Font name. */
    font?: string;
    /** Path of a font file. */
    fontfile?: string;
    /** Width to wrap at, in pixels. */
    width?: number;
    /** Height to fill, in pixels; excludes `dpi`. */
    height?: number;
    /** Alignment of lines. Default left. */
    align?: TextAlign;
    /** Spread words over the width. Default false. */
    justify?: boolean;
    /** Dots per inch. Default 72. */
    dpi?: number;
    /** Draw in colour rather than as a mask. Default false. */
    rgba?: boolean;
    /** Points between lines. Default 0. */
    spacing?: number;
    /** Where lines may be broken. Default `word`. */
    wrap?: TextWrap;
  }

  interface Join {
    /** Images in one row, 1 to 1000000. Default 1. */
    across?: number | undefined;
    /** Join as frames of an animation. Default false. */
    animated?: boolean | undefined;
    /** Pixels between images, 0 to 1000000. Default 0. */
    shim?: number | undefined;
    /** Colour between images. */
    background?: ColorLike | undefined;
    /** Placing across. Default left. */
    halign?: HorizontalAlignment | undefined;
    /** Placing down. Default top. */
    valign?: VerticalAlignment | undefined;
  }

  interface TiffInputOptions {
    /** Sub-directory, -1 is the main one. Default -1. */
    subifd?: number | undefined;
  }

  interface SvgInputOptions {
    /** CSS to apply. */
    stylesheet?: string | undefined;
    /** Accepted and ignored: SVG is drawn with 8 bits per channel. */
    highBitdepth?: boolean | undefined;
  }

  interface PdfInputOptions {
    /** Colour of the paper. */
    background?: ColorLike | undefined;
  }

  interface OpenSlideInputOptions {
    /** Level, 0 is the largest. Default 0. */
    level?: number | undefined;
  }

  interface Jp2InputOptions {
    /** Decode in one go. Default false. */
    oneshot?: boolean | undefined;
  }

  interface ExifDir {
    [k: string]: string;
  }

  /** EXIF tags by directory, as text. */
  interface Exif {
    /** Tags of the main image, such as `Copyright` or `Make`. */
    IFD0?: ExifDir;
    /** Tags of the thumbnail. */
    IFD1?: ExifDir;
    /** Tags of the photograph, such as `DateTimeOriginal` or `FNumber`. */
    IFD2?: ExifDir;
    /** Tags of the place, such as `GPSLatitude`. */
    IFD3?: ExifDir;
  }

  type HeifCompression = 'av1' | 'hevc';
  type HeifTune = 'auto' | 'iq' | 'psnr' | 'ssim';
  type Unit = 'inch' | 'cm';
  type MediaType =
    | 'application/pdf'
    | 'image/avif'
    | 'image/fits'
    | 'image/gif'
    | 'image/heic'
    | 'image/jp2'
    | 'image/jpeg'
    | 'image/jxl'
    | 'image/png'
    | 'image/svg+xml'
    | 'image/tiff'
    | 'image/vnd.radiance'
    | 'image/webp'
    | 'image/x-exr'
    | 'image/x-portable-pixmap';

  interface WriteableMetadata {
    /** Pixels per inch. */
    density?: number | undefined;
    /** EXIF orientation, 1 to 8. */
    orientation?: number | undefined;
    /** Name or path of an ICC profile. Default sRGB. */
    icc?: string | undefined;
    /** EXIF to write beside the input's. */
    exif?: Exif | undefined;
  }

  /** Metadata from the header of the input. Sizes are before any rotation. */
  interface Metadata {
    /** EXIF orientation, 1 to 8. */
    orientation?: number | undefined;
    /** Format. */
    format: keyof FormatEnum;
    /** Bytes, for input from memory. */
    size?: number | undefined;
    /** Pixels across. */
    width: number;
    /** Pixels down, of all pages together when several are read. */
    height: number;
    /** Size after the EXIF orientation is applied. */
    autoOrient: {
      width: number;
      height: number;
    };
    /** Colour space. */
    space: keyof ColourspaceEnum;
    /** Samples in one pixel. */
    channels: Channels;
    /** Type of one sample. */
    depth: keyof DepthEnum;
    /** Pixels per inch. */
    density?: number | undefined;
    /** Such as `4:2:0`. */
    chromaSubsampling?: string | undefined;
    /** Interlaced, or of several scans. */
    isProgressive: boolean;
    /** With a palette. */
    isPalette: boolean;
    /** Bits of one sample in the file. */
    bitsPerSample?: number | undefined;
    /** Pages or frames in the file. */
    pages?: number | undefined;
    /** Rows of one page, when several are read. */
    pageHeight?: number | undefined;
    /** Times an animation is shown, 0 is forever. */
    loop?: number | undefined;
    /** Milliseconds each frame is shown. */
    delay?: number[] | undefined;
    /** The main page of a HEIF. */
    pagePrimary?: number | undefined;
    /** With an ICC profile. */
    hasProfile: boolean;
    /** With an alpha channel. */
    hasAlpha: boolean;
    /** The EXIF block as it is in the file. */
    exif?: Buffer | undefined;
    /** The ICC profile as it is in the file. */
    icc?: Buffer | undefined;
    /** The IPTC block as it is in the file. */
    iptc?: Buffer | undefined;
    /** The XMP block as it is in the file. */
    xmp?: Buffer | undefined;
    /** XMP, when it is valid UTF-8. */
    xmpAsString?: string | undefined;
    /** The Photoshop tag of a TIFF as it is in the file. */
    tifftagPhotoshop?: Buffer | undefined;
    /** Encoder of a HEIF. */
    compression?: HeifCompression | undefined;
    /** Default background. */
    background?: { r: number; g: number; b: number } | { gray: number };
    /** Sizes of a slide's levels. */
    levels?: LevelMetadata[] | undefined;
    /** Sub-directories of a TIFF. */
    subifds?: number | undefined;
    /** Unit of the density in the file. */
    resolutionUnit?: Unit | undefined;
    /** The format, when another library read it. */
    formatMagick?: string | undefined;
    /** The older name of `bitsPerSample`, for images with a palette. @deprecated */
    paletteBitDepth?: number | undefined;
    /** Text chunks of a PNG. */
    comments?: CommentsMetadata[] | undefined;
    /** Gain map of an Ultra HDR image. */
    gainMap?: GainMapMetadata | undefined;
    /** MIME type. */
    mediaType?: MediaType | undefined;
  }

  interface LevelMetadata {
    /** Pixels across. */
    width: number;
    /** Pixels down. */
    height: number;
  }

  interface CommentsMetadata {
    /** What the text is about, such as `Title`. */
    keyword: string;
    /** The text. */
    text: string;
  }

  interface GainMapMetadata {
    /** A JPEG. */
    image: Buffer;
  }

  interface Stats {
    /** One entry per channel. */
    channels: ChannelStats[];
    /** No pixel is transparent. */
    isOpaque: boolean;
    /** Entropy of the grey histogram, in bits. */
    entropy: number;
    /** Standard deviation of the grey image's Laplacian. */
    sharpness: number;
    /** The most frequent colour, of 4096. */
    dominant: { r: number; g: number; b: number };
  }

  interface ChannelStats {
    /** Smallest sample. */
    min: number;
    /** Largest sample. */
    max: number;
    /** Sum of all samples. */
    sum: number;
    /** Sum of the squares of all samples. */
    squaresSum: number;
    /** Mean of all samples. */
    mean: number;
    /** Standard deviation of all samples. */
    stdev: number;
    /** Where the minimum is. */
    minX: number;
    /** Where the minimum is, in pixels from the top. */
    minY: number;
    /** Where the maximum is. */
    maxX: number;
    /** Where the maximum is, in pixels from the top. */
    maxY: number;
  }

  interface OutputOptions {
    /** Choose this format even when the input has another. Default true. */
    force?: boolean | undefined;
  }

  interface WithIccProfileOptions {
    /** Write the profile, rather than only convert to it. Default true. */
    attach?: boolean | undefined;
  }

  interface JpegOptions extends OutputOptions {
    /** 1 to 100. Default 80. */
    quality?: number | undefined;
    /** Progressive scans. Default false. */
    progressive?: boolean | undefined;
    /** `4:2:0` or `4:4:4`. Default `4:2:0`. */
    chromaSubsampling?: string | undefined;
    /** Trellis quantization. Default false. */
    trellisQuantisation?: boolean | undefined;
    /** Overshoot to hide ringing. Default false. */
    overshootDeringing?: boolean | undefined;
    /** Choose the scans by trial; sets `progressive`. Default false. */
    optimiseScans?: boolean | undefined;
    /** The same as `optimiseScans`. */
    optimizeScans?: boolean | undefined;
    /** Fit Huffman tables to the image. Default true. */
    optimiseCoding?: boolean | undefined;
    /** The same as `optimiseCoding`. */
    optimizeCoding?: boolean | undefined;
    /** Quantization table, 0 to 8. Default 0. */
    quantisationTable?: number | undefined;
    /** The same as `quantisationTable`. */
    quantizationTable?: number | undefined;
    /** Trellis, deringing, optimised scans and table 3. Default false. */
    mozjpeg?: boolean | undefined;
  }

  interface Jp2Options extends OutputOptions {
    /** 1 to 100. Default 80. */
    quality?: number;
    /** Default false. */
    lossless?: boolean;
    /** 1 to 32768. Default 512. */
    tileWidth?: number;
    /** 1 to 32768. Default 512. */
    tileHeight?: number;
    /** Default `4:4:4`. */
    chromaSubsampling?: '4:4:4' | '4:2:0';
  }

  interface JxlOptions extends OutputOptions, AnimationOptions {
    /** Butteraugli distance, 0 to 15. Default 1. */
    distance?: number;
    /** Distance as a quality, 1 to 100. */
    quality?: number;
    /** Decoding speed, 0 to 4. Default 0. */
    decodingTier?: number;
    /** Default false. */
    lossless?: boolean;
    /** CPU effort, 1 to 9. Default 7. */
    effort?: number | undefined;
  }

  interface WebpOptions extends OutputOptions, AnimationOptions {
    /** 1 to 100. Default 80. */
    quality?: number | undefined;
    /** Quality of alpha, 0 to 100. Default 100. */
    alphaQuality?: number | undefined;
    /** Default false. */
    lossless?: boolean | undefined;
    /** Lossless after a preparation that `quality` controls. Default false. */
    nearLossless?: boolean | undefined;
    /** Chroma subsampling of high quality. Default false. */
    smartSubsample?: boolean | undefined;
    /** Choose the deblocking filter by trial. Default false. */
    smartDeblock?: boolean | undefined;
    /** CPU effort, 0 to 6. Default 4. */
    effort?: number | undefined;
    /** Key frames chosen for size. Default false. */
    minSize?: boolean | undefined;
    /** Lossy and lossless frames in one animation. Default false. */
    mixed?: boolean | undefined;
    /** Kind of image. Default `default`. */
    preset?: keyof PresetEnum | undefined;
    /** Keep colours of transparent pixels. Default false. */
    exact?: boolean | undefined;
  }

  interface AvifOptions extends OutputOptions {
    /** 1 to 100. Default 50. */
    quality?: number | undefined;
    /** Default false. */
    lossless?: boolean | undefined;
    /** CPU effort, 0 to 9. Default 4. */
    effort?: number | undefined;
    /** `4:2:0` or `4:4:4`. Default `4:4:4`. */
    chromaSubsampling?: string | undefined;
    /** Bits per sample. Default 8. */
    bitdepth?: 8 | 10 | 12 | undefined;
    /** Measure that the encoder optimises for. Default `auto`. */
    tune?: HeifTune | undefined;
  }

  interface HeifOptions extends OutputOptions {
    /** 1 to 100. Default 50. */
    quality?: number | undefined;
    /** Required. With `hevc` the task fails. */
    compression?: HeifCompression | undefined;
    /** Default false. */
    lossless?: boolean | undefined;
    /** CPU effort, 0 to 9. Default 4. */
    effort?: number | undefined;
    /** `4:2:0` or `4:4:4`. Default `4:4:4`. */
    chromaSubsampling?: string | undefined;
    /** Bits per sample. Default 8. */
    bitdepth?: 8 | 10 | 12 | undefined;
    /** Measure that the encoder optimises for. Default `auto`. */
    tune?: HeifTune | undefined;
  }

  interface GifOptions extends OutputOptions, AnimationOptions {
    /** Keep the input's palettes. Default true. */
    reuse?: boolean | undefined;
    /** Interlaced. Default false. */
    progressive?: boolean | undefined;
    /** Maximum number of colours, 2 to 256. Default 256. */
    colours?: number | undefined;
    /** The same as `colours`. */
    colors?: number | undefined;
    /** CPU effort, 1 to 10. Default 7. */
    effort?: number | undefined;
    /** Error diffusion, 0 to 1. Default 1. */
    dither?: number | undefined;
    /** Difference between frames that is transparent, 0 to 32. Default 0. */
    interFrameMaxError?: number | undefined;
    /** Difference at which a palette is reused, 0 to 256. Default 3. */
    interPaletteMaxError?: number | undefined;
    /** Keep frames that change nothing. Default false. */
    keepDuplicateFrames?: boolean | undefined;
  }

  interface TiffOptions extends OutputOptions {
    /** 1 to 100. Default 80. */
    quality?: number | undefined;
    /** none, jpeg, deflate, packbits, ccittfax4 (needs `bitdepth: 1`), lzw, webp or zstd; with jp2k the task fails. Default `jpeg`. */
    compression?: string | undefined;
    /** BigTIFF. Default false. */
    bigtiff?: boolean | undefined;
    /** none, horizontal or float. Default `horizontal`. */
    predictor?: string | undefined;
    /** Several sizes in one file. Default false. */
    pyramid?: boolean | undefined;
    /** Tiles in place of strips. Default false. */
    tile?: boolean | undefined;
    /** Default 256. */
    tileWidth?: number | undefined;
    /** Default 256. */
    tileHeight?: number | undefined;
    /** Pixels per millimetre across. Default 1. */
    xres?: number | undefined;
    /** Pixels per millimetre down. Default 1. */
    yres?: number | undefined;
    /** Bits per sample of a grey image: 1, 2 or 4. Default 8, by leaving it out; 8 itself is refused, as by sharp. */
    bitdepth?: 1 | 2 | 4 | 8 | undefined;
    /** 0 is white in an image of one bit. Default false. */
    miniswhite?: boolean | undefined;
    /** Unit of the density. Default `inch`. */
    resolutionUnit?: Unit | undefined;
  }

  interface PngOptions extends OutputOptions {
    /** Interlaced. Default false. */
    progressive?: boolean | undefined;
    /** zlib level, 0 to 9. Default 6. */
    compressionLevel?: number | undefined;
    /** Choose a filter for each row. Default false. */
    adaptiveFiltering?: boolean | undefined;
    /** Fewest colours for this quality, 0 to 100; sets `palette`. Default 100. */
    quality?: number | undefined;
    /** CPU effort of the palette, 1 to 10; sets `palette`. Default 7. */
    effort?: number | undefined;
    /** Write a palette. Default false. */
    palette?: boolean | undefined;
    /** Maximum number of colours, 2 to 256; sets `palette`. Default 256. */
    colours?: number | undefined;
    /** The same as `colours`. */
    colors?: number | undefined;
    /** Error diffusion, 0 to 1; sets `palette`. Default 1. */
    dither?: number | undefined;
    /** Times to show, 0 to 65535; 0 is forever. With `loop` or `delay` an image of several frames becomes an animated PNG. */
    loop?: number | undefined;
    /** Milliseconds between frames, 0 to 65535. Default as the input. */
    delay?: number | number[] | undefined;
  }

  interface RotateOptions {
    /** Fill of the corners. Default opaque black. */
    background?: ColorLike | undefined;
  }

  type Precision = 'integer' | 'float' | 'approximate';

  interface BlurOptions {
    /** Standard deviation, 0.3 to 1000. */
    sigma: number;
    /** Smallest value that the mask still holds, 0.001 to 1. Default 0.2. */
    minAmplitude?: number;
    /** Arithmetic. Default `integer`. */
    precision?: Precision | undefined;
  }

  interface FlattenOptions {
    /** Colour to merge with. Default black. */
    background?: ColorLike | undefined;
  }

  interface NegateOptions {
    /** Include alpha. Default true. */
    alpha?: boolean | undefined;
  }

  interface NormaliseOptions {
    /** Percentile below which luminance is cut, 0 to 99. Default 1. */
    lower?: number | undefined;
    /** Percentile above which luminance is cut, 1 to 100. Default 99. */
    upper?: number | undefined;
  }

  interface ResizeOptions {
    /** Pixels, 1 to 100000000. */
    width?: number | undefined;
    /** Pixels, 1 to 100000000. */
    height?: number | undefined;
    /** How to fit when both sides are given. Default `cover`. */
    fit?: keyof FitEnum | undefined;
    /** Part that `cover` keeps, or place where `contain` puts the image: a position, gravity or strategy. Default `centre`. */
    position?: number | string | undefined;
    /** Fill of `contain`. Default opaque black. */
    background?: ColorLike | undefined;
    /** Resampling kernel. Default `lanczos3`. */
    kernel?: keyof KernelEnum | undefined;
    /** Never make a side longer. Default false. */
    withoutEnlargement?: boolean | undefined;
    /** Never make a side shorter. Default false. */
    withoutReduction?: boolean | undefined;
    /** Let JPEG and WebP decoders shrink as far as they can. Default true. */
    fastShrinkOnLoad?: boolean | undefined;
  }

  /** An area in pixels. */
  interface Region {
    /** Pixels from the left, 0 to 100000000. */
    left: number;
    /** Pixels from the top, 0 to 100000000. */
    top: number;
    /** Pixels across, 0 to 100000000. */
    width: number;
    /** Pixels down, 0 to 100000000. */
    height: number;
  }

  interface Noise {
    /** The distribution; required, and always `gaussian`. */
    type?: 'gaussian' | undefined;
    /** 0 to 10000. Default 128. */
    mean?: number | undefined;
    /** Standard deviation, 0 to 10000. Default 30. */
    sigma?: number | undefined;
  }

  type ExtendWith = 'background' | 'copy' | 'repeat' | 'mirror';

  interface ExtendOptions {
    /** Pixels. Default 0. */
    top?: number | undefined;
    /** Pixels. Default 0. */
    left?: number | undefined;
    /** Pixels. Default 0. */
    bottom?: number | undefined;
    /** Pixels. Default 0. */
    right?: number | undefined;
    /** Colour of the edges. Default opaque black. */
    background?: ColorLike | undefined;
    /** What the edges show. Default `background`. */
    extendWith?: ExtendWith | undefined;
  }

  interface TrimOptions {
    /** Colour to remove. Default that of the top-left pixel. */
    background?: ColorLike | undefined;
    /** Distance from the colour that is still removed, from 0. Default 10. */
    threshold?: number | undefined;
    /** The image is line art. Default false. */
    lineArt?: boolean | undefined;
    /** Pixels to leave around, 0 to 10000000. Default 0. */
    margin?: number | undefined;
  }

  interface RawOptions {
    /** Type of one sample. Default `uchar`. */
    depth?: keyof DepthEnum;
  }

  type Channels = 1 | 2 | 3 | 4;

  /** A name, hexadecimal, `rgb()`, `hsl()` or `hwb()` text, `[r, g, b, alpha]`, or an object such as `{ r, g, b, alpha }`. */
  type ColorLike = string | number | ArrayLike<number> | Record<string, any>;
  /** A colour by its channels: 0 to 255, and 0 to 1 for `alpha`. */
  interface RGBA {
    /** Red. */
    r?: number | undefined;
    /** Green. */
    g?: number | undefined;
    /** Blue. */
    b?: number | undefined;
    /** Opacity. */
    alpha?: number | undefined;
  }

  type Colour = ColorLike;
  type Color = ColorLike;

  interface Kernel {
    /** 3 to 1001. */
    width: number;
    /** 3 to 1001. */
    height: number;
    /** Width × height values, by rows. */
    kernel: ArrayLike<number>;
    /** Divisor, an integer; other values are ignored. Default the sum of the kernel, at least 1. */
    scale?: number | undefined;
    /** Addend. Default 0. */
    offset?: number | undefined;
  }

  interface ClaheOptions {
    /** Width of the search window, 1 to 65536. */
    width: number;
    /** Height of the search window, 1 to 65536. */
    height: number;
    /** Limit of contrast, 0 to 100; 0 is none. Default 3. */
    maxSlope?: number | undefined;
  }

  interface ThresholdOptions {
    /** Make the image grey first. Default true. */
    greyscale?: boolean | undefined;
    /** The same as `greyscale`. */
    grayscale?: boolean | undefined;
  }

  interface OverlayOptions extends SharpOptions {
    /** The overlay: bytes, a path, or a description of one. */
    input?: string | Buffer | { create: Create } | { text: CreateText } | { raw: CreateRaw } | undefined;
    /** Blend mode. Default `over`. */
    blend?: Blend | undefined;
    /** Where to put it when `left` and `top` are absent. Default `centre`. */
    gravity?: Gravity | undefined;
    /** Pixels from the top. */
    top?: number | undefined;
    /** Pixels from the left. */
    left?: number | undefined;
    /** Repeat over the whole image. Default false. */
    tile?: boolean | undefined;
    /** Both images are premultiplied already. Default false. */
    premultiplied?: boolean | undefined;
  }

  interface TileOptions {
    /** Side in pixels, 1 to 8192. Default 256. */
    size?: number | undefined;
    /** Pixels, 0 to `size`. Default 0. */
    overlap?: number | undefined;
    /** Degrees, a multiple of 90. Default 0. */
    angle?: number | undefined;
    /** Default opaque white. */
    background?: ColorLike | undefined;
    /** onepixel, onetile or one. */
    depth?: string | undefined;
    /** Level below which a tile counts as blank, up to 65535; -1 is never. Default -1, for `google` 5. */
    skipBlanks?: number | undefined;
    /** Default `fs`. */
    container?: TileContainer | undefined;
    /** Default `dz`. */
    layout?: TileLayout | undefined;
    /** Centre the image in its tile. Default false. */
    centre?: boolean | undefined;
    /** The same as `centre`. */
    center?: boolean | undefined;
    /** `@id` of IIIF. */
    id?: string | undefined;
    /** Name of the folder in a zip. */
    basename?: string | undefined;
  }

  interface AnimationOptions {
    /** Times to show, 0 to 65535; 0 is forever. Default as the input. */
    loop?: number | undefined;
    /** Milliseconds between frames, 0 to 65535. Default as the input. */
    delay?: number | number[] | undefined;
  }

  interface SharpenOptions {
    /** Standard deviation of the mask, 0.000001 to 10. */
    sigma: number;
    /** Sharpening of flat areas, 0 to 1000000. Default 1. */
    m1?: number | undefined;
    /** Sharpening of jagged areas, 0 to 1000000. Default 2. */
    m2?: number | undefined;
    /** Threshold between flat and jagged, 0 to 1000000. Default 2. */
    x1?: number | undefined;
    /** Largest brightening, 0 to 1000000. Default 10. */
    y2?: number | undefined;
    /** Largest darkening, 0 to 1000000. Default 20. */
    y3?: number | undefined;
  }

  interface AffineOptions {
    /** Fill of what is opened. Default opaque black. */
    background?: string | object | undefined;
    /** Input offset across. Default 0. */
    idx?: number | undefined;
    /** Input offset down. Default 0. */
    idy?: number | undefined;
    /** Output offset across. Default 0. */
    odx?: number | undefined;
    /** Output offset down. Default 0. */
    ody?: number | undefined;
    /** Default bilinear. */
    interpolator?: Interpolators[keyof Interpolators] | undefined;
  }

  /** What was written. */
  interface OutputInfo {
    /** Format that was written, `jpeg` or another. */
    format: string;
    /** Bytes. */
    size: number;
    /** Pixels across. */
    width: number;
    /** Pixels down, of all frames together. */
    height: number;
    /** Samples in one pixel. */
    channels: Channels;
    /** The work was done on premultiplied pixels. */
    premultiplied: boolean;
    /** With an alpha channel. */
    hasAlpha: boolean;
    /** Offset of the crop by a strategy, in pixels, at most 0. */
    cropOffsetLeft?: number | undefined;
    /** The same from the top. */
    cropOffsetTop?: number | undefined;
    /** Offset of what `trim` removed, in pixels, at most 0. */
    trimOffsetLeft?: number | undefined;
    /** The same from the top. */
    trimOffsetTop?: number | undefined;
    /** Resolution that fitted the text's height. */
    textAutofitDpi?: number | undefined;
    /** Focus of the attention strategy. */
    attentionX?: number | undefined;
    /** The same from the top. */
    attentionY?: number | undefined;
    /** Frames of an animation. */
    pages?: number | undefined;
    /** Rows of one frame. */
    pageHeight?: number | undefined;
  }

  interface AvailableFormatInfo {
    /** Name of the format. */
    id: string;
    /** What it can be read from, and the endings of its file names. */
    input: { file: boolean; buffer: boolean; stream: boolean; fileSuffix?: string[] };
    /** What it can be written to, and other names for it. */
    output: { file: boolean; buffer: boolean; stream: boolean; alias?: string[] };
  }

  interface FitEnum {
    /** The whole image within both sides, on the background. */
    contain: 'contain';
    /** Fills both sides, and crops what does not fit. */
    cover: 'cover';
    /** Stretched to both sides. */
    fill: 'fill';
    /** As large as possible with no side above the given one. */
    inside: 'inside';
    /** As small as possible with no side below the given one. */
    outside: 'outside';
  }

  interface KernelEnum {
    /** The nearest pixel. */
    nearest: 'nearest';
    /** Linear interpolation. */
    linear: 'linear';
    /** Catmull-Rom spline. */
    cubic: 'cubic';
    /** Mitchell-Netravali spline. */
    mitchell: 'mitchell';
    /** Lanczos with a = 2. */
    lanczos2: 'lanczos2';
    /** Lanczos with a = 3. */
    lanczos3: 'lanczos3';
    /** Magic Kernel Sharp of 2013. */
    mks2013: 'mks2013';
    /** Magic Kernel Sharp of 2021. */
    mks2021: 'mks2021';
  }

  interface PresetEnum {
    /** No preset. */
    default: 'default';
    /** Digital image, such as a portrait taken inside. */
    picture: 'picture';
    /** Photograph taken outside, by daylight. */
    photo: 'photo';
    /** Drawing by hand or by line, with much contrast. */
    drawing: 'drawing';
    /** Small image with many colours. */
    icon: 'icon';
    /** Text. */
    text: 'text';
  }

  interface BoolEnum {
    /** Bits that are set in both. */
    and: 'and';
    /** Bits that are set in one or both. */
    or: 'or';
    /** Bits that are set in one but not in both. */
    eor: 'eor';
  }

  interface ColourspaceEnum {
    /** Grey, 8 bits. */
    'b-w': string;
    /** Declared by sharp 0.32 and 0.33; the name that is read is `b-w`. @deprecated */
    bw: string;
    /** CMC(l:c). */
    cmc: string;
    /** CMYK. */
    cmyk: string;
    /** Fourier transform. */
    fourier: string;
    /** Grey, 16 bits. */
    grey16: string;
    /** Histogram. */
    histogram: string;
    /** Hue, saturation, value. */
    hsv: string;
    /** CIE Lab, floating point. */
    lab: string;
    /** CIE Lab packed into 32 bits. */
    labq: string;
    /** CIE Lab, 16 bits. */
    labs: string;
    /** CIE LCh. */
    lch: string;
    /** A matrix, no image. */
    matrix: string;
    /** Channels without a meaning. */
    multiband: string;
    /** RGB of no special space. */
    rgb: string;
    /** sRGB, 16 bits. */
    rgb16: string;
    /** Linear light, floating point. */
    scrgb: string;
    /** sRGB, 8 bits. */
    srgb: string;
    /** CIE XYZ. */
    xyz: string;
    /** CIE Yxy. */
    yxy: string;
  }

  interface DepthEnum {
    /** Signed integers of 8 bits. */
    char: string;
    /** Two of 32-bit floating point. */
    complex: string;
    /** Floating point, 64 bits. */
    double: string;
    /** Two of 64-bit floating point. */
    dpcomplex: string;
    /** Floating point, 32 bits. */
    float: string;
    /** Signed integers of 32 bits. */
    int: string;
    /** Signed integers of 16 bits. */
    short: string;
    /** Unsigned integers of 8 bits. */
    uchar: string;
    /** Unsigned integers of 32 bits. */
    uint: string;
    /** Unsigned integers of 16 bits. */
    ushort: string;
  }

  type FailOnOptions = 'none' | 'truncated' | 'error' | 'warning';
  type TextAlign = 'left' | 'centre' | 'center' | 'right';
  type TextWrap = 'word' | 'char' | 'word-char' | 'charWord' | 'none';
  type HorizontalAlignment = 'left' | 'centre' | 'center' | 'right';
  type VerticalAlignment = 'top' | 'centre' | 'center' | 'bottom';
  type TileContainer = 'fs' | 'zip';
  type TileLayout = 'dz' | 'iiif' | 'iiif3' | 'zoomify' | 'google';

  type Blend =
    | 'clear'
    | 'source'
    | 'over'
    | 'in'
    | 'out'
    | 'atop'
    | 'dest'
    | 'dest-over'
    | 'dest-in'
    | 'dest-out'
    | 'dest-atop'
    | 'xor'
    | 'add'
    | 'saturate'
    | 'multiply'
    | 'screen'
    | 'overlay'
    | 'darken'
    | 'lighten'
    | 'color-dodge'
    | 'colour-dodge'
    | 'color-burn'
    | 'colour-burn'
    | 'hard-light'
    | 'soft-light'
    | 'difference'
    | 'exclusion';

  type Gravity = number | string;

  interface GravityEnum {
    /** Top. */
    north: number;
    /** Top right corner. */
    northeast: number;
    /** Bottom right corner. */
    southeast: number;
    /** Bottom. */
    south: number;
    /** Bottom left corner. */
    southwest: number;
    /** Left. */
    west: number;
    /** Top left corner. */
    northwest: number;
    /** Right. */
    east: number;
    /** Middle. */
    center: number;
    /** Middle. */
    centre: number;
  }

  interface StrategyEnum {
    /** Keep the part of the highest entropy. */
    entropy: number;
    /** Keep the part with edges, saturated colours and skin. */
    attention: number;
  }

  interface FormatEnum {
    /** AVIF, as a name for `toFormat`; what `format` lists is `heif`. */
    avif: AvailableFormatInfo;
    /** Raw files of cameras. */
    dcraw: AvailableFormatInfo;
    /** Pyramids of tiles. */
    dz: AvailableFormatInfo;
    /** OpenEXR. */
    exr: AvailableFormatInfo;
    /** FITS. */
    fits: AvailableFormatInfo;
    /** GIF. */
    gif: AvailableFormatInfo;
    /** HEIF with AV1, which is AVIF. */
    heif: AvailableFormatInfo;
    /** Declared by sharp 0.32 to 0.34; no format has this name. @deprecated */
    input: AvailableFormatInfo;
    /** JPEG. */
    jpeg: AvailableFormatInfo;
    /** JPEG, as a name for `toFormat`; what `format` lists is `jpeg`. */
    jpg: AvailableFormatInfo;
    /** JPEG 2000. */
    jp2: AvailableFormatInfo;
    /** JPEG XL. */
    jxl: AvailableFormatInfo;
    /** What ImageMagick reads. */
    magick: AvailableFormatInfo;
    /** Slides of microscopes. */
    openslide: AvailableFormatInfo;
    /** PDF. */
    pdf: AvailableFormatInfo;
    /** PNG. */
    png: AvailableFormatInfo;
    /** PPM and its relatives. */
    ppm: AvailableFormatInfo;
    /** Radiance. */
    rad: AvailableFormatInfo;
    /** Pixels without a header. */
    raw: AvailableFormatInfo;
    /** SVG. */
    svg: AvailableFormatInfo;
    /** TIFF, as a name for `toFormat`; what `format` lists is `tiff`. */
    tif: AvailableFormatInfo;
    /** TIFF. */
    tiff: AvailableFormatInfo;
    /** Files of libvips, as a name for `toFormat`; what `format` lists is `vips`. */
    v: AvailableFormatInfo;
    /** Files of libvips. */
    vips: AvailableFormatInfo;
    /** WebP. */
    webp: AvailableFormatInfo;
  }

  interface CacheResult {
    /** Megabytes: held now, held at most so far, limit. */
    memory: { current: number; high: number; max: number };
    /** Open files: now, limit. */
    files: { current: number; max: number };
    /** Operations: held now, limit. */
    items: { current: number; max: number };
  }

  interface Interpolators {
    /** The nearest pixel. */
    nearest: 'nearest';
    /** Linear interpolation. */
    bilinear: 'bilinear';
    /** Catmull-Rom spline. */
    bicubic: 'bicubic';
    /** Bicubic without overshoot. */
    locallyBoundedBicubic: 'lbb';
    /** Bicubic without halos, of higher quality and much slower. */
    nohalo: 'nohalo';
    /** Quadratic spline without stairs at edges. */
    vertexSplitQuadraticBasisSpline: 'vsqbs';
  }

  type Matrix2x2 = [[number, number], [number, number]];
  type Matrix3x3 = [[number, number, number], [number, number, number], [number, number, number]];
  type Matrix4x4 = [
    [number, number, number, number],
    [number, number, number, number],
    [number, number, number, number],
    [number, number, number, number]
  ];
}

export = sharp;
