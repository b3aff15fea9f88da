module.exports = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/__test__/**/*.test.js'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/target/', '<rootDir>/.toolchain/'],
  // Native work on two cores: more workers would only wait for each other.
  maxWorkers: 2
};
