// @actions/core imports @actions/exec (45 kB with @actions/io, and node:child_process) for platform.getDetails(), which
// this action never calls. See CONTRIBUTING.md, "Why three packages are stubs".
export function getExecOutput() {
  throw new Error('@actions/exec is not part of this bundle: see CONTRIBUTING.md');
}
