/** Reports how far long work has come; `share` in [0, 1]. Called often: whoever shows it thins it out. */
export type Progress = (what: string, share: number) => void;

export const silent: Progress = () => {};

/** Progress of a part of some work, which goes from one share of the whole to another. */
export function within(progress: Progress, from: number, to: number): Progress {
  return (what, share) => progress(what, from + (to - from) * share);
}
