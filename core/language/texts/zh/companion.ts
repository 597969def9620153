/** Progress, reminders, streaks, challenges, invitations, the placement test, in Chinese. */
export const companion: Record<string, string> = {};
