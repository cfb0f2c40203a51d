// Runs the JavaScript that comes on standard input. goja is a JavaScript interpreter written in Go; compiled to
// WebAssembly it is a program of 19 MB that interprets a program: a good one to stop in the middle of something.
package main

import (
	"fmt"
	"io"
	"os"

	"github.com/dop251/goja"
)

func main() {
	source, err := io.ReadAll(os.Stdin)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	vm := goja.New()
	vm.Set("print", func(call goja.FunctionCall) goja.Value {
		for i, a := range call.Arguments {
			if i > 0 {
				fmt.Print(" ")
			}
			fmt.Print(a.String())
		}
		fmt.Println()
		return goja.Undefined()
	})
	if _, err := vm.RunString(string(source)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
