// @actions/http-client goes through a proxy by the package tunnel, which does not fit Node any more. This action has a
// tunnel of its own, src/tunnel.ts, and never shows the client a proxy. See CONTRIBUTING.md, "Why three packages are stubs".
export function httpOverHttp() {
  throw new Error('tunnel is not part of this bundle: see CONTRIBUTING.md');
}

export const httpsOverHttp = httpOverHttp;
export const httpOverHttps = httpOverHttp;
export const httpsOverHttps = httpOverHttp;
