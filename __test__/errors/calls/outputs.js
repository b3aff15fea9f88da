'use strict';

// Places in calls about output that belong to no format. `_` in the arguments is where the wrong value goes.

const _ = require('../place.js');

module.exports = {
  withDensity: [[_]],
  keepExif: [[_]],
  withExif: [[_], [{ IFD0: _ }], [{ IFD0: { Copyright: _ } }]],
  withExifMerge: [[_], [{ IFD0: _ }], [{ IFD3: { GPSLatitude: _ } }]],
  keepIccProfile: [[_]],
  withIccProfile: [[_], ['p3', _], ['p3', { attach: _ }]],
  keepGainMap: [[_]],
  withGainMap: [[_]],
  keepXmp: [[_]],
  withXmp: [[_]],
  keepMetadata: [[_]],
  withMetadata: [
    [_], [{ orientation: _ }], [{ density: _ }], [{ icc: _ }], [{ exif: _ }], [{ exif: { IFD0: _ } }], [{ exif: { IFD0: { Copyright: _ } } }]
  ],
  toFormat: [[_], [{ id: _ }], ['png', _], ['jpeg', { quality: _ }], ['JPG', { progressive: _ }]],
  timeout: [[_], [{ seconds: _ }]]
};
