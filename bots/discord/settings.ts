/** What the adapter is told by the operator. */
export interface DiscordSettings {
  discord: {
    /** Registers the commands in this server only. */
    guild?: string | undefined;
    /** Which shards this process serves, of how many; Discord's own advice when left out. */
    shards?: { ids: number[]; total: number } | undefined;
  };
  platforms: { discordToken: string | undefined; discordApi: string | undefined };
}

/** What the bot needs in a server: to be seen, to write, to open threads, and to give the reward role. */
const PERMISSIONS = {
  viewChannel: 1n << 10n,
  sendMessages: 1n << 11n,
  embedLinks: 1n << 14n,
  attachFiles: 1n << 15n,
  readMessageHistory: 1n << 16n,
  manageRoles: 1n << 28n,
  createPublicThreads: 1n << 35n,
  sendMessagesInThreads: 1n << 38n,
} as const;

const needed = Object.values(PERMISSIONS).reduce((all, one) => all | one, 0n);

/** Names of the permissions that are lacking. */
export function missingPermissions(held: string): string[] {
  const bits = BigInt(held);
  const administrator = 1n << 3n;
  if ((bits & administrator) !== 0n) return [];
  return Object.entries(PERMISSIONS)
    .filter(([, bit]) => (bits & bit) === 0n)
    .map(([name]) => name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`));
}

/** Where a manager of a server lets the bot in. */
export function inviteUrl(application: string): string {
  return `https://discord.com/oauth2/authorize?client_id=${application}&scope=bot+applications.commands&permissions=${needed}`;
}
