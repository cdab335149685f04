package emulator

import "encoding/json"

// s3Space is the name space of the documents of S3.
const s3Space = "http://s3.amazonaws.com/doc/2006-03-01/"

// s3Configs are the documents of a bucket of S3.
var s3Configs = configs{
	"BucketTagging": {name: "bucket-tagging", none: "NoSuchTagSet", put: 204, space: s3Space, digest: "InvalidRequest", form: taggingForm, check: (*call).bucketTagSet},
	"BucketLifecycleConfiguration": {name: lifecycleSetting, none: "NoSuchLifecycleConfiguration", space: s3Space, digest: "InvalidRequest",
		form: lifecycleForm, check: (*call).validLifecycle,
		told: func(c *call) {
			c.set("lifecycle.least-size", "x-amz-transition-default-minimum-object-size", "all_storage_classes_128K")
		}},
	"ObjectLockConfiguration": {name: lockSetting, none: "ObjectLockConfigurationNotFoundError", space: s3Space, digest: "InvalidRequest", empty: "MissingRequestBodyError",
		form: lockForm, check: (*call).validLock},
	"BucketEncryption": {name: "encryption", space: s3Space, digest: "InvalidRequest", initial: encryptionInitial, form: encryptionForm, check: (*call).validEncryption},
	"BucketPolicy":     {name: policySetting, json: true, none: "NoSuchBucketPolicy", put: 204, bound: policyBound, tooLarge: "PolicyTooLarge", check: (*call).validPolicy},
	"BucketWebsite":    {name: websiteSetting, none: "NoSuchWebsiteConfiguration", space: s3Space, form: websiteForm, check: (*call).validWebsite},
	"BucketLogging": {name: "logging", space: s3Space, digest: "InvalidRequest", initial: "<BucketLoggingStatus></BucketLoggingStatus>", form: mustForm(`
BucketLoggingStatus
  LoggingEnabled?
    TargetBucket
    TargetPrefix
    TargetGrants?
      ...
    TargetObjectKeyFormat?
      ...
`)},
	"BucketAccelerateConfiguration": {name: "accelerate", space: s3Space, digest: "InvalidRequest", initial: "<AccelerateConfiguration></AccelerateConfiguration>", form: mustForm(`
AccelerateConfiguration
  Status Enabled|Suspended
`)},
	"BucketNotificationConfiguration": {name: "notification", space: s3Space, initial: "<NotificationConfiguration></NotificationConfiguration>", form: mustForm(`
NotificationConfiguration
  EventBridgeConfiguration?
    ...
`)},
}

// anyJSON holds a document to JSON and no more.
func (c *call) anyJSON(_ *configNode, text []byte) error {
	return c.require("config.json", json.Valid(text), "MalformedPolicy")
}
