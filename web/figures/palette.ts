// SPDX-License-Identifier: Apache-2.0
// Colours are the custom properties of figures.css (Okabe-Ito); an arm also has a dash pattern, so that no figure rests on
// colour alone.

const dashes = ["", "8 4", "2 3", "10 3 2 3", "5 2", "1 2"];

export const armColour = (index: number): string => `var(--arm-${index % dashes.length})`;
export const armText = (index: number): string => `var(--arm-text-${index % dashes.length})`;
export const armDash = (index: number): string => dashes[index % dashes.length];
