/** What the operator sets, of what concerns Telegram (see app/settings.ts). */
export interface TelegramSettings {
  publicUrl?: string | undefined;
  telegram: {
    /** 'polling' needs no address; 'webhook' needs `publicUrl` with https. */
    receive: 'polling' | 'webhook';
    starsPerUnit?: number | undefined;
  };
  platforms: {
    telegramToken: string | undefined;
    telegramProviderToken: string | undefined;
    /** Root of a Bot API server of one's own. */
    telegramApi: string | undefined;
  };
}
