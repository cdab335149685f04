module objectharness/test/proxy

go 1.26.0

require objectharness v0.0.0

replace objectharness => ../..
