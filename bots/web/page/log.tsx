import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Logo } from './brand.tsx';
import type { Entry, Theirs } from './entries.ts';
import { DownIcon } from './icons.tsx';
import { faceOf } from './message-parts.ts';
import { MineBubble, TheirMessage, type Press } from './message.tsx';
import { useTexts } from './texts.ts';
import type { Chat } from './use-chat.ts';

/** Entries that stand together: course cards side by side, the rest one under another. */
type Group = { kind: 'cards' | 'words' | 'mine'; entries: Entry[] };

const NEAR_END = 80;

export function Log({ chat, onPress }: { chat: Chat; onPress: Press }) {
  const t = useTexts();
  const { entries, waiting, trouble } = chat;
  const scroller = useRef<HTMLDivElement>(null);
  const atEnd = useFollow(scroller, entries);
  const slow = useLater(waiting > 0, 250);
  useLayoutEffect(() => {
    // Below the last question: without this the sign of work, or of trouble, stays under the edge.
    if ((slow || trouble) && entries.at(-1)?.kind === 'mine')
      scroller.current!.scrollTo({ top: scroller.current!.scrollHeight });
  }, [slow, trouble]);
  const lastMine = entries.findLastIndex((entry) => entry.kind === 'mine');
  const latest = (entry: Entry) => entries.indexOf(entry) > lastMine;

  return (
    <main class="scroller" ref={scroller} tabIndex={-1}>
      <div class="log" role="log" aria-live="polite" aria-label={t('log')}>
        {groups(entries).map((group) => (
          <section key={group.entries[0]!.key} class={`group ${group.kind}`}>
            {group.kind !== 'mine' && <Logo />}
            <div class="group-body">
              {group.entries.map((entry) =>
                entry.kind === 'mine' ? (
                  <MineBubble key={entry.key} entry={entry} onRetry={chat.retry} />
                ) : (
                  <TheirMessage
                    key={entry.key}
                    entry={entry}
                    latest={latest(entry)}
                    onPress={onPress}
                    onSeen={chat.markSeen}
                  />
                ),
              )}
            </div>
          </section>
        ))}
      </div>
      {slow && (
        <div class="group typing" role="status">
          <Logo />
          <span class="bubble">
            <span class="sr-only">{t('typing')}</span>
            <i />
            <i />
            <i />
          </span>
        </div>
      )}
      {trouble && (
        <p class="trouble" role="status">
          {t(`trouble.${trouble}`)}
        </p>
      )}
      {!atEnd && (
        <button
          type="button"
          class="round to-end"
          aria-label={t('newest')}
          onClick={() => scroller.current!.scrollTo({ top: scroller.current!.scrollHeight, behavior: 'smooth' })}
        >
          <DownIcon />
        </button>
      )}
    </main>
  );
}

function groups(entries: Entry[]): Group[] {
  const made: Group[] = [];
  for (const entry of entries) {
    const kind = entry.kind === 'mine' ? 'mine' : isCard(entry) ? 'cards' : 'words';
    const last = made.at(-1);
    if (last?.kind === kind) last.entries.push(entry);
    else made.push({ kind, entries: [entry] });
  }
  return made;
}

const isCard = (entry: Theirs) => faceOf(entry) !== 'bubble';

/**
 * Keeps the newest in sight: after a turn of one's own the question goes to the top and the answer
 * fills the screen under it; a message that comes by itself moves nothing while one reads above.
 *
 * @returns whether the end is in sight.
 */
function useFollow(scroller: { current: HTMLDivElement | null }, entries: Entry[]): boolean {
  const [atEnd, setAtEnd] = useState(true);
  const before = useRef(0);

  useEffect(() => {
    const element = scroller.current!;
    const look = () => setAtEnd(element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END);
    element.addEventListener('scroll', look, { passive: true });
    const observer = new ResizeObserver(look);
    observer.observe(element);
    observer.observe(element.firstElementChild!);
    return () => {
      element.removeEventListener('scroll', look);
      observer.disconnect();
    };
  }, []);

  useLayoutEffect(() => {
    const element = scroller.current!;
    const first = before.current === 0;
    const grown = entries.length - before.current;
    before.current = entries.length;
    if (grown <= 0) return;
    const newest = entries.at(-1)!;
    const pushed = newest.kind === 'theirs' && newest.inbox;
    if (pushed && !atEnd && !first) return;
    const anchor = first
      ? undefined
      : entries.findLast((entry) => entry.kind === 'mine' || (entry === newest && pushed));
    const top = anchor && element.querySelector(`[data-key="${CSS.escape(anchor.key)}"]`)?.getBoundingClientRect().top;
    const question = top === undefined ? Infinity : top - element.getBoundingClientRect().top + element.scrollTop - 16;
    element.scrollTo({
      top: Math.min(question, element.scrollHeight),
      behavior: first || matchMedia('(prefers-reduced-motion: reduce)').matches ? 'instant' : 'smooth',
    });
  }, [entries]);

  return atEnd;
}

/** True once `on` has lasted: what is quick shows no sign of work. */
function useLater(on: boolean, ms: number): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!on) {
      setLate(false);
      return;
    }
    const timer = setTimeout(() => setLate(true), ms);
    return () => clearTimeout(timer);
  }, [on]);
  return late;
}
