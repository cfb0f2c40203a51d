module gate.example/mandelbrot

go 1.24
