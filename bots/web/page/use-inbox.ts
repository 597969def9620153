import { useCallback, useEffect, useRef } from 'preact/hooks';
import { postSeen } from './api.ts';
import type { InboxMessage } from '../store.ts';

export type Pushed = InboxMessage;

/** First wait before a refused stream is asked for again; doubled each time. */
const REOPEN_MS = 3_000;
const LONGEST_WAIT_MS = 60_000;

/**
 * Listens for pushed messages while there is a session.
 *
 * @param session 0 for none; a new number looks whether the stream needs to be opened again.
 * @returns marks a message as shown, on the server too.
 */
export function useInbox(session: number, received: (message: Pushed) => void): (id: string) => void {
  const stream = useRef<EventSource>(undefined);
  const seen = useRef(new Set<string>());

  useEffect(() => {
    if (session === 0) return;
    if (stream.current && stream.current.readyState !== EventSource.CLOSED) return;
    let reopen: ReturnType<typeof setTimeout> | undefined;
    let wait = REOPEN_MS;
    open();
    return () => clearTimeout(reopen);

    function open() {
      const source = (stream.current = new EventSource('api/inbox'));
      source.onopen = () => {
        wait = REOPEN_MS;
      };
      source.onmessage = ({ data }) => received(JSON.parse(data as string) as Pushed);
      source.onerror = () => {
        // A broken connection is opened again by the browser; a refusal is not.
        if (source.readyState !== EventSource.CLOSED) return;
        reopen = setTimeout(open, wait);
        wait = Math.min(wait * 2, LONGEST_WAIT_MS);
      };
    }
  }, [session]);

  return useCallback((id) => {
    if (seen.current.has(id)) return;
    seen.current.add(id);
    postSeen([id]).catch(() => seen.current.delete(id));
  }, []);
}
