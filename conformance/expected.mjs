// The differences that a run finds, each image with the words that tell what differs: a key of its metadata, a step of the worker that
// lancet alone `refused` or `read`, or the upper end of the mean by which samples of the step differ (`pixels≤4`).
// A line whose difference is gone makes the run fail, so that it is removed; `run.mjs` prints new ones as they stand here.
export const expected = [
  // On purpose, as docs/differences.md has it.
  {
    reason: 'The peer shows the first picture of an animated PNG alone.',
    pictures: {
      'pillow/Tests/images/apng/blend_op_over.png': 'metadata.pages, metadata.loop, metadata.delay, frames.layout',
      'pillow/Tests/images/apng/blend_op_over_near_transparent.png': 'metadata.pages, metadata.loop, metadata.delay, frames.layout',
      'pillow/Tests/images/apng/blend_op_source_near_transparent.png': 'metadata.pages, metadata.loop, metadata.delay, frames.layout',
      'pillow/Tests/images/apng/blend_op_source_solid.png': 'metadata.pages, metadata.loop, metadata.delay, frames.layout',
      'pillow/Tests/images/apng/blend_op_source_transparent.png': 'metadata.pages, metadata.loop, metadata.delay, frames.layout',
      'pillow/Tests/images/apng/chunk_multi_actl.png': 'metadata.pages, metadata.loop, metadata.delay, frames≤255',
      'pillow/Tests/images/apng/chunk_repeat_fctl.png': 'metadata.pages, metadata.loop, metadata.delay, frames≤255',
      'pillow/Tests/images/apng/delay.png': 'metadata.pages, metadata.loop, metadata.delay, frames.layout',
      'pillow/Tests/images/apng/delay_round.png': 'metadata.pages, metadata.loop, metadata.delay, frames.layout',
      'pillow/Tests/images/apng/delay_short_max.png': 'metadata.pages, metadata.loop, metadata.delay, frames.layout',
      'pillow/Tests/images/apng/delay_zero_denom.png': 'metadata.pages, metadata.loop, metadata.delay, frames.layout',
      'pillow/Tests/images/apng/delay_zero_numer.png': 'metadata.pages, metadata.loop, metadata.delay, frames.layout',
      'pillow/Tests/images/apng/different_durations.png': 'metadata.pages, metadata.loop, metadata.delay, frames.layout',
      'pillow/Tests/images/apng/dispose_op_background.png': 'metadata.pages, metadata.loop, metadata.delay, frames.layout',
      'pillow/Tests/images/apng/dispose_op_background_before_region.png': 'metadata.pages, metadata.loop, metadata.delay, frames.layout',
      'pillow/Tests/images/apng/dispose_op_background_final.png': 'metadata.pages, metadata.loop, metadata.delay, frames.layout',
      'pillow/Tests/images/apng/dispose_op_background_p_mode.png': 'metadata.pages, metadata.loop, metadata.delay',
      'pillow/Tests/images/apng/dispose_op_background_region.png': 'metadata.pages, metadata.loop, metadata.delay, frames.layout',
      'pillow/Tests/images/apng/dispose_op_none.png': 'metadata.pages, metadata.loop, metadata.delay, frames.layout',
      'pillow/Tests/images/apng/dispose_op_none_region.png': 'metadata.pages, metadata.loop, metadata.delay, frames.layout',
      'pillow/Tests/images/apng/dispose_op_previous.png': 'metadata.pages, metadata.loop, metadata.delay, frames.layout',
      'pillow/Tests/images/apng/dispose_op_previous_final.png': 'metadata.pages, metadata.loop, metadata.delay, frames.layout',
      'pillow/Tests/images/apng/dispose_op_previous_first.png': 'metadata.pages, metadata.loop, metadata.delay, frames.layout',
      'pillow/Tests/images/apng/dispose_op_previous_frame.png': 'metadata.pages, metadata.loop, metadata.delay, frames.layout',
      'pillow/Tests/images/apng/dispose_op_previous_region.png': 'metadata.pages, metadata.loop, metadata.delay, frames.layout',
      'pillow/Tests/images/apng/fctl_actl.png': 'metadata.pages, metadata.loop, metadata.delay, frames.layout',
      'pillow/Tests/images/apng/mode_16bit.png': 'metadata.pages, metadata.loop, metadata.delay, frames.layout',
      'pillow/Tests/images/apng/mode_grayscale.png': 'metadata.pages, metadata.loop, metadata.delay, frames.layout',
      'pillow/Tests/images/apng/mode_grayscale_alpha.png': 'metadata.pages, metadata.loop, metadata.delay, frames.layout',
      'pillow/Tests/images/apng/mode_palette.png': 'metadata.pages, metadata.loop, metadata.delay, frames.layout',
      'pillow/Tests/images/apng/mode_palette_1bit_alpha.png': 'metadata.pages, metadata.loop, metadata.delay, frames.layout',
      'pillow/Tests/images/apng/mode_palette_alpha.png': 'metadata.pages, metadata.loop, metadata.delay, frames.layout',
      'pillow/Tests/images/apng/num_plays.png': 'metadata.pages, metadata.loop, metadata.delay, frames.layout',
      'pillow/Tests/images/apng/num_plays_1.png': 'metadata.pages, metadata.loop, metadata.delay, frames.layout',
      'pillow/Tests/images/apng/sequence_fdat_fctl.png': 'metadata.pages, metadata.loop, metadata.delay, frames.layout',
      'pillow/Tests/images/apng/sequence_gap.png': 'metadata.pages, metadata.loop, metadata.delay, frames.layout',
      'pillow/Tests/images/apng/sequence_reorder.png': 'metadata.pages, metadata.loop, metadata.delay, frames.layout',
      'pillow/Tests/images/apng/sequence_repeat.png': 'metadata.pages, metadata.loop, metadata.delay, frames.layout',
      'pillow/Tests/images/apng/sequence_repeat_chunk.png': 'metadata.pages, metadata.loop, metadata.delay, frames.layout',
      'pillow/Tests/images/apng/sequence_start.png': 'metadata.pages, metadata.loop, metadata.delay, frames.layout',
      'pillow/Tests/images/apng/single_frame.png': 'metadata.pages, metadata.loop, metadata.delay',
      'pillow/Tests/images/apng/single_frame_default.png': 'metadata.pages, metadata.loop, metadata.delay, frames≤255',
      'pillow/Tests/images/apng/split_fdat.png': 'metadata.pages, metadata.loop, metadata.delay, frames≤255',
      'pillow/Tests/images/apng/split_fdat_zero_chunk.png': 'metadata.pages, metadata.loop, metadata.delay, frames≤255',
      'pillow/Tests/images/apng/syntax_num_frames_low.png': 'metadata.pages, metadata.loop, metadata.delay, frames≤255',
      'pillow/Tests/images/blend_transparency.png': 'metadata.pages, metadata.loop, metadata.delay, frames.layout',
      'pillow/Tests/images/iss634.apng': 'metadata.pages, metadata.loop, metadata.delay, frames.layout',
      'png-stream/test/images/chompy.png': 'metadata.pages, metadata.loop, metadata.delay, frames.layout'
    }
  },
  {
    reason: 'Edges of an SVG differ by less than a pixel, of which a thumbnail has little else.',
    pictures: {
      'svglib/tests/samples/misc/car.svg': 'thumbnail≤16',
      'svglib/tests/samples/misc/python221imap.svg': 'thumbnail≤16'
    }
  },
  {
    reason: 'CMYK without a profile comes out within 1 of 255 on average, and these pictures have few colours.',
    pictures: {
      'hachoir/tests/files/green_fire.jpg': 'pixels≤4',
      'weasyprint/tests/resources/cmyk_without_icc.jpg': 'pixels≤4, thumbnail≤4'
    }
  },
  {
    reason: 'The peer refuses L*a*b* of 8 bits.',
    pictures: {
      'pillow/Tests/images/hopper.Lab.tif': 'metadata read, pixels read, frames read, thumbnail read',
      'pillow/Tests/images/lab-green.tif': 'metadata read, pixels read, frames read, thumbnail read',
      'pillow/Tests/images/lab-red.tif': 'metadata read, pixels read, frames read, thumbnail read',
      'pillow/Tests/images/lab.tif': 'metadata read, pixels read, frames read, thumbnail read'
    }
  },
  {
    reason: 'The peer refuses planes in tiles.',
    pictures: {
      'pillow/Tests/images/tiff_tiled_planar_16bit_RGB.tiff': 'pixels read, frames read, thumbnail read',
      'pillow/Tests/images/tiff_tiled_planar_16bit_RGBa.tiff': 'pixels read, frames read, thumbnail read',
      'pillow/Tests/images/tiff_tiled_planar_lzw.tiff': 'pixels read, frames read, thumbnail read',
      'pillow/Tests/images/tiff_tiled_planar_raw.tif': 'pixels read, frames read, thumbnail read'
    }
  },
  {
    reason: 'The peer refuses a TIFF for odd tags, which do not keep lancet from its pixels.',
    pictures: {
      'pillow/Tests/images/hopper_float_dpi_None.tif': 'pixels read, frames read',
      'pillow/Tests/images/multipage_multiple_frame_loop.tiff': 'pixels read, frames read',
      'pillow/Tests/images/multipage_single_frame_loop.tiff': 'pixels read, frames read',
      'pillow/Tests/images/tiff_overflow_rows_per_strip.tif': 'pixels read, frames read, thumbnail≤255',
      'pillow/Tests/images/tiff_wrong_bits_per_sample.tiff': 'pixels read, frames read',
      'pillow/Tests/images/tiff_wrong_bits_per_sample_2.tiff': 'pixels read, frames read',
      'pillow/Tests/images/tiff_wrong_bits_per_sample_3.tiff': 'pixels read, frames read',
      'pygame/examples/data/turquoise.tif': 'pixels read, frames read'
    }
  },
  {
    reason: 'Samples of a TIFF below zero are read as 0; the alpha that the peer adds to them is 127.',
    pictures: {
      'pillow/Tests/images/16bit.s.tif': 'frames≤64',
      'pillow/Tests/images/8bit.s.tif': 'frames≤64, thumbnail≤16'
    }
  },
  {
    reason: "With failOn: 'none', lancet every row of a damaged PNG that can be decoded is shown.",
    pictures: {
      'pillow/Tests/images/broken_data_stream.png': 'thumbnail≤16',
      'pillow/Tests/images/truncated_image.png': 'thumbnail≤16',
      'png-stream/test/images/broken.png': 'thumbnail≤64'
    }
  },
  {
    reason: 'A JPEG of 12 bits is refused when it is opened.',
    pictures: {
      'simplejpeg/lib/libjpeg-turbo-3.1.2/testimages/testorig12.jpg': 'metadata refused'
    }
  },
  // What sharp gets wrong.
  {
    reason: 'The peer turns the picture before it enlarges the chroma: its first column has wrong colours, and edges differ by a little.',
    pictures: {
      'pillow/Tests/images/avif/rot0mir0.avif': 'pixels≤1, frames≤1',
      'pillow/Tests/images/avif/rot0mir1.avif': 'pixels≤1, frames≤1',
      'pillow/Tests/images/avif/rot1mir0.avif': 'pixels≤1, frames≤1',
      'pillow/Tests/images/avif/rot1mir1.avif': 'pixels≤1, frames≤1',
      'pillow/Tests/images/avif/rot2mir0.avif': 'pixels≤1, frames≤1',
      'pillow/Tests/images/avif/rot2mir1.avif': 'pixels≤1, frames≤1',
      'pillow/Tests/images/avif/rot3mir0.avif': 'pixels≤1, frames≤1',
      'pillow/Tests/images/avif/rot3mir1.avif': 'pixels≤1, frames≤1'
    }
  },
  {
    reason: 'The peer takes AV1 for HEVC where the brand of the file is mif1.',
    pictures: {
      'imagesize/test/images/test-rotated.avif': 'metadata.mediaType, metadata.compression',
      'imagesize/test/images/test.avif': 'metadata.mediaType, metadata.compression'
    }
  },
  {
    reason: 'A clip path has a polygon of each fill rule, and the peer takes one rule for both.',
    pictures: {
      'svglib/tests/samples/clipping/mixed-fill-rule.svg': 'pixels≤4, frames≤4'
    }
  },
  {
    reason: 'All samples of 32 bits are far above white; the peer takes those of the upper half for negative ones, black.',
    pictures: {
      'pillow/Tests/images/hopper_unknown_pixel_mode.tif': 'pixels≤255, frames≤64, thumbnail≤255'
    }
  },
  {
    reason: 'Neither decodes old JPEG in TIFF; the peer tells of an alpha channel that its three samples have not.',
    pictures: {
      'pillow/Tests/images/old-style-jpeg-compression-no-samplesperpixel.tif': 'metadata.channels, metadata.hasAlpha'
    }
  },
  // What lancet does worse: these lines are to go.
  {
    reason: 'lancet refuses the header of a HEIF with HEVC, which neither decodes.',
    pictures: {
      'pillow-heif/tests/images/heif_other/invalid_id.heic': 'metadata refused',
      'pillow-heif/tests/images/heif_other/nokia/alpha.heic': 'metadata refused'
    }
  },
  {
    reason: 'lancet tells the header of a damaged HEIF with HEVC, which neither decodes.',
    pictures: {
      'pillow-heif/tests/images/heif_corrupted/corrupted.hif': 'metadata read'
    }
  },
  {
    reason: 'lancet does not know the gain map in an MPO of Apple.',
    pictures: {
      'pillow/Tests/images/frame_size.mpo': 'metadata.chromaSubsampling, metadata.gainMap'
    }
  },
  {
    reason: 'lancet refuses an animated PNG whose data chunks are out of order, where the peer never looks at them.',
    pictures: {
      'pillow/Tests/images/apng/sequence_reorder_chunk.png': 'metadata.pages, metadata.loop, metadata.delay, frames refused'
    }
  },
  {
    reason: "lancet shows one colour for old JPEG in TIFF with failOn: 'none', which the peer refuses.",
    pictures: {
      'pillow/Tests/images/old-style-jpeg-compression.tif': 'metadata.channels, metadata.hasAlpha, thumbnail read'
    }
  }
];

/** How many images of a corpus lancet alone reads: without the number, one that it no longer reads would pass as refused by both. */
export const alone = {
  pillow: 131,
  'pillow-jxl-plugin': 7,
  wand: 3,
  simplejpeg: 8,
  pygame: 7,
  imread: 2,
  imagesize: 9,
  puremagic: 3,
  filetype: 1,
  hachoir: 5,
  'python-docx': 3,
  qoi: 2,
  'bmp-js': 26
};
