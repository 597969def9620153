import type { Desk } from './desk.ts';

const HOSTS = new Set(['cdn.discordapp.com', 'media.discordapp.net']);
/** Bytes: a campaign's plan is a page of JSON. */
const LONGEST = 256 * 1024;
const READ_MS = 10_000;

/** The text of a file that came with a command; undefined when it is no such file, or can not be had. */
export async function readAttachment(
  file: { name: string; url: string; size: number },
  { services, attachmentHost }: Pick<Desk, 'services' | 'attachmentHost'>,
): Promise<{ name: string; content: string } | undefined> {
  const { host } = new URL(file.url);
  if (file.size > LONGEST || (!HOSTS.has(host) && host !== attachmentHost)) return undefined;
  try {
    const response = await fetch(file.url, { signal: AbortSignal.timeout(READ_MS) });
    const content = Buffer.from(await response.arrayBuffer());
    if (!response.ok || content.length > LONGEST) return undefined;
    return { name: file.name, content: new TextDecoder('utf-8', { fatal: true }).decode(content) };
  } catch (error) {
    services.log(
      `A file that came with a command could not be read: ${error instanceof Error ? error.name : 'unknown'}`,
    );
    return undefined;
  }
}
