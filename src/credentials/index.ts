// Everything that only a stored login needs, as one chunk of the bundle.
export { fetchBalanceByLogin } from './gate.ts';
export { runLogin } from './login.ts';
