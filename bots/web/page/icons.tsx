import type { ComponentChildren } from 'preact';

function Icon({ children }: { children: ComponentChildren }) {
  return (
    <svg
      class="icon"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.8"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

export const BellIcon = () => (
  <Icon>
    <path d="M6 9.5a6 6 0 0 1 12 0c0 5 2 6.5 2 6.5H4s2-1.5 2-6.5M10 19.5a2.2 2.2 0 0 0 4 0" />
  </Icon>
);

export const RetryIcon = () => (
  <Icon>
    <path d="M20 11a8 8 0 1 0-2.3 6M20 5v6h-6" />
  </Icon>
);

export const DownloadIcon = () => (
  <Icon>
    <path d="M12 4v11M7 11l5 5 5-5M5 20h14" />
  </Icon>
);

export const SendIcon = () => (
  <Icon>
    <path d="M12 19V5M6 11l6-6 6 6" />
  </Icon>
);

export const DownIcon = () => (
  <Icon>
    <path d="M12 5v14M6 13l6 6 6-6" />
  </Icon>
);

export const MenuIcon = () => (
  <Icon>
    <path d="M4 7h16M4 12h16M4 17h16" />
  </Icon>
);

export const CloseIcon = () => (
  <Icon>
    <path d="M6 6l12 12M18 6 6 18" />
  </Icon>
);

export const ExportIcon = () => (
  <Icon>
    <path d="M12 4v11M7 11l5 5 5-5M5 20h14" />
  </Icon>
);

export const LanguageIcon = () => (
  <Icon>
    <path d="M4 6h9M8.5 4v2c0 4-2 7-5 8.5M6 9.5c1 2.5 3 4 5.5 5M12 20l4-9.5 4 9.5M13.4 17h5.2" />
  </Icon>
);

/** The pictures of the menu, by the action they press. */
export const menuIcons: Record<string, () => ReturnType<typeof Icon>> = {
  recommend: () => (
    <Icon>
      <path d="M12 4l1.8 4.7L18.5 10.5l-4.7 1.8L12 17l-1.8-4.7L5.5 10.5l4.7-1.8zM18.5 16l.7 1.8 1.8.7-1.8.7-.7 1.8-.7-1.8-1.8-.7 1.8-.7z" />
    </Icon>
  ),
  search: () => (
    <Icon>
      <path d="M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14M20.5 20.5 16 16" />
    </Icon>
  ),
  courses: () => (
    <Icon>
      <path d="M4 5.5A2 2 0 0 1 6 4h5v16H6a2 2 0 0 0-2 1zM20 5.5A2 2 0 0 0 18 4h-5v16h5a2 2 0 0 1 2 1z" />
    </Icon>
  ),
  saved: () => (
    <Icon>
      <path d="M6.5 4h11v16.5L12 16.5l-5.5 4z" />
    </Icon>
  ),
  profile: () => (
    <Icon>
      <path d="M5 20V11M10 20V5M15 20v-7M20 20V8" />
    </Icon>
  ),
  coupons: () => (
    <Icon>
      <path d="M3.5 7h17v3.2a2 2 0 0 0 0 3.6V17h-17v-3.2a2 2 0 0 0 0-3.6zM14 7.5v9" />
    </Icon>
  ),
  settings: BellIcon,
  privacy: () => (
    <Icon>
      <path d="M12 3.5l7 2.5v5.5c0 4.5-3 7.5-7 9-4-1.5-7-4.5-7-9V6zM9.5 12l1.8 1.8L15 10" />
    </Icon>
  ),
  help: () => (
    <Icon>
      <path d="M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17M9.8 9.6a2.3 2.3 0 1 1 3.3 2.2c-.8.4-1.1.9-1.1 1.7M12 16.6v.1" />
    </Icon>
  ),
};
