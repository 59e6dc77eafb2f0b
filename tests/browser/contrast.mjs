// The contrast of text with what lies behind it.

/**
 * Runs inside the page, so it must stand alone. For every piece of visible text it puts the colours of all
 * ancestors over each other, with their alphas and opacities, and compares the text's column with the one beside it.
 *
 * Not seen: text over photographs, blend modes and filters. Of a gradient, the colour that suits the text least counts.
 */
export function colours() {
  const pen = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
  const known = new Map();

  /** Any CSS colour as red, green, blue of 0 to 255 and alpha of 0 to 1. */
  function rgba(colour) {
    if (!known.has(colour)) {
      pen.clearRect(0, 0, 1, 1);
      pen.fillStyle = "transparent";
      pen.fillStyle = colour;
      pen.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
      known.set(colour, [r, g, b, a / 255]);
    }
    return known.get(colour);
  }
  const fade = ([r, g, b, a], opacity) => [r, g, b, a * opacity];
  function over(top, below) {
    const alpha = top[3] + below[3] * (1 - top[3]);
    const mix = (i) => (alpha ? (top[i] * top[3] + below[i] * below[3] * (1 - top[3])) / alpha : 0);
    return [mix(0), mix(1), mix(2), alpha];
  }
  function luminance(colour) {
    const [r, g, b] = colour.slice(0, 3).map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }
  function ratio(a, b) {
    const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (light + 0.05) / (dark + 0.05);
  }

  /** The colours that an element may have behind its text: one, or those of its gradient. */
  function grounds(style) {
    const plain = rgba(style.backgroundColor);
    const stops = style.backgroundImage.includes("gradient(") ? style.backgroundImage.match(/(?:rgba?|color|oklch|oklab|lab|lch|hsla?)\([^()]*\)/g) : null;
    return stops ? stops.map((stop) => over(rgba(stop), plain)) : [plain];
  }
  /** The worst contrast of text of this colour in this element, over these colours that are already behind it. */
  function worst(element, text, behind = [0, 0, 0, 0]) {
    let columns = [[over(text, behind), behind]];
    for (let at = element; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      columns = columns.flatMap(([front, back]) =>
        grounds(style).map((ground) => [over(front, ground), over(back, ground)].map((colour) => fade(colour, Number(style.opacity)))),
      );
    }
    return Math.min(...columns.map(([front, back]) => ratio(over(front, [255, 255, 255, 1]), over(back, [255, 255, 255, 1]))));
  }

  /** What is drawn behind text in a picture: its outline, or else the last shape under its middle. */
  function drawnBehind(element) {
    const style = getComputedStyle(element);
    if (style.paintOrder.startsWith("stroke") && style.stroke !== "none") return fade(rgba(style.stroke), Number(style.strokeOpacity));
    const box = element.getBoundingClientRect();
    const middle = new DOMPoint(box.x + box.width / 2, box.y + box.height / 2);
    let behind = [0, 0, 0, 0];
    for (const shape of element.ownerSVGElement.querySelectorAll("path, rect, circle, ellipse, polygon")) {
      const before = shape.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING;
      const matrix = shape.getScreenCTM();
      const look = getComputedStyle(shape);
      if (!before || !matrix || look.fill === "none" || look.visibility !== "visible") continue;
      if (shape.isPointInFill(middle.matrixTransform(matrix.inverse()))) {
        behind = over(fade(rgba(look.fill), look.fillOpacity * look.opacity), behind);
      }
    }
    return behind;
  }

  /** Every piece of text: its element, the style it is written in, and what it says. */
  function* pieces() {
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT);
    for (let element = walk.nextNode(); element; element = walk.nextNode()) {
      const style = getComputedStyle(element);
      const own = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.data);
      if (element.matches("input:not([type=checkbox], [type=radio], [type=range], [type=color]), textarea")) {
        yield element.value ? [element, style, element.value] : [element, getComputedStyle(element, "::placeholder"), element.placeholder];
      } else {
        yield [element, style, own.join(" ")];
      }
      for (const side of ["::before", "::after"]) {
        const aside = getComputedStyle(element, side);
        if (/^"/.test(aside.content) && aside.display !== "none") yield [element, aside, aside.content.slice(1, -1)];
      }
    }
  }

  /** Whether anybody sees it. Text kept for screen readers is one pixel or outside; what is disabled is exempt. */
  function seen(element) {
    if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return false;
    if (element.matches(":disabled, script, style, title, desc, option") || element.closest("[aria-disabled=true]")) return false;
    const box = element.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && box.bottom > 0 && box.right > 0;
  }

  const complaints = [];
  for (const [element, style, text] of pieces()) {
    if (!/[\p{L}\p{N}]/u.test(text) || !seen(element)) continue;
    const picture = element.ownerSVGElement;
    const colour = picture ? fade(rgba(style.fill), Number(style.fillOpacity)) : fade(rgba(style.color), element.matches("input, textarea") ? Number(style.opacity) : 1);
    const has = worst(element, colour, picture ? drawnBehind(element) : undefined);
    const size = Number.parseFloat(style.fontSize);
    const asks = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
    if (has < asks - 0.005) {
      complaints.push(`${element.tagName.toLowerCase()}.${element.getAttribute("class") ?? ""} “${text.trim().slice(0, 40)}” has ${has.toFixed(2)}, needs ${asks}`);
    }
  }
  return complaints;
}
