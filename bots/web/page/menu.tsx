import { useEffect, useRef } from 'preact/hooks';
import { encodePress, type Language } from '../../../core/language/reply.ts';
import { CloseIcon, ExportIcon, LanguageIcon, menuIcons } from './icons.tsx';
import { Brand } from './brand.tsx';
import { useTexts } from './texts.ts';

const actions = ['recommend', 'search', 'courses', 'saved', 'profile', 'coupons', 'settings', 'privacy', 'help'];

export interface MenuProps {
  language: Language;
  onPress: (press: string, label: string) => void;
}

/** What the assistant can do, one press away: beside the chat on a wide screen, in a drawer on a phone. */
export function Menu({ language, onPress }: MenuProps) {
  const t = useTexts();
  const other = language === 'zh' ? 'en' : 'zh';
  return (
    <nav class="menu" aria-label={t('menu')}>
      <ul>
        {actions.map((action) => {
          const Icon = menuIcons[action]!;
          return (
            <li key={action}>
              <button type="button" onClick={() => onPress(action, t(`menu.${action}`))}>
                <Icon /> {t(`menu.${action}`)}
              </button>
            </li>
          );
        })}
      </ul>
      <ul class="menu-end">
        <li>
          <button
            type="button"
            lang={other}
            onClick={() => onPress(encodePress({ action: 'language', value: other }), t('menu.language'))}
          >
            <LanguageIcon /> {t('menu.language')}
          </button>
        </li>
        <li>
          <a href="api/export" download="coursebell-export.json">
            <ExportIcon /> {t('menu.export')}
          </a>
        </li>
      </ul>
    </nav>
  );
}

export function Drawer({ open, onClose, ...menu }: MenuProps & { open: boolean; onClose: () => void }) {
  const t = useTexts();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open) dialog.current!.showModal();
    else dialog.current!.close();
  }, [open]);
  return (
    <dialog
      ref={dialog}
      class="drawer"
      aria-label={t('menu')}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === dialog.current) onClose();
      }}
    >
      <div class="drawer-head">
        <Brand />
        <button type="button" class="round" aria-label={t('close')} onClick={onClose}>
          <CloseIcon />
        </button>
      </div>
      <Menu
        {...menu}
        onPress={(press, label) => {
          onClose();
          menu.onPress(press, label);
        }}
      />
    </dialog>
  );
}
