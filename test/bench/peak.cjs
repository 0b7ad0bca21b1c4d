// Preloaded by -r: ends stderr with the peak memory of this process, in KiB.
const { readFileSync, writeSync } = require('node:fs');

process.on('exit', () => writeSync(2, `\n${readPeak()}\n`));

function readPeak() {
  // On Linux maxRSS also counts what the parent held when it started this process; VmHWM begins anew at exec.
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS;
  return /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))[1];
}
