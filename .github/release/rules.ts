// What a release must agree with, and what it says. Pure: the edges are the other files of this folder.

/** Stands in the place of the owner until `npm run publish-as` has set it. */
export const OWNER_PLACEHOLDER = 'OWNER';

/** Stands in CODEOWNERS until somebody has put a user or a team there. */
export const CODE_OWNER_PLACEHOLDER = '@CODEOWNER';

/** What a commit and its repository say about themselves. */
export interface Facts {
  /** The version that each file names. */
  readonly versions: Readonly<Record<string, string | undefined>>;
  readonly changelog: string;
  /** `owner/name` as the code has it. */
  readonly repository: string;
  /** `owner/name` of the repository that the workflow runs in; nothing on a maintainer's machine. */
  readonly runsIn: string | undefined;
  readonly packageLinks: Readonly<Record<string, string | undefined>>;
  /** The files that still hold the placeholder of the owner. */
  readonly withoutOwner: readonly string[];
  readonly codeOwners: string;
  readonly isOnMain: boolean;
  /** The tags at other commits. */
  readonly tagsElsewhere: readonly string[];
}

/** `0.2.0` or `v0.2.0` → `0.2.0`. Throws on anything else: there are no pre-releases here. */
export function parseVersion(text: string | undefined): string {
  const [, version] = /^v?((?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*)){2})$/.exec(text ?? '') ?? [];
  if (version === undefined) throw new Error(`${JSON.stringify(text ?? '')} is no version such as 0.2.0`);
  return version;
}

/** The tag that users follow: `v0` while releases are 0.x. */
export function majorTag(version: string): string {
  return `v${version.split('.')[0]}`;
}

/** The changelog's section of `version`, without its heading; `date` is missing where it is not released yet. */
export function changelogSection(changelog: string, version: string): { date?: string; text: string } | undefined {
  for (const section of changelog.split(/^## /m).slice(1)) {
    const [heading = '', ...lines] = section.split('\n');
    const [, of, state = ''] = /^(\S+) \((.+)\)$/.exec(heading) ?? [];
    const text = lines.join('\n').trim();
    if (of === version) return /^\d{4}-\d\d-\d\d$/.test(state) ? { date: state, text } : { text };
  }
  return undefined;
}

/** Everything that keeps this commit from being released as `version`, a sentence each. */
export function problems(version: string, facts: Facts): string[] {
  const section = changelogSection(facts.changelog, version);
  const url = `https://github.com/${facts.repository}`;
  const links = { repository: `git+${url}.git`, bugs: `${url}/issues` };
  const newer = facts.tagsElsewhere.filter((tag) => /^v\d+\.\d+\.\d+$/.test(tag) && compare(tag.slice(1), version) > 0);
  return [
    ...Object.entries(facts.versions)
      .filter(([, found]) => found !== version)
      .map(([file, found]) => `${file} says ${found ?? 'no version'}, not ${version}.`),
    section?.date === undefined && `CHANGELOG.md has no heading "## ${version} (YYYY-MM-DD)".`,
    section?.text === '' && `CHANGELOG.md says nothing about ${version}.`,
    ...facts.withoutOwner.map((file) => `${file} still names no owner: npm run publish-as -- my-org`),
    facts.codeOwners.includes(CODE_OWNER_PLACEHOLDER) &&
      `.github/CODEOWNERS still says ${CODE_OWNER_PLACEHOLDER}: put a user or a team with write access there.`,
    facts.runsIn !== undefined &&
      facts.runsIn !== facts.repository &&
      `This runs in ${facts.runsIn}, and the code says ${facts.repository}.`,
    ...Object.entries(links)
      .filter(([field, link]) => facts.packageLinks[field] !== link)
      .map(([field, link]) => `${field} in package.json is not ${link}.`),
    !facts.isOnMain && 'The commit is not on main.',
    facts.tagsElsewhere.includes(`v${version}`) && `The tag v${version} exists, at another commit.`,
    ...newer.map((tag) => `${tag} is out: ${majorTag(version)} must not go back to ${version}.`),
  ].filter((problem) => problem !== false);
}

/** The text of the GitHub Release: what the changelog says, how to pin it, and why the zip has no source. */
export function releaseNotes(version: string, commit: string, { changelog, repository }: Facts): string {
  const tag = `v${version}`;
  const url = `https://github.com/${repository}`;
  return `${changelogSection(changelog, version)?.text}

Pinned by commit: \`uses: ${repository}@${commit} # ${tag}\`

**Where is the source?** "Source code (zip)" and "(tar.gz)" below are what a runner downloads for every job, so
[.gitattributes](${url}/blob/${tag}/.gitattributes) keeps out of them what does not run: src, tests and documents. All of it
is in [the tree of ${tag}](${url}/tree/${tag}) and in \`git clone --branch ${tag} ${url}\`; a build of it gives exactly the
dist that is here.
`;
}

/** Orders two versions: below 0 where `a` is the older one. */
function compare(a: string, b: string): number {
  const [numbers, others] = [a, b].map((version) => version.split('.').map(Number));
  const differences = (numbers ?? []).map((number, index) => number - (others?.[index] ?? 0));
  return differences.find((difference) => difference !== 0) ?? 0;
}
