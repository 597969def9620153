/** A picture as data: shapes as they are in SVG, words apart, because fonts are dear to draw with. */

/** The one family that pictures are drawn in. */
export const FONT = 'Noto Sans S Chinese';

export interface Words {
  text: string;
  /** Of the base line, in the picture's own units; `anchor` is at it. */
  x: number;
  y: number;
  size: number;
  fill: string;
  bold?: boolean;
  anchor?: 'start' | 'middle' | 'end';
}

export interface Drawing {
  /** In the picture's own units. */
  width: number;
  height: number;
  /** CSS colour. */
  ground: string;
  /** Markup without text. */
  shapes: string;
  words: readonly Words[];
  /** Width in pixels; the height follows. */
  pixels: number;
}
