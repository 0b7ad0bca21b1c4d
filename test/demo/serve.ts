import { createServer } from 'node:http';
import { answerWith } from '../support/local-api.ts';
import { SITUATIONS } from './situations.ts';

// Every situation at once, for workflows that try the action by `uses: ./`: api-url http://127.0.0.1:PORT/low and so on.
const port = Number(process.argv[2] ?? 8787);
createServer((request, response) => {
  const situation = SITUATIONS[request.url?.split('/')[1] ?? ''];
  answerWith(situation?.answer ?? { status: 404 }, response);
}).listen(port, '127.0.0.1', () => console.log(`Serving ${Object.keys(SITUATIONS).join(', ')} on port ${port}.`));
