// Everything that only a stored login needs, as one chunk of the bundle.
export { runLogin } from './login.ts';
export { readStoredBalance } from './stored-balance.ts';
