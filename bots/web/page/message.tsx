import { useContext, useEffect, useRef } from 'preact/hooks';
import type { ChatMessage } from '../message.ts';
import { Cover } from './cover.tsx';
import type { Mine, Theirs } from './entries.ts';
import { BellIcon, DownloadIcon, RetryIcon } from './icons.tsx';
import { buttonParts, courseParts, faceOf, linkParts, purchaseButton } from './message-parts.ts';
import { LanguageContext, useTexts } from './texts.ts';

export type Press = (entry: Theirs, button: { id: string; label: string }) => void;

/** What the person said or pressed; one that did not arrive keeps its words and offers to go again. */
export function MineBubble({ entry, onRetry }: { entry: Mine; onRetry: (entry: Mine) => void }) {
  const t = useTexts();
  return (
    <div class={`said ${entry.status}`} data-key={entry.key}>
      <p class="bubble">
        <span class="sr-only">{t('you')}: </span>
        {entry.text}
      </p>
      {entry.status === 'failed' && (
        <div class="failed-note" role="alert">
          <span>{t(`problem.${entry.problem ?? 'failed'}`)}</span>
          {entry.problem !== 'refused' && (
            <button type="button" class="link" onClick={() => onRetry(entry)}>
              <RetryIcon /> {t('retry')}
            </button>
          )}
        </div>
      )}
    </div>
  );
}

interface TheirsProps {
  entry: Theirs;
  latest: boolean;
  onPress: Press;
  onSeen: (id: string) => void;
}

export function TheirMessage({ entry, latest, onPress, onSeen }: TheirsProps) {
  const { message, inbox, language } = entry;
  const face = faceOf(entry);
  const element = useSeen(inbox && !inbox.seen ? inbox.id : undefined, onSeen);
  return (
    <div
      ref={element}
      class={`theirs face-${face}${latest ? ' latest' : ''}${inbox ? ' pushed' : ''}`}
      lang={language === 'zh' ? 'zh-CN' : 'en'}
      data-key={entry.key}
      data-course={message.course}
    >
      {inbox && <Stamp at={inbox.at} />}
      {face === 'bubble' && <Bubble message={message} />}
      {face === 'card' && <Card message={message} course={message.course!} />}
      {face === 'offer' && <Offer message={message} course={message.course!} />}
      {message.file && <Download file={message.file} />}
      {message.buttons && <Buttons buttons={message.buttons} onPress={(button) => onPress(entry, button)} />}
    </div>
  );
}

function Bubble({ message }: { message: ChatMessage }) {
  return (
    <div class="bubble">
      <Words text={message.text} />
      {message.image && <img class="picture" src={message.image} alt={message.text.split('\n')[0] ?? ''} />}
    </div>
  );
}

function Card({ message, course }: { message: ChatMessage; course: string }) {
  const { title, facts, rest } = courseParts(message.text);
  return (
    <article>
      <Cover course={course} words={title} />
      <div class="card-text">
        <h3>{title}</h3>
        {facts.length > 0 && (
          <ul class="facts">
            {facts.map((fact) => (
              <li key={fact}>{fact}</li>
            ))}
          </ul>
        )}
        {rest && <Words text={rest} />}
        {message.image && <img class="picture" src={message.image} alt={title} />}
      </div>
    </article>
  );
}

/** A pushed course: its words are a whole sentence, not a title. */
function Offer({ message, course }: { message: ChatMessage; course: string }) {
  return (
    <article>
      <Cover course={course} words={message.text.split('\n')[0] ?? ''} />
      <div class="card-text">
        <Words text={message.text} />
      </div>
    </article>
  );
}

function Words({ text }: { text: string }) {
  return (
    <p class="words">
      {linkParts(text).map((part, index) =>
        part.link ? (
          <a key={index} href={part.text.replace(/^\//, '')} target="_blank" rel="noopener noreferrer">
            {part.text}
          </a>
        ) : (
          part.text
        ),
      )}
    </p>
  );
}

function Stamp({ at }: { at: string }) {
  const t = useTexts();
  const language = useContext(LanguageContext);
  const time = new Date(at).toLocaleTimeString(language, { hour: '2-digit', minute: '2-digit' });
  return (
    <p class="stamp">
      <BellIcon /> {t('pushed')} <time dateTime={at}>{time}</time>
    </p>
  );
}

/** A file that the person may keep; it is made from the message when they ask for it. */
function Download({ file }: { file: NonNullable<ChatMessage['file']> }) {
  const save = () => {
    const url = URL.createObjectURL(new Blob([file.content], { type: 'application/octet-stream' }));
    const link = Object.assign(document.createElement('a'), { href: url, download: file.name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(url));
  };
  return (
    <div class="chips">
      <button type="button" class="chip" onClick={save}>
        <DownloadIcon /> {file.name}
      </button>
    </div>
  );
}

interface ButtonsProps {
  buttons: NonNullable<ChatMessage['buttons']>;
  onPress: (button: { id: string; label: string }) => void;
}

function Buttons({ buttons, onPress }: ButtonsProps) {
  const t = useTexts();
  const purchase = purchaseButton(buttons);
  return (
    <div class="chips">
      {buttonParts(buttons).map((part, index) =>
        'stars' in part ? (
          <div key={index} class="stars" role="group" aria-label={t('rate')}>
            {part.stars.map((button, at) => (
              <button
                key={at}
                type="button"
                aria-label={`${at + 1} / 5`}
                title={button.label}
                onClick={() => onPress({ id: button.id, label: '★'.repeat(at + 1) + '☆'.repeat(4 - at) })}
              >
                <svg viewBox="0 0 24 24" aria-hidden="true">
                  <path d="m12 2.9 2.8 5.7 6.3.9-4.55 4.43 1.07 6.27L12 17.24 6.38 20.2l1.07-6.27L2.9 9.5l6.3-.9z" />
                </svg>
              </button>
            ))}
          </div>
        ) : part.button.url === undefined ? (
          <button
            key={index}
            type="button"
            class={part.button.id === purchase ? 'chip primary' : 'chip'}
            aria-pressed={part.button.label.startsWith('✓') ? true : undefined}
            onClick={() => onPress(part.button)}
          >
            {part.button.label}
          </button>
        ) : (
          <a key={index} class="chip" href={part.button.url} target="_blank" rel="noopener noreferrer">
            {part.button.label}
          </a>
        ),
      )}
    </div>
  );
}

/** Calls back once when the element of a waiting message is on the screen of a visible page. */
function useSeen(id: string | undefined, onSeen: (id: string) => void) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (id === undefined || !element.current) return;
    let shown = false;
    const tell = () => {
      if (shown && document.visibilityState === 'visible') onSeen(id);
    };
    const observer = new IntersectionObserver(
      (seen) => {
        shown = seen.some((one) => one.isIntersecting);
        tell();
      },
      { threshold: 0.2 },
    );
    observer.observe(element.current);
    document.addEventListener('visibilitychange', tell);
    return () => {
      observer.disconnect();
      document.removeEventListener('visibilitychange', tell);
    };
  }, [id]);
  return element;
}
