import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PICTURES, readPictured } from '../test/support/pictured.ts';
import { withText } from '../test/support/png-text.ts';

// `npm run pictures`: the pictures of the README, from what the built action says now. Needs Chromium (Debian's package,
// or another by the variable CHROMIUM). CI does not need it: a test compares the text that each picture carries.

const WIDTH = 480;
const SCHEMES = {
  light: { page: '#ffffff', head: '#f6f8fa', line: '#d1d9e0', text: '#1f2328', faint: '#59636e', link: '#0969da' },
  dark: { page: '#0d1117', head: '#151b23', line: '#3d444d', text: '#f0f6fc', faint: '#9198a1', link: '#4493f8' },
};

const target = join(import.meta.dirname, '../docs/pictures');
const folder = mkdtempSync(join(tmpdir(), 'parallel-balance-pictures-'));
try {
  mkdirSync(target, { recursive: true });
  const pictured = await readPictured();
  for (const name of PICTURES) {
    for (const [scheme, colours] of Object.entries(SCHEMES)) {
      const png = takePicture(renderPage(pictured[name], colours));
      writeFileSync(join(target, `${name}-${scheme}.png`), withText(png, pictured[name]));
    }
  }
} finally {
  rmSync(folder, { recursive: true });
}

function takePicture(html: string): Buffer {
  const [page, png] = [join(folder, 'page.html'), join(folder, 'page.png')];
  writeFileSync(page, html);
  const height = /data-height="(\d+)"/.exec(startChromium('--dump-dom', page))?.[1];
  if (height === undefined) throw new Error('Chromium did not measure the page');
  startChromium(`--window-size=${WIDTH},${height}`, `--screenshot=${png}`, page);
  return readFileSync(png);
}

function startChromium(...args: string[]): string {
  const common = ['--headless', '--no-sandbox', '--hide-scrollbars', '--force-device-scale-factor=1.5'];
  const settings = [...common, '--default-background-color=00000000', `--user-data-dir=${join(folder, 'profile')}`];
  const { error, status, stdout, stderr } = spawnSync(process.env['CHROMIUM'] ?? 'chromium', [...settings, ...args], {
    encoding: 'utf8',
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

/** The page of a run on GitHub, as far as a job's summary goes. */
function renderPage(markdown: string, colours: (typeof SCHEMES)['light']): string {
  const { page, head, line, text, faint, link } = colours;
  return `<!doctype html>
<meta charset="utf-8">
<style>
  * { box-sizing: border-box; margin: 0; }
  body { width: ${WIDTH}px; color: ${text}; font: 14px/1.5 -apple-system, 'Segoe UI', 'Noto Sans', Helvetica, Arial, sans-serif; }
  main { border: 1px solid ${line}; border-radius: 6px; background: ${page}; overflow: hidden; }
  header, footer { padding: 12px 16px; }
  header { background: ${head}; border-bottom: 1px solid ${line}; font-weight: 600; }
  footer { color: ${faint}; font-size: 12px; padding-top: 0; }
  article { padding: 16px 16px 4px; }
  h3 { font-size: 1.25em; line-height: 1.25; margin-bottom: 16px; }
  p, table { margin-bottom: 16px; }
  table { border-collapse: collapse; }
  th, td { padding: 5px 13px; border: 1px solid ${line}; text-align: left; }
  tr:nth-child(even) { background: ${head}; }
  a { color: ${link}; }
</style>
<main><header>gate summary</header><article>${renderMarkdown(markdown)}</article>
<footer>Job summary generated at run-time</footer></main>
<script>document.documentElement.dataset.height = Math.ceil(document.querySelector('main').getBoundingClientRect().height)</script>`;
}

/** The Markdown that a summary is made of: a heading, paragraphs, and a table. Throws on anything else. */
function renderMarkdown(markdown: string): string {
  return markdown
    .trim()
    .split('\n\n')
    .map((block) => {
      const [, heading] = /^### (.+)$/.exec(block) ?? [];
      if (heading !== undefined) return `<h3>${renderText(heading)}</h3>`;
      const [, bold] = /^\*\*(.+)\*\*$/.exec(block) ?? [];
      if (bold !== undefined) return `<p><strong>${renderText(bold)}</strong></p>`;
      if (block.startsWith('| ')) return renderTable(block.split('\n'));
      if (/^[#>|`\-*]|\n/.test(block)) throw new Error(`no summary has this Markdown: ${block}`);
      return `<p>${renderText(block)}</p>`;
    })
    .join('\n');
}

function renderTable([header = '', , ...rows]: string[]): string {
  const renderRow = (row: string, cell: string) => {
    const values = row.replace(/^\| | \|$/g, '').split(' | ');
    return `<tr>${values.map((value) => `<${cell}>${renderText(value)}</${cell}>`).join('')}</tr>`;
  };
  return `<table>${renderRow(header, 'th')}${rows.map((row) => renderRow(row, 'td')).join('')}</table>`;
}

function renderText(text: string): string {
  const plain = text.replace(/\\([\\`*[\]<>|&])/g, '$1');
  const html = plain.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return html.replace(/https:\/\/[^\s<]+[^\s<.,;:)]/g, (url) => `<a href="${url}">${url}</a>`);
}
