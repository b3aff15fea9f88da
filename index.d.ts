/// <reference types="node" />

// Types of lancet. Names and shapes are those of sharp 0.35, with the call forms that earlier versions took.

import { Duplex } from 'node:stream';
import { EventEmitter } from 'node:events';

/**
 * Makes an instance. Edits are methods that can be chained; nothing is computed before an output is asked for.
 * May be called with `new`.
 * @param input Encoded bytes, raw pixels (with `options.raw`), or a path. Absent: the instance is a stream to write to.
 *   A list of pictures is joined.
 * @throws When the input or an option is not valid.
 */
declare function sharp(options?: sharp.SharpOptions): sharp.Sharp;
declare function sharp(input?: sharp.SharpInput | Array<sharp.SharpInput>, options?: sharp.SharpOptions): sharp.Sharp;

declare namespace sharp {
  /** What can be read and written, by format. */
  const format: FormatEnum;
  /** Version of this package, and of the API and behaviour that it has. */
  const versions: {
    /** Version of this package. */
    lancet: string;
    /** Version of the API. */
    sharp: string;
    /** Version of the engine whose pictures this one's look like. */
    vips: string;
    [library: string]: string | undefined;
  };
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
   * Sets how many threads one picture may use, 1 to 1024; gives what it is, as it does for anything else. Default 1. More, up
   * to the number of processors, make a large picture sooner, for a little more work in all: on a machine that is busy with many
   * pictures leave it.
   */
  function concurrency(concurrency?: number): number;
  /** Tasks that wait and tasks that run. */
  function counters(): SharpCounters;
  /** Allows or forbids vector instructions; gives what it is. Default true. */
  function simd(enable?: boolean): boolean;
  /** Forbids loaders, savers and operations by name, such as `VipsForeignLoadSvg`; `VipsForeignLoad` is all loaders. */
  function block(options: { operation: string[] }): void;
  /** Allows what was forbidden. */
  function unblock(options: { operation: string[] }): void;
  /** Numbers for `resize({ position })` and `composite([{ gravity }])`. */
  const gravity: GravityEnum;
  /** Numbers for `resize({ position })` that look at the picture. */
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

  /** One picture on its way. Emits `info` ({@link OutputInfo}) before stream output, and `warning` with a text. */
  interface Sharp extends Duplex {
    /** Drops the alpha channel. */
    removeAlpha(): Sharp;
    /** Adds an alpha channel where there is none. @param alpha Opacity from 0 to 1. Default 1. */
    ensureAlpha(alpha?: number): Sharp;
    /** Keeps one channel, as a grey picture. @param channel Number from 0 to 4, or name. */
    extractChannel(channel: 0 | 1 | 2 | 3 | 'red' | 'green' | 'blue' | 'alpha'): Sharp;
    /** Adds channels of other pictures of the same size. */
    joinChannel(images: string | Buffer | ArrayLike<string | Buffer>, options?: SharpOptions): Sharp;
    /** Combines all channels into one, bit by bit. */
    bandbool(boolOp: keyof BoolEnum): Sharp;

    /** Tints the picture, keeping its luminance. */
    tint(tint: ColorLike): Sharp;
    /** Makes the picture grey. Default true. */
    greyscale(greyscale?: boolean): Sharp;
    /** The same as {@link greyscale}. */
    grayscale(grayscale?: boolean): Sharp;
    /** Sets the colour space in which operations work. */
    pipelineColourspace(colourspace?: string): Sharp;
    /** The same as {@link pipelineColourspace}. */
    pipelineColorspace(colorspace?: string): Sharp;
    /** Sets the colour space of the output. Default `srgb`. */
    toColourspace(colourspace?: string): Sharp;
    /** The same as {@link toColourspace}. */
    toColorspace(colorspace: string): Sharp;

    /**
     * Lays pictures over this one, in order, after it was resized. None may be larger than it.
     * @example
     * lancet('in.jpg').composite([{ input: 'logo.png', gravity: 'southeast' }])
     */
    composite(images: OverlayOptions[]): Sharp;

    /** A copy with the same input and options that goes its own way from here on. */
    clone(): Sharp;
    /** Reads the header, without edits: sizes are those of the input. */
    metadata(callback: (err: Error, metadata: Metadata) => void): Sharp;
    metadata(): Promise<Metadata>;
    /** Computes statistics of the input's pixels. */
    stats(callback: (err: Error, stats: Stats) => void): Sharp;
    stats(): Promise<Stats>;

    /** Rotates clockwise. @param angle Degrees, also negative. Absent: by EXIF orientation, as {@link autoOrient}. */
    rotate(angle?: number | null, options?: RotateOptions): Sharp;
    /** Rotates and mirrors as the EXIF orientation says, and drops it. */
    autoOrient(): Sharp;
    /** Mirrors top to bottom. Default true. */
    flip(flip?: boolean): Sharp;
    /** Mirrors left to right. Default true. */
    flop(flop?: boolean): Sharp;
    /**
     * Applies a matrix to coordinates: (x, y) goes to matrix × (x + idx, y + idy) + (odx, ody).
     * @param matrix Four numbers by rows, or two rows of two.
     */
    affine(matrix: [number, number, number, number] | Matrix2x2, options?: AffineOptions): Sharp;
    /**
     * Sharpens. Without options a quick, mild 3×3 mask; with them the L channel of Lab, by a blurred mask.
     */
    sharpen(options?: SharpenOptions): Sharp;
    /**
     * The older form.
     * @param sigma Standard deviation of the mask, 0.01 to 10000.
     * @param flat Sharpening of flat areas, 0 to 10000. Default 1.
     * @param jagged Sharpening of jagged areas, 0 to 10000. Default 2.
     */
    sharpen(sigma?: number, flat?: number, jagged?: number): Sharp;
    /** Replaces each pixel by the median of a square around it. @param size Side, 1 to 1000. Default 3. */
    median(size?: number): Sharp;
    /** Blurs. @param sigma Standard deviation, 0.3 to 1000, or options. Absent or true: a quick 3×3 box. */
    blur(sigma?: number | boolean | BlurOptions): Sharp;
    /** Grows bright areas. @param width Radius in pixels, 1 to 65536. Default 1. */
    dilate(width?: number): Sharp;
    /** Shrinks bright areas. @param width Radius in pixels, 1 to 65536. Default 1. */
    erode(width?: number): Sharp;
    /** Merges the alpha channel with a background. Default background black. */
    flatten(flatten?: boolean | FlattenOptions): Sharp;
    /** Makes white pixels transparent. */
    unflatten(): Sharp;
    /**
     * Darkens by 1/gamma before resize, brightens by gamma after it.
     * @param gamma 1 to 3. Default 2.2.
     * @param gammaOut 1 to 3. Default is `gamma`.
     */
    gamma(gamma?: number, gammaOut?: number): Sharp;
    /** Makes the negative. Default true, alpha included. */
    negate(negate?: boolean | NegateOptions): Sharp;
    /** Stretches luminance over the whole range. */
    normalise(normalise?: NormaliseOptions): Sharp;
    /** The same as {@link normalise}. */
    normalize(normalize?: NormaliseOptions): Sharp;
    /** Contrast-limited adaptive histogram equalization. */
    clahe(options: ClaheOptions): Sharp;
    /** Applies a mask. */
    convolve(kernel: Kernel): Sharp;
    /** Makes each value 0 or 255. @param threshold 0 to 255, true is 128. Default 128. */
    threshold(threshold?: number | boolean, options?: ThresholdOptions): Sharp;
    /** Combines with another picture, bit by bit. */
    boolean(operand: string | Buffer, operator: keyof BoolEnum, options?: { raw: Raw }): Sharp;
    /** Computes a × value + b, with one number for all channels or one for each. */
    linear(a?: number | number[] | null, b?: number | number[]): Sharp;
    /** Multiplies each pixel's channels by a matrix. */
    recomb(inputMatrix: Matrix3x3 | Matrix4x4): Sharp;
    /** Changes brightness, saturation, hue and lightness in the LCH space. */
    modulate(options?: {
      /** Factor from 0. Default 1. */
      brightness?: number | undefined;
      /** Factor from 0. Default 1. */
      saturation?: number | undefined;
      /** Whole degrees. Default 0. */
      hue?: number | undefined;
      /** Addend. Default 0. */
      lightness?: number | undefined;
    }): Sharp;

    /** Writes to a file; the format is by the path's ending unless it was chosen. The folder must be there. */
    toFile(fileOut: string, callback: (err: Error, info: OutputInfo) => void): Sharp;
    toFile(fileOut: string): Promise<OutputInfo>;
    /** Writes to a Buffer; the format is the input's unless it was chosen. */
    toBuffer(callback: (err: Error, buffer: OutputBuffer, info: OutputInfo) => void): Sharp;
    toBuffer(options?: { resolveWithObject: false }): Promise<OutputBuffer>;
    toBuffer(options: { resolveWithObject: true }): Promise<{ data: OutputBuffer; info: OutputInfo }>;
    /** Writes to a Uint8Array whose memory can be transferred to a worker. */
    toUint8Array(): Promise<{ data: Uint8Array; info: OutputInfo }>;

    /** Keeps all metadata: EXIF, XMP, IPTC, ICC profile. */
    keepMetadata(): Sharp;
    /** Keeps all metadata, converts to sRGB and adds a profile that says so. */
    withMetadata(withMetadata?: WriteableMetadata): Sharp;
    /** Writes a density. @param density Pixels per inch, above 0. */
    withDensity(density: number): Sharp;
    /** Keeps EXIF. */
    keepExif(): Sharp;
    /** Writes EXIF in place of the input's. */
    withExif(exif: Exif): Sharp;
    /** Writes EXIF beside the input's. */
    withExifMerge(exif: Exif): Sharp;
    /** Keeps the ICC profile. */
    keepIccProfile(): Sharp;
    /** Converts to an ICC profile and attaches it. @param icc `srgb`, `p3`, `cmyk` or a path. */
    withIccProfile(icc: string, options?: WithIccProfileOptions): Sharp;
    /**
     * Keeps the gain map of an Ultra HDR JPEG, turned, cut and resized as the picture is. Operations that cannot be done to both alike are
     * refused. Only for JPEG output; elsewhere the gain map is dropped.
     */
    keepGainMap(): Sharp;
    /**
     * Applies the gain map of an Ultra HDR JPEG: all work is done in linear light, brighter than white where the map says so. JPEG output gets a
     * new gain map (ISO 21496-1) and a base picture in Display P3 for displays that need it; other formats are cut off at white.
     */
    withGainMap(): Sharp;
    /** Keeps XMP. */
    keepXmp(): Sharp;
    /** Writes XMP in place of the input's. @param xmp XML, not empty. */
    withXmp(xmp: string): Sharp;

    /** Chooses JPEG. */
    jpeg(options?: JpegOptions): Sharp;
    /** Chooses JPEG 2000. */
    jp2(options?: Jp2Options): Sharp;
    /** Chooses JPEG XL. */
    jxl(options?: JxlOptions): Sharp;
    /** Chooses PNG. */
    png(options?: PngOptions): Sharp;
    /** Chooses WebP. */
    webp(options?: WebpOptions): Sharp;
    /** Chooses GIF. */
    gif(options?: GifOptions): Sharp;
    /** Chooses AVIF. */
    avif(options?: AvifOptions): Sharp;
    /** Chooses HEIF. */
    heif(options?: HeifOptions): Sharp;
    /** Chooses TIFF. */
    tiff(options?: TiffOptions): Sharp;
    /** Chooses raw pixels: rows from the top, channels interleaved, no padding. */
    raw(options?: RawOptions): Sharp;
    /**
     * Chooses a format.
     * @param format Name, other name of it, or an entry of {@link format}.
     * @param options Options of that format's own method.
     * @throws When there is no such format, or an option is not valid.
     */
    toFormat(
      format: keyof FormatEnum | AvailableFormatInfo | 'avif' | 'jpg',
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
    /** Chooses a pyramid of tiles. */
    tile(tile?: TileOptions): Sharp;
    /**
     * Rejects when the task takes longer than `seconds` (0 to 3600, default 0: no limit), counted from when a thread takes it up.
     * Time is checked between rows and between steps, so that the promise is rejected within a second. These are finished
     * first: one frame of AVIF (read or written), of JPEG XL or of JPEG 2000, one SVG, and one lossless WebP frame.
     */
    timeout(options: TimeoutOptions): Sharp;

    /**
     * Resizes. With one side given the other keeps the aspect ratio; with both, `fit` says how. The last call counts.
     * @param widthOrOptions Pixels across, 1 to 100000000, or all options. Absent or null: by the height.
     * @param height Pixels down, 1 to 100000000. Absent or null: by the width.
     * @throws When a side or an option is not valid.
     * @example
     * lancet('in.jpg').resize(300)
     * lancet('in.jpg').resize({ width: 300, height: 200, fit: 'contain', background: '#fff' })
     */
    resize(widthOrOptions?: number | ResizeOptions | null, height?: number | null, options?: ResizeOptions): Sharp;
    resize(options: ResizeOptions): Sharp;
    /** Adds edges. @param extend Pixels on every side, 1 to 100000000, or options. */
    extend(extend: number | ExtendOptions): Sharp;
    /**
     * Cuts out an area: before a resize that comes later, after one that came before. May be called once for each.
     * @example
     * lancet('in.jpg').extract({ left: 10, top: 10, width: 100, height: 50 }).resize(50)
     */
    extract(region: Region): Sharp;
    /**
     * Removes edges that look like the top-left pixel or a background. `info` tells how much, in `trimOffsetLeft` and
     * `trimOffsetTop`.
     * @param options Options; the older form is the threshold or the background alone.
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

  /** How the input is read. */
  interface SharpOptions {
    /** Apply the EXIF orientation. Default false. */
    autoOrient?: boolean | undefined;
    /** Damage that makes reading fail; each level includes those before it. Default `warning`. */
    failOn?: FailOnOptions | undefined;
    /** The older spelling: false is `failOn: 'none'`, true is `failOn: 'warning'`. */
    failOnError?: boolean | undefined;
    /** Most pixels, width × height. False or 0: no limit. Default 268402689. */
    limitInputPixels?: number | boolean | undefined;
    /** Most channels. False or 0: no limit. Default 5. */
    limitInputChannels?: number | boolean | undefined;
    /** Lift the decoders' own limits on memory. Default false. */
    unlimited?: boolean | undefined;
    /** Read from top to bottom only. Default true. */
    sequentialRead?: boolean | undefined;
    /** Dots per inch that vector pictures are drawn at, 1 to 100000. Default 72. */
    density?: number | undefined;
    /** Do not convert from the embedded ICC profile. Default false. */
    ignoreIcc?: boolean | undefined;
    /** Pages or frames to read, -1 is all. Default 1. */
    pages?: number | undefined;
    /** First page or frame to read, from 0. Default 0. */
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
    /** Make a picture of one colour or of noise. */
    create?: Create | undefined;
    /** Make a picture of text. */
    text?: CreateText | undefined;
    /** How to join a list of pictures. */
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
    /** Pictures in one row. Default 1. */
    across?: number | undefined;
    /** Join as frames of an animation. Default false. */
    animated?: boolean | undefined;
    /** Pixels between pictures. Default 0. */
    shim?: number | undefined;
    /** Colour between pictures. */
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
    /** Draw with 32 bits a channel. Default false. */
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
    /** Tags of the main picture, such as `Copyright` or `Make`. */
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

  /** What the input says of itself. Sizes are before any rotation. */
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
    /** Times an animation is shown, 0 is for ever. */
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
    /** Unit of a TIFF's density. */
    resolutionUnit?: Unit | undefined;
    /** The format, when another library read it. */
    formatMagick?: string | undefined;
    /** The older name of `bitsPerSample`, for pictures with a palette. @deprecated */
    paletteBitDepth?: number | undefined;
    /** Text chunks of a PNG. */
    comments?: CommentsMetadata[] | undefined;
    /** Gain map of an Ultra HDR picture. */
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
    /** One entry a channel. */
    channels: ChannelStats[];
    /** No pixel is transparent. */
    isOpaque: boolean;
    /** Entropy of the grey histogram, in bits. */
    entropy: number;
    /** Standard deviation of the grey picture's Laplacian. */
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
    /** Several scans. Default false. */
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
    /** Fit Huffman tables to the picture. Default true. */
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
    /** Largest error, 0 to 15. Default 1. */
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
    /** Kind of picture. Default `default`. */
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
    /** Bits a sample. Default 8. */
    bitdepth?: 8 | 10 | 12 | undefined;
    /** What to be near to. Default `auto`. */
    tune?: HeifTune | undefined;
  }

  interface HeifOptions extends OutputOptions {
    /** 1 to 100. Default 50. */
    quality?: number | undefined;
    /** Encoder. */
    compression?: HeifCompression | undefined;
    /** Default false. */
    lossless?: boolean | undefined;
    /** CPU effort, 0 to 9. Default 4. */
    effort?: number | undefined;
    /** `4:2:0` or `4:4:4`. Default `4:4:4`. */
    chromaSubsampling?: string | undefined;
    /** Bits a sample. Default 8. */
    bitdepth?: 8 | 10 | 12 | undefined;
    /** What to be near to. Default `auto`. */
    tune?: HeifTune | undefined;
  }

  interface GifOptions extends OutputOptions, AnimationOptions {
    /** Keep the input's palettes. Default true. */
    reuse?: boolean | undefined;
    /** Interlaced. Default false. */
    progressive?: boolean | undefined;
    /** Most colours, 2 to 256. Default 256. */
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
    /** none, jpeg, deflate, packbits, ccittfax4, lzw, webp, zstd or jp2k. Default `jpeg`. */
    compression?: string | undefined;
    /** BigTIFF. Default false. */
    bigtiff?: boolean | undefined;
    /** none, horizontal or float. Default `horizontal`. */
    predictor?: string | undefined;
    /** Several sizes. Default false. */
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
    /** Bits a sample, for grey. */
    bitdepth?: 1 | 2 | 4 | undefined;
    /** 0 is white in a picture of one bit. Default false. */
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
    /** Most colours, 2 to 256; sets `palette`. Default 256. */
    colours?: number | undefined;
    /** The same as `colours`. */
    colors?: number | undefined;
    /** Error diffusion, 0 to 1; sets `palette`. Default 1. */
    dither?: number | undefined;
    /** Times to show, 0 to 65535; 0 is for ever. With `loop` or `delay` a picture of several frames becomes an animated PNG. */
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
    /** Part to keep, or place to put: a position, gravity or strategy. Default `centre`. */
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

  /** An area in whole pixels. */
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
    /** Kind of noise; there is one. */
    type: 'gaussian';
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
    /** The picture is line art. Default false. */
    lineArt?: boolean | undefined;
    /** Pixels to leave around. Default 0. */
    margin?: number | undefined;
  }

  interface RawOptions {
    /** Type of one sample. Default `uchar`. */
    depth?: keyof DepthEnum;
  }

  type Channels = 1 | 2 | 3 | 4;

  /** A name, hexadecimal, `rgb()`, `hsl()` or `hwb()` text, `[r, g, b, alpha]`, or an object such as `{ r, g, b, alpha }`. */
  type ColorLike = string | number | ArrayLike<number> | Record<string, any>;
  type Colour = ColorLike;
  type Color = ColorLike;

  interface Kernel {
    /** 3 to 1001. */
    width: number;
    /** 3 to 1001. */
    height: number;
    /** Width × height values, by rows. */
    kernel: ArrayLike<number>;
    /** Divisor of the sum. Default the sum of the kernel. */
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
    /** Make the picture grey first. Default true. */
    greyscale?: boolean | undefined;
    /** The same as `greyscale`. */
    grayscale?: boolean | undefined;
  }

  interface OverlayOptions extends SharpOptions {
    /** The picture to lay over, or a description of one. */
    input?: string | Buffer | { create: Create } | { text: CreateText } | { raw: CreateRaw } | undefined;
    /** How pixels meet those below. Default `over`. */
    blend?: Blend | undefined;
    /** Where to put it when `left` and `top` are absent. Default `centre`. */
    gravity?: Gravity | undefined;
    /** Pixels from the top. */
    top?: number | undefined;
    /** Pixels from the left. */
    left?: number | undefined;
    /** Repeat over the whole picture. Default false. */
    tile?: boolean | undefined;
    /** Both pictures are premultiplied already. Default false. */
    premultiplied?: boolean | undefined;
  }

  interface TileOptions {
    /** Side in pixels, 1 to 8192. Default 256. */
    size?: number | undefined;
    /** Pixels, 0 to 8192. Default 0. */
    overlap?: number | undefined;
    /** Degrees, a multiple of 90. Default 0. */
    angle?: number | undefined;
    /** Default opaque white. */
    background?: ColorLike | undefined;
    /** onepixel, onetile or one. */
    depth?: string | undefined;
    /** Level below which a tile counts as blank, -1 is never. Default -1. */
    skipBlanks?: number | undefined;
    /** Default `fs`. */
    container?: TileContainer | undefined;
    /** Default `dz`. */
    layout?: TileLayout | undefined;
    /** Centre the picture in its tile. Default false. */
    centre?: boolean | undefined;
    /** The same as `centre`. */
    center?: boolean | undefined;
    /** `@id` of IIIF. */
    id?: string | undefined;
    /** Name of the folder in a zip. */
    basename?: string | undefined;
  }

  interface AnimationOptions {
    /** Times to show, 0 to 65535; 0 is for ever. Default as the input. */
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
    /** Most brightening, 0 to 1000000. Default 10. */
    y2?: number | undefined;
    /** Most darkening, 0 to 1000000. Default 20. */
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
    /** Where `cover` with a strategy cut, as an offset that is not above 0. */
    cropOffsetLeft?: number | undefined;
    /** The same from the top. */
    cropOffsetTop?: number | undefined;
    /** Where trim cut, as an offset that is not above 0. */
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
    /** The whole picture inside both sides; the rest is background. */
    contain: 'contain';
    /** Both sides are filled; what does not fit is cut. */
    cover: 'cover';
    /** Stretched to both sides. */
    fill: 'fill';
    /** As large as it can be with no side above the asked one. */
    inside: 'inside';
    /** As small as it can be with no side below the asked one. */
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
    /** Digital picture, such as a portrait taken inside. */
    picture: 'picture';
    /** Photograph taken outside, by daylight. */
    photo: 'photo';
    /** Drawing by hand or by line, with much contrast. */
    drawing: 'drawing';
    /** Small picture with many colours. */
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
    /** A matrix, no picture. */
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
    /** Whole, 8 bits, signed. */
    char: string;
    /** Two of 32-bit floating point. */
    complex: string;
    /** Floating point, 64 bits. */
    double: string;
    /** Two of 64-bit floating point. */
    dpcomplex: string;
    /** Floating point, 32 bits. */
    float: string;
    /** Whole, 32 bits, signed. */
    int: string;
    /** Whole, 16 bits, signed. */
    short: string;
    /** Whole, 8 bits. */
    uchar: string;
    /** Whole, 32 bits. */
    uint: string;
    /** Whole, 16 bits. */
    ushort: string;
  }

  type FailOnOptions = 'none' | 'truncated' | 'error' | 'warning';
  type TextAlign = 'left' | 'centre' | 'center' | 'right';
  type TextWrap = 'word' | 'char' | 'word-char' | 'none';
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
    /** JPEG. */
    jpeg: AvailableFormatInfo;
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
    /** TIFF. */
    tiff: AvailableFormatInfo;
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
