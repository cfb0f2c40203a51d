// Recursion within recursion, strings, objects and floating-point numbers.
function ackermann(m, n) {
  return m === 0 ? n + 1 : ackermann(m - 1, n === 0 ? 1 : ackermann(m, n - 1));
}

function permutations(letters) {
  if (letters.length < 2) return [letters];
  const all = [];
  for (let i = 0; i < letters.length; i++) {
    for (const rest of permutations(letters.slice(0, i) + letters.slice(i + 1))) all.push(letters[i] + rest);
  }
  return all;
}

function tree(depth) {
  return depth === 0 ? { sum: Math.sqrt(2) } : { left: tree(depth - 1), right: tree(depth - 1) };
}

function total(node) {
  return node.sum === undefined ? total(node.left) / 3 + total(node.right) / 7 : node.sum;
}

for (let n = 1; n <= 5; n++) print("ackermann", n, ackermann(2, n));
print("permutations", permutations("wasmj").filter((word) => word.startsWith("j")).length);
for (let depth = 1; depth <= 6; depth++) print("tree", depth, total(tree(depth)));
