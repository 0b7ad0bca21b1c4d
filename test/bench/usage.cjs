// Preloaded by -r: ends stderr with the peak memory of this process in KiB, and the CPU time that it took in ms.
const { readFileSync, writeSync } = require('node:fs');

process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  writeSync(2, `\n${readPeak()} ${(user + system) / 1000}\n`);
});

function readPeak() {
  // On Linux maxRSS also counts what the parent held when it started this process; VmHWM begins anew at exec.
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS;
  return /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))[1];
}
