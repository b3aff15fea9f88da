// One image in a process of its own: node child.cjs <module> <input> <width> <format>. A module of '-' is bare node.
// Says that it is ready as soon as the image is made, then how much memory the process held at most, in KiB.
const [module_, input, width, format] = process.argv.slice(2);

const fs = require('node:fs');

/** In KiB. What Linux reports as maxRSS is no less than the memory of the process that started this one. */
function peakMemory() {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS;
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(fs.readFileSync('/proc/self/status', 'utf8'))[1]);
}

const report = () => {
  const { userCPUTime, systemCPUTime } = process.resourceUsage();
  fs.writeSync(1, `${JSON.stringify({ peak: peakMemory(), cpu: (userCPUTime + systemCPUTime) / 1000 })}\n`);
};

if (module_ === '-') {
  report();
} else {
  const image = require(module_);
  image.cache(false);
  image.concurrency(1);
  image(input).resize(Number(width))[format]().toBuffer().then(report);
}
