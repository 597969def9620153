/** Progress, reminders, streaks, challenges, invitations, the placement test, in English. */
export const companion: Record<string, string> = {};
