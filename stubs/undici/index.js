// @actions/http-client imports undici (940 kB, 45 ms at every start) for one method, getAgentDispatcher(),
// which this action never calls: proxies go through `src/tunnel.ts`. See CONTRIBUTING.md, "Why three packages are stubs".
export class ProxyAgent {
  constructor() {
    throw new Error('undici is not part of this bundle: see CONTRIBUTING.md');
  }
}
