const { isAboutFormats } = require('./groups');
const { compare } = require('./suite');

compare(group => !isAboutFormats(group));
