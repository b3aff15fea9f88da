module.exports = { roots: ['<rootDir>/__test__'] };
