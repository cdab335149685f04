package target

import (
	"strings"

	"objectharness/internal/client"
)

const (
	adviceDialect = "is this an object store of that dialect? Check --dialect and --endpoint"
	adviceHTML    = "the endpoint is a console, a proxy or another web server; check --endpoint and its port"
	adviceKey     = "the access key is not known there: check " + EnvAccessKey + " and the endpoint"
	adviceSecret  = "the secret key does not belong to the access key, or something in between changes requests: check " + EnvSecretKey + ", --region and --style"
	adviceToken   = "the security token is missing, foreign or outdated: check " + EnvToken
	adviceClock   = "set this machine's clock, or the target's"
	adviceRegion  = "the region is another one: check --region and --endpoint"
	adviceStyle   = "the target wants the bucket in the host name: use --style virtual"
	adviceRights  = "the account has no permission for that: grant it, or give a bucket that it may use (--bucket)"
	adviceBucket  = "the bucket is not there: make it, or leave --bucket out"
	adviceLoad    = "the target is throttling or overloaded: try later, or lower --max-rps"
	adviceOther   = "look up the code in the target's documentation"
)

// advices tells by error code, as the four dialects name them, what to do.
var advices = map[string]string{
	"InvalidAccessKeyId": adviceKey, "InvalidAccessKey": adviceKey, "AccessKeyNotFound": adviceKey,
	"SignatureDoesNotMatch": adviceSecret, "InvalidSignature": adviceSecret,
	"InvalidToken": adviceToken, "ExpiredToken": adviceToken, "TokenRefreshRequired": adviceToken, "SecurityTokenExpired": adviceToken,
	"InvalidSecurityToken": adviceToken, "InvalidSessionToken": adviceToken,
	"RequestTimeTooSkewed": adviceClock, "RequestExpired": adviceClock, "RequestIsExpired": adviceClock, "ExpiredRequest": adviceClock,
	"AuthorizationHeaderMalformed": adviceRegion, "PermanentRedirect": adviceRegion, "TemporaryRedirect": adviceRegion,
	"IllegalLocationConstraintException": adviceRegion, "InvalidRegion": adviceRegion, "BadEndpoint": adviceRegion,
	"SecondLevelDomainForbidden": adviceStyle, "PathStyleDomainForbidden": adviceStyle,
	"AccessDenied": adviceRights, "AllAccessDisabled": adviceRights, "AccountProblem": adviceRights, "UserDisable": adviceRights,
	"NoSuchBucket": adviceBucket,
	"SlowDown":     adviceLoad, "ServiceUnavailable": adviceLoad, "TooManyRequests": adviceLoad,
}

// advice says what to do about a refused request.
func advice(r *client.Reply) string {
	if text, ok := advices[r.Err.Code]; ok && !strings.Contains(r.Err.Message, "endpoint") {
		return text
	}
	switch {
	case strings.Contains(r.Err.Message, "endpoint"), r.Status/100 == 3:
		return adviceRegion
	case r.Status == 429 || r.Status == 503:
		return adviceLoad
	case r.Err.Code == "":
		return adviceDialect
	}
	return adviceOther
}
