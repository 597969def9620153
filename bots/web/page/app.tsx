import { useEffect, useState } from 'preact/hooks';
import { decodePress } from '../../../core/language/reply.ts';
import { Brand } from './brand.tsx';
import { Composer } from './composer.tsx';
import type { Theirs } from './entries.ts';
import { MenuIcon } from './icons.tsx';
import { Log } from './log.tsx';
import { Drawer, Menu } from './menu.tsx';
import { LanguageContext, useTexts } from './texts.ts';
import { useChat } from './use-chat.ts';

export function App() {
  const chat = useChat();
  const { language, entries } = chat;
  const unread = entries.filter((entry) => entry.kind === 'theirs' && entry.inbox && !entry.inbox.seen).length;

  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  }, [language]);
  useEffect(() => {
    document.title = unread > 0 ? `(${unread}) Coursebell` : 'Coursebell';
  }, [unread]);

  return (
    <LanguageContext.Provider value={language}>
      <Page chat={chat} />
    </LanguageContext.Provider>
  );
}

function Page({ chat }: { chat: ReturnType<typeof useChat> }) {
  const t = useTexts();
  const [drawer, setDrawer] = useState(false);
  const press = (id: string, label: string) => chat.send({ press: id }, label);
  const menu = { language: chat.language, onPress: press };
  return (
    <div class="page" data-waiting={chat.waiting}>
      <a class="skip" href="#message">
        {t('skip')}
      </a>
      <aside class="side">
        <Brand />
        <Menu {...menu} />
      </aside>
      <div class="chat">
        <header class="bar">
          <Brand />
          <button
            type="button"
            class="round"
            aria-label={t('menu')}
            aria-haspopup="dialog"
            aria-expanded={drawer}
            onClick={() => setDrawer(true)}
          >
            <MenuIcon />
          </button>
        </header>
        <Log
          chat={chat}
          onPress={(entry: Theirs, button) => {
            if (changesInPlace(button.id)) chat.change(entry, { press: button.id });
            else press(button.id, button.label);
          }}
        />
        <footer class="foot">
          <Composer onSend={(text) => chat.send({ text }, text)} />
        </footer>
      </div>
      <Drawer {...menu} open={drawer} onClose={() => setDrawer(false)} />
    </div>
  );
}

/** Ticking a topic or turning a page of topics changes the question instead of asking it again below. */
function changesInPlace(id: string): boolean {
  const press = decodePress(id);
  return /^(topic[+-]|page):/.test(press?.value ?? '');
}
