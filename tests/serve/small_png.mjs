// SPDX-License-Identifier: Apache-2.0
// A picture as a PNG of at most 256 colours: the commonest ones, and for every other the nearest of these.
import { deflateSync } from "node:zlib";

/** In a page of Chromium: width, height and colours, and the pixels as places among them (base64), from a PNG (base64). */
const counted = async (png) => {
  const image = new Image();
  image.src = `data:image/png;base64,${png}`;
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
  canvas.drawImage(image, 0, 0);
  const bytes = canvas.getImageData(0, 0, image.width, image.height).data;
  const seen = new Map();
  const coarse = (i) => (bytes[i] & 0xf8) << 16 | (bytes[i + 1] & 0xf8) << 8 | (bytes[i + 2] & 0xf8);
  for (let i = 0; i < bytes.length; i += 4) {
    const cell = seen.get(coarse(i)) ?? { n: 0, sum: [0, 0, 0] };
    ++cell.n;
    for (const k of [0, 1, 2]) cell.sum[k] += bytes[i + k];
    seen.set(coarse(i), cell);
  }
  const colours = [...seen.values()].sort((a, b) => b.n - a.n).slice(0, 256).map((c) => c.sum.map((s) => Math.round(s / c.n)));
  const place = new Map();
  let text = "";
  for (let i = 0; i < bytes.length; i += 4) {
    const key = coarse(i);
    if (!place.has(key)) {
      const far = colours.map((c) => (c[0] - bytes[i]) ** 2 + (c[1] - bytes[i + 1]) ** 2 + (c[2] - bytes[i + 2]) ** 2);
      place.set(key, far.indexOf(Math.min(...far)));
    }
    text += String.fromCharCode(place.get(key));
  }
  return { width: image.width, height: image.height, colours, pixels: btoa(text) };
};

function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let k = 0; k < 8; ++k) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

function chunk(name, body) {
  const out = Buffer.alloc(body.length + 12);
  out.writeUInt32BE(body.length, 0);
  out.write(name, 4, "latin1");
  body.copy(out, 8);
  out.writeUInt32BE(crc32(out.subarray(4, body.length + 8)), body.length + 8);
  return out;
}

/** `page` is any page of a browser; `png` the bytes of a picture. */
export async function smallPng(page, png) {
  const { width, height, colours, pixels } = await page.evaluate(counted, png.toString("base64"));
  const flat = Buffer.from(pixels, "base64");
  const lines = Buffer.alloc(height * (width + 1));  // each begins with its filter: none
  for (let y = 0; y < height; ++y) flat.copy(lines, y * (width + 1) + 1, y * width, (y + 1) * width);
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk("IHDR", head), chunk("PLTE", Buffer.from(colours.flat())), chunk("IDAT", deflateSync(lines, { level: 9 })), chunk("IEND", Buffer.alloc(0))]);
}
