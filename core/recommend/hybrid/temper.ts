import { likelihoods, type Judged } from './gains.ts';

const COLDEST = 0.25;
const HOTTEST = 4;
const STEPS = 24;

/**
 * What utilities are multiplied by to be logarithms of probabilities: the factor that makes answers
 * likeliest (temperature scaling, Guo et al. 2017). Stages that look at order alone leave utilities too
 * far apart. 1 where there is nothing to go by.
 */
export function temper(judged: Judged, utilities: Float64Array): number {
  if (judged.starts.length < 2) return 1;
  const loss = (factor: number): number =>
    -likelihoods(
      judged,
      utilities.map((utility) => utility * factor),
    ).reduce((sum, one) => sum + one, 0);
  // Golden section over the logarithm: the loss has one valley.
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [Math.log(COLDEST), Math.log(HOTTEST)];
  let [left, right] = [high - ratio * (high - low), low + ratio * (high - low)];
  let [leftLoss, rightLoss] = [loss(Math.exp(left)), loss(Math.exp(right))];
  for (let step = 0; step < STEPS; step++) {
    if (leftLoss < rightLoss) {
      [high, right, rightLoss] = [right, left, leftLoss];
      left = high - ratio * (high - low);
      leftLoss = loss(Math.exp(left));
    } else {
      [low, left, leftLoss] = [left, right, rightLoss];
      right = low + ratio * (high - low);
      rightLoss = loss(Math.exp(right));
    }
  }
  return Math.exp((low + high) / 2);
}
