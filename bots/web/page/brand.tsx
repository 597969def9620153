import { useTexts } from './texts.ts';

export function Logo() {
  return (
    <svg class="logo" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="9" class="logo-ground" />
      <path
        d="M16 6.5a6.2 6.2 0 0 0-6.2 6.2v4.1L8 20.3c-.4.8.1 1.7 1 1.7h14c.9 0 1.4-.9 1-1.7l-1.8-3.5v-4.1A6.2 6.2 0 0 0 16 6.5Z"
        fill="#fff"
      />
      <path d="M13.2 23.6a2.9 2.9 0 0 0 5.6 0Z" fill="#ffd66b" />
    </svg>
  );
}

export function Brand() {
  const t = useTexts();
  return (
    <div class="brand">
      <Logo />
      <div>
        <strong>Coursebell</strong>
        <span>{t('tagline')}</span>
      </div>
    </div>
  );
}
