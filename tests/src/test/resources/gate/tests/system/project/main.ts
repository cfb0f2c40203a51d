import { area, type Shape } from "./shapes";
import limits from "./limits.json";
import greeting from "./greeting.txt";

const shapes: Shape[] = [
  { kind: "circle", radius: 2 },
  { kind: "square", side: 3 },
];

enum Level {
  Low,
  High = 5,
}

export async function main(): Promise<number> {
  const { maximum, ...others } = limits;
  const sum = shapes.map(area).reduce((a, b) => a + b, 0);
  console.log(greeting, sum > maximum ? Level.High : Level.Low, others?.unit ?? "none");
  return sum ** 2;
}

await main();
