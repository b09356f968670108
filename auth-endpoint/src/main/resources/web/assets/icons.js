// The few icons of the page, as elements: the policy allows no markup in scripts, and a picture could not take colours.

const SVG = 'http://www.w3.org/2000/svg';

// Strokes on a grid of 24.
const PATHS = {
  web: 'M3 5h18v12H3zM8 21h8M12 17v4',
  mobile: 'M7 2h10v20H7zM11 18h2',
  desktop: 'M3 4h18v16H3zM3 9h18M6 6.5h.01M9 6.5h.01',
  device: 'M5 5h14v14H5zM9 9h6v6H9z',
  place: 'M12 21c4-4.5 7-7.8 7-11a7 7 0 0 0-14 0c0 3.2 3 6.5 7 11zM12 12.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z',
  bell: 'M6 16V11a6 6 0 0 1 12 0v5l2 2H4zM10 21h4',
  here: 'M2 12s3.5-6.5 10-6.5S22 12 22 12s-3.5 6.5-10 6.5S2 12 2 12zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z',
};

/** An icon; with a name it is a picture of that, else decoration. */
export function icon(what, name = '') {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', 'icon');
  if (name) {
    svg.setAttribute('role', 'img');
    const title = document.createElementNS(SVG, 'title');
    title.textContent = name;
    svg.append(title);
  } else {
    svg.setAttribute('aria-hidden', 'true');
  }
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', Object.hasOwn(PATHS, what) ? PATHS[what] : PATHS.device);
  svg.append(path);
  return svg;
}
