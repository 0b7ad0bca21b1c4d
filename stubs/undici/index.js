// @actions/http-client imports undici (940 kB, 45 ms at every start) for one method, getAgentDispatcher(),
// which this action never calls: proxies go through `tunnel`. See CONTRIBUTING.md, "Why undici is a stub".
export class ProxyAgent {
  constructor() {
    throw new Error('undici is not part of this bundle: see CONTRIBUTING.md');
  }
}
