import type { ComponentChildren } from 'preact';
import { hashUnit } from '../../../core/numerics/splits.ts';
import { initialOf } from './message-parts.ts';

/** A quiet picture made from the course's id: the same course always looks the same. */
export function Cover({ course, words }: { course: string; words: string }) {
  const seed = hashUnit(0, course) * 2 ** 32;
  const hue = seed % 360;
  const shape = shapes[(seed >>> 9) % shapes.length]!;
  const id = `cover-${seed.toString(36)}`;
  const ground = `hsl(${hue} 52% 46%)`;
  const far = `hsl(${(hue + 38) % 360} 58% 38%)`;
  return (
    <div class="cover" aria-hidden="true">
      <svg viewBox="0 0 400 96" preserveAspectRatio="xMaxYMid slice">
        <defs>
          <linearGradient id={id} x1="0" y1="0" x2="1" y2="1">
            <stop offset="0" stop-color={ground} />
            <stop offset="1" stop-color={far} />
          </linearGradient>
        </defs>
        <rect width="400" height="96" fill={`url(#${id})`} />
        <g fill="#fff" stroke="#fff">
          {shape(seed >>> 13)}
        </g>
      </svg>
      <span class="initial">{initialOf(words)}</span>
    </div>
  );
}

const shapes: ((seed: number) => ComponentChildren)[] = [
  (seed) =>
    [0, 1, 2, 3].map((ring) => (
      <circle
        key={ring}
        cx={300 + (seed % 60)}
        cy={30 + (seed % 40)}
        r={24 + ring * 26}
        fill="none"
        stroke-width="9"
        opacity=".13"
      />
    )),
  (seed) =>
    [0, 1, 2].map((wave) => (
      <path
        key={wave}
        d={`M120 ${96 - wave * 22} C 200 ${20 + (seed % 30)}, 290 ${120 - wave * 18}, 420 ${12 + wave * 20} V96 Z`}
        stroke="none"
        opacity=".13"
      />
    )),
  (seed) =>
    Array.from({ length: 40 }, (_, dot) => (
      <circle
        key={dot}
        cx={205 + (dot % 10) * 20}
        cy={14 + Math.floor(dot / 10) * 23}
        r={1.6 + (((seed >>> (dot % 16)) + dot) % 4) * 1.3}
        stroke="none"
        opacity=".24"
      />
    )),
  (seed) =>
    Array.from({ length: 9 }, (_, bar) => {
      const height = 18 + (((seed >>> bar) * 7 + bar * 13) % 58);
      return (
        <rect
          key={bar}
          x={214 + bar * 20}
          y={96 - height}
          width="11"
          height={height}
          rx="3"
          stroke="none"
          opacity=".17"
        />
      );
    }),
  (seed) =>
    [0, 1, 2, 3, 4].map((line) => (
      <rect
        key={line}
        x={230 + line * 30 + (seed % 20)}
        y="-60"
        width="13"
        height="220"
        transform={`rotate(${28 + (seed % 14)} 300 48)`}
        stroke="none"
        opacity={0.08 + line * 0.025}
      />
    )),
];
