import type { Page } from 'playwright-core';

/**
 * What a screen reader or weak eyes would stumble over: controls without a name, pictures without
 * words, ids used twice, text with less contrast than WCAG AA asks for (4.5, or 3 for large text).
 */
export async function stumblingBlocks(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const shown = (element: Element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    const what = (element: Element) =>
      `${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''} "${element.textContent.trim().slice(0, 40)}"`;

    for (const control of document.querySelectorAll('button, a[href], textarea, input')) {
      const label = control.id && document.querySelector(`label[for="${control.id}"]`)?.textContent;
      const name = control.getAttribute('aria-label') ?? (label || control.textContent);
      if (shown(control) && name.trim() === '') found.push(`no name: ${what(control)}`);
    }
    for (const picture of document.querySelectorAll('img')) if (!picture.alt) found.push(`no words: ${what(picture)}`);
    for (const drawing of document.querySelectorAll('svg')) {
      if (!drawing.closest('[aria-hidden="true"]')) found.push(`drawing is read out: ${what(drawing.parentElement!)}`);
    }
    const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
    for (const id of new Set(ids)) if (ids.filter((one) => one === id).length > 1) found.push(`id twice: ${id}`);

    const numbers = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number);
    const luminance = (rgb: number[]) => {
      const [r = 0, g = 0, b = 0] = rgb.map((part) =>
        part / 255 <= 0.03928 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4,
      );
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const groundOf = (element: Element | null): number[] => {
      for (let at = element; at; at = at.parentElement) {
        const [r = 0, g = 0, b = 0, alpha = 1] = numbers(getComputedStyle(at).backgroundColor);
        if (alpha === 1) return [r, g, b];
      }
      return [255, 255, 255];
    };
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const element = texts.currentNode.parentElement!;
      if (!texts.currentNode.nodeValue?.trim() || !shown(element) || element.closest('.cover, .sr-only, noscript'))
        continue;
      const style = getComputedStyle(element);
      const [light, dark] = [numbers(style.color).slice(0, 3), groundOf(element)].map(luminance).sort((a, b) => b - a);
      const size = Number.parseFloat(style.fontSize);
      const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
      const contrast = (light! + 0.05) / (dark! + 0.05);
      if (contrast < (large ? 3 : 4.5)) found.push(`contrast ${contrast.toFixed(2)}: ${what(element)}`);
    }
    return [...new Set(found)];
  });
}
