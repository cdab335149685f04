module objectharness

go 1.26
