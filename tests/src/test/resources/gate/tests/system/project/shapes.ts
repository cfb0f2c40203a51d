export type Shape = { kind: "circle"; radius: number } | { kind: "square"; side: number };

export class Unknown extends Error {
  #kind: string;
  constructor(kind: string) {
    super(`unknown: ${kind}`);
    this.#kind = kind;
  }
  get kind(): string {
    return this.#kind;
  }
}

export function area(shape: Shape): number {
  switch (shape.kind) {
    case "circle":
      return Math.PI * shape.radius ** 2;
    case "square":
      return shape.side * shape.side;
    default:
      throw new Unknown((shape as { kind: string }).kind);
  }
}

export const neverUsed = () => area({ kind: "square", side: 1 });
