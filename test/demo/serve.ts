import { startFaultyServer } from '../support/faulty-server.ts';
import { withBalance } from '../support/local-api.ts';
import { SITUATIONS } from './situations.ts';

// Every situation at once, for workflows that try the action by `uses: ./`: api-url http://127.0.0.1:PORT/low and so on.
const port = Number(process.argv[2] ?? 8787);
await startFaultyServer({
  port,
  act: ({ path }) => withBalance(SITUATIONS[path.split('/')[1] ?? '']?.answer ?? { status: 404 }),
});
console.log(`Serving ${Object.keys(SITUATIONS).join(', ')} on port ${port}.`);
