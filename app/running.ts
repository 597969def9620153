import type { Settings } from './settings.ts';

/** Whether a Coursebell, ready or not, answers where these settings say. */
export async function isRunning({ host, port }: Pick<Settings, 'host' | 'port'>): Promise<boolean> {
  try {
    const answer = await fetch(`http://${host}:${port}/healthz`, { signal: AbortSignal.timeout(2_000) });
    const body = (await answer.json()) as { status?: unknown };
    return body.status === 'ready' || body.status === 'unavailable';
  } catch {
    return false;
  }
}
