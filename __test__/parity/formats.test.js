const { isAboutFormats } = require('./groups');
const { checkTables, compare } = require('./suite');

checkTables();
compare(isAboutFormats);
