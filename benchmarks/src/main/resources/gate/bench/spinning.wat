;; Never waits, and ends by being stopped.
(module (func (export "spin") (loop (br 0))) (func (export "nothing")))
