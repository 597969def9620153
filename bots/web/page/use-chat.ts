import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { encodePress, type Language } from '../../../core/language/reply.ts';
import { postTurn, TurnError, type Input, type Problem } from './api.ts';
import { loadEntries, saveEntries, type Entry, type Mine, type Theirs } from './entries.ts';
import { takePayload } from './start.ts';
import { browserLanguage } from './texts.ts';
import { useInbox, type Pushed } from './use-inbox.ts';

/** Waits before a turn that did not arrive is sent again by itself, in milliseconds. */
const RETRIES = [800, 2_000, 4_000];
/** A server that is starting loads its data first: the page waits for it. */
const STARTING_MS = 1_500;

export interface Chat {
  entries: Entry[];
  language: Language;
  /** Turns without an answer yet. */
  waiting: number;
  /** Why an answer is late. */
  trouble: Problem | undefined;
  send: (input: Input, text: string) => void;
  /** A turn whose answer takes the place of the message that it was pressed on. */
  change: (entry: Theirs, input: Input) => void;
  retry: (entry: Mine) => void;
  markSeen: (id: string) => void;
}

export function useChat(): Chat {
  const [stored] = useState(loadEntries);
  const [entries, setEntries] = useState<Entry[]>(stored?.entries ?? []);
  const [language, setLanguage] = useState<Language>(stored?.language ?? browserLanguage());
  const [waiting, setWaiting] = useState(0);
  const [trouble, setTrouble] = useState<Problem>();
  const [session, setSession] = useState(stored ? 1 : 0);
  const tail = useRef<Promise<void>>(Promise.resolve());
  const languageNow = useRef(language);
  languageNow.current = language;

  useEffect(() => saveEntries({ language, entries }), [language, entries]);

  const received = useCallback((pushed: Pushed) => {
    const { id, at, ...message } = pushed;
    const key = `inbox-${id}`;
    setEntries((before) =>
      before.some((entry) => entry.key === key)
        ? before
        : [...before, { kind: 'theirs', key, message, language: languageNow.current, inbox: { id, at, seen: false } }],
    );
  }, []);
  const sendSeen = useInbox(session, received);

  const markSeen = useCallback((id: string) => {
    sendSeen(id);
    setEntries((before) =>
      before.map((entry) =>
        entry.kind === 'theirs' && entry.inbox?.id === id ? { ...entry, inbox: { ...entry.inbox, seen: true } } : entry,
      ),
    );
  }, []);

  /** Turns go one by one: the first one brings the session that the next ones need. */
  const post = useCallback((key: string, input: Input, { silent = false, replaces }: PostOptions = {}) => {
    const change = (patch: Partial<Mine>) =>
      setEntries((before) =>
        before.map((entry) => (entry.key === key && entry.kind === 'mine' ? { ...entry, ...patch } : entry)),
      );
    setWaiting((count) => count + 1);
    tail.current = tail.current.then(async () => {
      try {
        const answer = await patiently(input, key, setTrouble);
        const spoken = answer.language ?? languageNow.current;
        const said = answer.messages.map((message, index): Theirs => ({
          kind: 'theirs',
          key: `${key}-${index}`,
          message,
          language: spoken,
        }));
        setLanguage(spoken);
        setEntries((before) => (answer.erased ? said : placed(before, said, replaces)));
        if (!answer.erased) change({ status: 'sent' });
        setSession((count) => count + 1);
      } catch (error) {
        const problem = error instanceof TurnError ? error.problem : 'failed';
        if (silent) setTrouble(problem);
        else change({ status: 'failed', problem });
      } finally {
        setWaiting((count) => count - 1);
      }
    });
  }, []);

  const send = useCallback((input: Input, text: string) => {
    const key = newKey();
    setEntries((before) => [...before, { kind: 'mine', key, text, input, status: 'sending' }]);
    post(key, input);
  }, []);

  const change = useCallback(
    (entry: Theirs, input: Input) => post(newKey(), input, { silent: true, replaces: entry.key }),
    [],
  );

  const retry = useCallback(({ key, input }: Mine) => {
    setEntries((before) =>
      before.map((entry) => (entry.key === key && entry.kind === 'mine' ? { ...entry, status: 'sending' } : entry)),
    );
    post(key, input);
  }, []);

  useEffect(() => {
    const payload = takePayload();
    if (payload !== undefined)
      post(newKey(), { press: encodePress({ action: 'arrive', value: payload }) }, { silent: true });
    else if (entries.length === 0) post(newKey(), { press: 'start' }, { silent: true });
  }, []);

  return { entries, language, waiting, trouble, send, change, retry, markSeen };
}

interface PostOptions {
  /** Without a bubble of its own. */
  silent?: boolean;
  /** Key of the entry that the first message of the answer replaces. */
  replaces?: string;
}

function placed(before: Entry[], said: Theirs[], replaces: string | undefined): Entry[] {
  const at = before.findIndex((entry) => entry.key === replaces);
  const [first, ...rest] = said;
  if (at < 0 || !first) return [...before, ...said];
  return [...before.slice(0, at), { ...first, key: replaces! }, ...before.slice(at + 1), ...rest];
}

/** Unlike `crypto.randomUUID`, also there on a page that came over plain http. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join('-');
}

async function patiently(input: Input, turn: string, setTrouble: (problem: Problem | undefined) => void) {
  for (let attempt = 0; ;) {
    try {
      const answer = await postTurn(input, turn);
      setTrouble(undefined);
      return answer;
    } catch (error) {
      if (!(error instanceof TurnError) || error.problem === 'refused') throw error;
      const starting = error.problem === 'starting';
      const wait = starting ? STARTING_MS : RETRIES[attempt++];
      if (wait === undefined) {
        setTrouble(undefined);
        throw error;
      }
      setTrouble(error.problem);
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}
