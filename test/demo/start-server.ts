import { spawn } from 'node:child_process';
import { join } from 'node:path';

// `node test/demo/start-server.ts 8787`: serve.ts in a session of its own, because some runners end what a step leaves
// behind. Prints `pid=…` once it listens, for the step that ends it.

const serve = join(import.meta.dirname, 'serve.ts');
const server = spawn(process.execPath, [serve, ...process.argv.slice(2)], {
  detached: true,
  stdio: ['ignore', 'pipe', 'ignore'],
});
server.once('exit', (code) => {
  throw new Error(`the server ended with ${code}`);
});
server.stdout.once('data', () => {
  console.log(`pid=${server.pid}`);
  process.exit();
});
