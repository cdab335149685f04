package emulator

// ossConfigs are the documents of a bucket of OSS.
var ossConfigs = configs{
	"BucketLogging": {name: "logging", initial: "<BucketLoggingStatus></BucketLoggingStatus>", form: mustForm(`
BucketLoggingStatus
  LoggingEnabled?
    TargetBucket
    TargetPrefix?
    LoggingRole?
`)},
	"BucketReferer": {name: "referer", form: mustForm(`
RefererConfiguration
  AllowEmptyReferer bool
  AllowTruncateQueryString? bool
  TruncatePath? bool
  RefererList
    Referer*
  RefererBlacklist?
    Referer*
`), initial: "<RefererConfiguration><AllowEmptyReferer>true</AllowEmptyReferer><AllowTruncateQueryString>true</AllowTruncateQueryString>" +
		"<TruncatePath>false</TruncatePath><RefererList></RefererList></RefererConfiguration>"},
	"BucketLifecycleConfiguration": {name: "lifecycle", none: "NoSuchLifecycle", form: mustForm(`
LifecycleConfiguration
  Rule+
    ...
    ID?
    Prefix?
    Status Enabled|Disabled
`)},
	"BucketWebsite": {name: "website", none: "NoSuchWebsiteConfiguration", form: mustForm(`
WebsiteConfiguration
  ...
  IndexDocument?
    ...
    Suffix
  ErrorDocument?
    ...
    Key
  RoutingRules?
    RoutingRule+
      ...
`)},
	"BucketEncryption": {name: "encryption", none: "NoSuchServerSideEncryptionRule", form: mustForm(`
ServerSideEncryptionRule
  ApplyServerSideEncryptionByDefault
    SSEAlgorithm KMS|AES256|SM4
    KMSMasterKeyID?
    KMSDataEncryption?
`)},
	"BucketTagging": {name: "tagging", rest: (*call).tagsLeft, initial: "<Tagging><TagSet></TagSet></Tagging>", form: mustForm(`
Tagging
  TagSet
    Tag*
      Key
      Value
`)},
	"BucketPolicy": {name: "policy", json: true, none: "NoSuchBucketPolicy", check: (*call).anyJSON},
	"BucketTransferAcceleration": {name: "acceleration", none: "NoSuchTransferAccelerationConfiguration", form: mustForm(`
TransferAccelerationConfiguration
  Enabled bool
`)},
	"BucketInventory": {name: "inventory", item: "inventoryId", none: "NoSuchInventory", form: mustForm(`
InventoryConfiguration
  ...
  Id
  IsEnabled bool
`)},
	"BucketResourceGroup": {name: "resourceGroup", check: (*call).knownGroup, form: mustForm(`
BucketResourceGroupConfiguration
  ResourceGroupId
`), initial: "<BucketResourceGroupConfiguration><ResourceGroupId>rg-default</ResourceGroupId></BucketResourceGroupConfiguration>"},
	"BucketAccessMonitor": {name: "accessMonitor", form: mustForm(`
AccessMonitorConfiguration
  Status Enabled|Disabled
`), initial: "<AccessMonitorConfiguration><Status>Disabled</Status></AccessMonitorConfiguration>"},
	"BucketArchiveDirectRead": {name: "archiveDirectRead", form: mustForm(`
ArchiveDirectReadConfiguration
  Enabled bool
`), initial: "<ArchiveDirectReadConfiguration><Enabled>false</Enabled></ArchiveDirectReadConfiguration>"},
	"BucketHttpsConfig": {name: "httpsConfig", form: mustForm(`
HttpsConfiguration
  TLS
    Enable bool
    TLSVersion*
  CipherSuite?
    ...
`), initial: "<HttpsConfiguration><TLS><Enable>false</Enable></TLS></HttpsConfiguration>"},
}
