import { useEffect, useRef, useState } from 'preact/hooks';
import { SendIcon } from './icons.tsx';
import { useTexts } from './texts.ts';

const LONGEST = 2_000;
const DRAFT = 'coursebell.draft';

/** Where one types. Enter sends, Shift+Enter makes a line; what is typed outlives a reload. */
export function Composer({ onSend }: { onSend: (text: string) => void }) {
  const t = useTexts();
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(() => sessionStorage.getItem(DRAFT) ?? '');

  useEffect(() => {
    sessionStorage.setItem(DRAFT, text);
    const area = field.current!;
    area.style.height = 'auto';
    area.style.height = `${area.scrollHeight}px`;
  }, [text]);

  useEffect(() => {
    // On a touch screen the focus would open the keyboard over the greeting.
    if (matchMedia('(pointer: fine)').matches) field.current!.focus({ preventScroll: true });
  }, []);

  const send = () => {
    if (text.trim() === '') return;
    onSend(text.trim());
    setText('');
    field.current!.focus();
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <label class="sr-only" for="message">
        {t('message')}
      </label>
      <textarea
        id="message"
        ref={field}
        rows={1}
        maxLength={LONGEST}
        enterkeyhint="send"
        autocomplete="off"
        placeholder={t('placeholder')}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          // While a Chinese word is being composed, Enter chooses it; Safari tells that by the code alone.
          // eslint-disable-next-line @typescript-eslint/no-deprecated
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
          event.preventDefault();
          send();
        }}
      />
      {text.length > LONGEST - 200 && (
        <span class="count" aria-live="polite">
          {LONGEST - text.length}
        </span>
      )}
      <button type="submit" class="send" aria-label={t('send')} disabled={text.trim() === ''}>
        <SendIcon />
      </button>
    </form>
  );
}
