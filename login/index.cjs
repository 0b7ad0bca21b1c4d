// Starts the login. The gate and the login are one bundle, because every job downloads all of it.
process.argv.push('login');
require('../dist/index.js');
