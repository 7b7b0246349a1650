// Packs the npm packages into static/vendor, as ES modules and styles that a browser can keep for good.
//
// File names carry a hash of their content. manifest.json says which file stands for which name:
//   modules  bare name -> file, for the page's import map
//   styles   path in its package -> file, for the page's <link> elements
//   shared   files that several modules import, worth a <link rel="modulepreload">

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
process.env.NODE_ENV = 'production';

const folder = 'static/vendor';
const require = createRequire(import.meta.url);

/** @type {Record<string, string>} what a page may import, and the source that gives it */
const modules = {
  '@dagrejs/dagre': `export * from '@dagrejs/dagre'; export { default } from '@dagrejs/dagre';`,
  '@xyflow/react': `export * from '@xyflow/react';`,
  'htmx.org': `export { default } from 'htmx.org';`,
  react: fromCommonJs('react'),
  'react-dom': fromCommonJs('react-dom'),
  'react-dom/client': fromCommonJs('react-dom/client'),
  uplot: `export { default } from 'uplot';`,
};

/** @type {Record<string, string>} what a page may link, and the source that gives it */
const styles = {
  '@xyflow/react/dist/style.css': `@import '@xyflow/react/dist/style.css';`,
  'uplot/dist/uPlot.min.css': `@import 'uplot/dist/uPlot.min.css';`,
};

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const { inputs, outputs } = await pack();
writeFileSync(`${folder}/LICENSES.txt`, licences(Object.keys(inputs)));
writeFileSync(`${folder}/manifest.json`, `${JSON.stringify(manifest(), null, 2)}\n`);

/**
 * React is CommonJS, which has no export statements, so its names are spelled out here.
 * @param {string} name
 */
function fromCommonJs(name) {
  const names = Object.keys(require(name)).filter((key) => key !== 'default');
  return `import all from '${name}'; export default all; export const { ${names.join(', ')} } = all;`;
}

/** Writes the packed files and answers which files went in and came out. */
async function pack() {
  const names = Object.keys({ ...modules, ...styles });
  const { metafile } = await build({
    entryPoints: names.map((name) => ({ in: `entry:${name}`, out: fileName(name) })),
    plugins: [{ name: 'entry', setup: serveEntries }],
    outdir: folder,
    entryNames: '[name]-[hash]',
    chunkNames: 'shared-[hash]',
    format: 'esm',
    target: 'es2022',
    bundle: true,
    splitting: true,
    minify: true,
    define: { 'process.env.NODE_ENV': '"production"' },
    legalComments: 'linked',
    metafile: true,
  });
  return metafile;
}

/**
 * Hands esbuild the sources above, as if each were a file.
 * @param {import('esbuild').PluginBuild} setup
 */
function serveEntries({ onResolve, onLoad }) {
  onResolve({ filter: /^entry:/ }, ({ path }) => ({ path: path.slice('entry:'.length), namespace: 'entry' }));
  onLoad({ filter: /./, namespace: 'entry' }, ({ path }) => ({
    contents: modules[path] ?? styles[path],
    loader: path in styles ? 'css' : 'js',
    resolveDir: process.cwd(),
  }));
}

/**
 * '@xyflow/react/dist/style.css' -> 'xyflow-react-dist-style'; esbuild adds the hash and the ending.
 * @param {string} name
 */
function fileName(name) {
  return name
    .replace(/^@|\.css$/g, '')
    .replaceAll('/', '-')
    .replaceAll('.', '-');
}

/** The packed file behind each name. */
function manifest() {
  const files = Object.entries(outputs).map(([path, { entryPoint }]) => [entryPoint, basename(path)]);
  const fileOf = Object.fromEntries(files.map(([entry, file]) => [entry?.slice('entry:'.length), file]));
  /** @param {Record<string, string>} sources */
  const named = (sources) => Object.fromEntries(Object.keys(sources).map((name) => [name, fileOf[name]]));
  return {
    modules: named(modules),
    styles: named(styles),
    shared: files.filter(([entry, file]) => !entry && file?.endsWith('.js')).map(([, file]) => file),
  };
}

/**
 * The licence of every package that went in, as each of them asks.
 * @param {string[]} paths
 */
function licences(paths) {
  const packages = paths.flatMap((path) => path.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1] ?? []);
  return [...new Set(packages)].sort().map(licence).join('\n');
}

/** @param {string} name */
function licence(name) {
  const home = `node_modules/${name}`;
  const { version } = JSON.parse(readFileSync(`${home}/package.json`, 'utf8'));
  const file = readdirSync(home).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file) throw new Error(`${name} has no licence file; see what it asks for before it is shipped.`);
  return `${name} ${version}\n\n${readFileSync(`${home}/${file}`, 'utf8').trim()}\n`;
}
