import { connectEarly } from './early.ts';
import { isWrong } from './failure.ts';
import { readInputs } from './inputs.ts';
import { mask } from './secrets.ts';

// What the runner starts: what must be there before the first packet is out. All else is loaded while that one travels.

// A promise that never settles ends the process with the code that stands here; a report that passes clears it last.
process.exitCode = 1;

// Whatever was to be done or written is by then.
process.once('beforeExit', () => process.exit());

// A log that nobody takes any more loses its lines, and nothing else: unheard, this error would end the process.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

run()
  .catch(async (error) => {
    const { printBug } = await loadLate();
    printBug(error);
  })
  .finally(() => {
    // With the log written, too, all that is left is to close connections and to take Node's own machinery down: 4 ms.
    if (process.stdout.writableLength === 0) process.exit();
  });

/**
 * One bundle for both actions, because every job downloads all of it: login/index.cjs asks for the login by a last argument,
 * behind those of whatever has started it.
 */
async function run(): Promise<void> {
  if (process.argv.at(-1) === 'login') {
    const { runLogin } = await loadLate();
    return runLogin();
  }
  const inputs = readInputs(process.env, mask);
  const willAsk = !isWrong(inputs) && inputs.credentials.kind !== 'none';
  // What is wrong with the surroundings is told by the request that meets it.
  const early = willAsk ? await connectEarly(inputs.apiUrl).catch(() => undefined) : undefined;
  const { runGate } = await loadLate();
  return runGate(inputs, early);
}

function loadLate() {
  return import(/* webpackChunkName: "late" */ './late.ts');
}
