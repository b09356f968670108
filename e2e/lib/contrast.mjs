/**
 * The texts of a page, and the edges of its fields, that stand out too little: less than 4.5 to 1, or 3 to 1, as WCAG
 * wants it at level AA. Only plain backgrounds are understood, and the page has no others behind texts.
 */
export function lowContrast(page) {
  return page.evaluate(() => {
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    const rgba = (colour) => {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
      return { channels: [r, g, b], alpha: a / 255 };
    };
    const over = (front, back, alpha) => front.map((channel, i) => channel * alpha + back[i] * (1 - alpha));
    const luminance = (channels) => {
      const [r, g, b] = channels.map((channel) => {
        const part = channel / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const contrast = (one, other) => {
      const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
      return (light + 0.05) / (dark + 0.05);
    };
    const chain = (element) => (element ? [...chain(element.parentElement), element] : []);
    const behind = (element) =>
      chain(element).reduce((back, part) => {
        const { channels, alpha } = rgba(getComputedStyle(part).backgroundColor);
        return over(channels, back, alpha);
      }, [255, 255, 255]);
    const opacity = (element) => chain(element).reduce((all, part) => all * Number(getComputedStyle(part).opacity), 1);
    const hasText = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());

    const found = [];
    const check = (element, colour, back, wanted, what) => {
      const { channels, alpha } = rgba(colour);
      const ratio = contrast(over(channels, back, alpha * opacity(element)), back);
      if (ratio < wanted) {
        found.push(`${ratio.toFixed(2)} to 1: ${what} "${(element.textContent || element.id).trim().slice(0, 40)}"`);
      }
    };
    for (const element of document.body.querySelectorAll('*')) {
      if (element.checkVisibility() && hasText(element) && !element.matches('option, .hidden-label, .skip, noscript')) {
        check(element, getComputedStyle(element).color, behind(element), 4.5, 'text');
      }
    }
    for (const field of document.body.querySelectorAll('input[type=text], input[type=email], select')) {
      if (field.checkVisibility()) {
        check(field, getComputedStyle(field).borderTopColor, behind(field.parentElement), 3, 'edge of');
        check(field, getComputedStyle(field, '::placeholder').color, behind(field), 4.5, 'placeholder of');
      }
    }
    return found;
  });
}
