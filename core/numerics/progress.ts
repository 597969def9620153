/** Reports how far long work has come; `share` in [0, 1]. Called often: whoever shows it thins it out. */
export type Progress = (what: string, share: number) => void;

export const silent: Progress = () => {};
