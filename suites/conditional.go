package suites

// conditionalBooks write the chapter conditional.
var conditionalBooks = []func(*Book){}
