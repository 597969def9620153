import { createHash } from 'node:crypto';
import path from 'node:path';
import { build } from 'esbuild';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { render } from '../../core/language/render.ts';
import { languages, type Language } from '../../core/language/reply.ts';
import { en } from '../../core/language/texts/en.ts';

/** What the page needs of a Content-Security-Policy: its own script and style, pictures as data. */
export const contentSecurityPolicy = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'", 'data:'],
  connectSrc: ["'self'"],
  baseUri: ["'none'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
};

/** Bundles the page and serves it: there is no build step, and nothing generated is kept. */
export async function pageRoutes(app: FastifyInstance): Promise<void> {
  const { script, style } = await bundle();
  const version = createHash('sha256').update(script).update(style).digest('hex').slice(0, 16);
  const html = shell(version);
  app.get('/', (_request, reply) =>
    reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(html),
  );
  app.get('/chat.js', (_request, reply) => asset('text/javascript', script, reply));
  app.get('/chat.css', (_request, reply) => asset('text/css', style, reply));

  function asset(type: string, body: string, reply: FastifyReply) {
    return reply
      .type(`${type}; charset=utf-8`)
      .header('cache-control', 'public, max-age=31536000, immutable')
      .send(body);
  }
}

async function bundle(): Promise<{ script: string; style: string }> {
  const { outputFiles } = await build({
    entryPoints: ['main.ts', 'page.css'].map((file) => path.join(import.meta.dirname, 'page', file)),
    bundle: true,
    minify: true,
    write: false,
    outdir: 'page',
    format: 'iife',
    target: ['chrome100', 'firefox100', 'safari15'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    logLevel: 'silent',
  });
  const of = (extension: string) => outputFiles.find((file) => file.path.endsWith(extension))?.text ?? '';
  return { script: of('.js'), style: of('.css') };
}

/** The page's own strings, by key without its prefix. */
function pageTexts(language: Language): Record<string, string> {
  const keys = Object.keys(en).filter((key) => key.startsWith('page.'));
  return Object.fromEntries(keys.map((key) => [key.slice('page.'.length), render({ key }, language)]));
}

const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="9" fill="#5b5bd6"/><path d="M16 6.5a6.2 6.2 0 0 0-6.2 6.2v4.1L8 20.3c-.4.8.1 1.7 1 1.7h14c.9 0 1.4-.9 1-1.7l-1.8-3.5v-4.1A6.2 6.2 0 0 0 16 6.5Z" fill="#fff"/><path d="M13.2 23.6a2.9 2.9 0 0 0 5.6 0Z" fill="#ffd66b"/></svg>`;

function shell(version: string): string {
  const texts = Object.fromEntries(languages.map((language) => [language, pageTexts(language)]));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content">
<meta name="color-scheme" content="light dark">
<meta name="theme-color" content="#f6f6fb" media="(prefers-color-scheme: light)">
<meta name="theme-color" content="#14151d" media="(prefers-color-scheme: dark)">
<meta name="description" content="Coursebell, a learning assistant: ask for courses, keep your progress, get a reason for each recommendation.">
<title>Coursebell</title>
<link rel="icon" href="data:image/svg+xml,${encodeURIComponent(icon)}">
<link rel="stylesheet" href="chat.css?v=${version}">
<script type="application/json" id="texts">${JSON.stringify(texts).replaceAll('<', '\\u003c')}</script>
<script src="chat.js?v=${version}" defer></script>
</head>
<body>
<div id="app"></div>
<noscript>Coursebell needs JavaScript. Coursebell 需要启用 JavaScript。</noscript>
</body>
</html>
`;
}
