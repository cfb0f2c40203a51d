module examples

go 1.25

require gate v0.0.0

replace gate => ../../sdk/go
