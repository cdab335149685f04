package suites

import "slices"

// signingBooks write the chapter signing: right signatures are accepted, and
// each way of getting one wrong is refused as documented and without effect.
var signingBooks = slices.Concat(signingOSSBooks, signingCOSBooks, signingBOSBooks, signingS3Books)
