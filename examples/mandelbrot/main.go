// Draws the Mandelbrot set in letters, line by line, and prints a sum of all that it has computed: floating-point numbers
// must come out the same on every machine, to the last bit.
package main

import (
	"fmt"
	"math"
)

const (
	width  = 78
	height = 36
	rounds = 20_000
)

func main() {
	sum := 0.0
	for y := 0; y < height; y++ {
		line := make([]byte, width)
		for x := 0; x < width; x++ {
			steps, distance := escape(float64(x)/width*3-2.2, float64(y)/height*2.4-1.2)
			line[x] = " .:-=+*#%@"[9*steps/rounds]
			sum += math.Sqrt(distance)
		}
		fmt.Println(string(line))
	}
	fmt.Printf("%x\n", sum)
}

func escape(a, b float64) (steps int, distance float64) {
	var x, y float64
	for steps = 0; steps < rounds && x*x+y*y < 4; steps++ {
		x, y = x*x-y*y+a, 2*x*y+b
	}
	return steps, x*x + y*y
}
