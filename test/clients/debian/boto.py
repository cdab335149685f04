"""The SDK boto3 (Debian's python3-boto3)."""
import base64

import boto3
import urllib3.util.connection
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

EVERYBODY = "http://acs.amazonaws.com/groups/global/AllUsers"
dial = urllib3.util.connection.create_connection
address = [None]  # of the server, dialled whatever the name


def connect(_, *args, **kwargs):
    return dial(address[0], *args, **kwargs)


urllib3.util.connection.create_connection = connect


def canned(grants):
    """The ACL under which everybody has what the grants say."""
    rights = {g["Permission"] for g in grants if g["Grantee"].get("URI") == EVERYBODY}
    if "FULL_CONTROL" in rights or rights >= {"READ", "WRITE"}:
        return "public-read-write"
    if not rights:
        return "private"
    return "public-read" if rights == {"READ"} else "none of the canned ones: %s" % rights


def described(reply):
    return {
        "Size": reply["ContentLength"], "Type": reply.get("ContentType", ""), "Meta": reply["Metadata"],
        "ETag": reply["ETag"].strip('"'), "Range": reply.get("ContentRange", ""),
    }


class Driver:
    """Driver is a client of one bucket; its methods are those of Client."""

    def __init__(self, o):
        host, port = o["Address"].rsplit(":", 1)
        address[0] = (host, int(port))
        name = "s3.%s.amazonaws.com" % o["Region"] if o["Host"] else o["Address"]
        self.bucket = {"Bucket": o["Bucket"]}
        self.s3 = boto3.client(
            "s3", endpoint_url="http://" + name, region_name=o["Region"],
            aws_access_key_id=o["AccessKey"], aws_secret_access_key=o["SecretKey"],
            config=Config(signature_version=o["Sign"], retries={"total_max_attempts": 1}, proxies={},
                          s3={"addressing_style": "virtual" if o["Host"] else "path"}))

    def at(self, q):
        return dict(self.bucket, Key=q["key"])

    def pages(self, method, size, **given):
        return self.s3.get_paginator(method).paginate(PaginationConfig={"PageSize": size}, **given)

    def createBucket(self, q):
        self.s3.create_bucket(**self.bucket)

    def deleteBucket(self, q):
        self.s3.delete_bucket(**self.bucket)

    def put(self, q):
        o, more = q["object"], {}
        if o["Type"]:
            more["ContentType"] = o["Type"]
        if o["ACL"]:
            more["ACL"] = o["ACL"]
        self.s3.put_object(Body=base64.b64decode(o["Body"] or ""), Metadata=o["Meta"] or {}, **more, **self.at(q))

    def get(self, q):
        query, more = q["query"], {}
        if query["To"]:
            more["Range"] = "bytes=%d-%d" % (query["From"], query["To"])
        for name in "IfMatch", "IfNoneMatch":
            if query[name]:
                more[name] = query[name]
        reply = self.s3.get_object(**more, **self.at(q))
        return dict(described(reply), Body=base64.b64encode(reply["Body"].read()).decode())

    def head(self, q):
        return described(self.s3.head_object(**self.at(q)))

    def copy(self, q):
        self.s3.copy_object(CopySource=dict(self.bucket, Key=q["from"]), **self.at(q))

    def list(self, q):
        keys, prefixes = [], []
        for page in self.pages("list_objects_v2", q["size"], Prefix=q["Prefix"], Delimiter=q["Delimiter"], **self.bucket):
            keys += [one["Key"] for one in page.get("Contents", [])]
            prefixes += [one["Prefix"] for one in page.get("CommonPrefixes", [])]
        return {"Keys": keys, "Prefixes": prefixes}

    def delete(self, q):
        self.s3.delete_object(**self.at(q))

    def deleteAll(self, q):
        reply = self.s3.delete_objects(Delete={"Objects": [{"Key": key} for key in q["Keys"]]}, **self.bucket)
        if len(reply.get("Deleted", [])) != len(q["Keys"]):
            raise BotoCoreError()

    def presign(self, q):
        return self.s3.generate_presigned_url(q["Method"].lower() + "_object", self.at(q), q["Seconds"])

    def begin(self, q):
        return self.s3.create_multipart_upload(**self.at(q))["UploadId"]

    def of(self, q):
        return dict(self.at(q), UploadId=q["upload"])

    def part(self, q):
        return self.s3.upload_part(PartNumber=q["number"], Body=base64.b64decode(q["body"]), **self.of(q))["ETag"]

    def partFrom(self, q):
        reply = self.s3.upload_part_copy(PartNumber=q["number"], CopySource=dict(self.bucket, Key=q["from"]),
                                         CopySourceRange="bytes=%d-%d" % (q["at"], q["last"]), **self.of(q))
        return reply["CopyPartResult"]["ETag"]

    def parts(self, q):
        return [{"Number": p["PartNumber"], "ETag": p["ETag"], "Size": p["Size"]}
                for page in self.pages("list_parts", q["size"], **self.of(q)) for p in page.get("Parts", [])]

    def complete(self, q):
        parts = [{"PartNumber": p["Number"], "ETag": p["ETag"]} for p in q["parts"]]
        self.s3.complete_multipart_upload(MultipartUpload={"Parts": parts}, **self.of(q))

    def abort(self, q):
        self.s3.abort_multipart_upload(**self.of(q))

    def uploads(self, q):
        return [u["Key"] for page in self.pages("list_multipart_uploads", q["size"], Prefix=q["Prefix"], **self.bucket)
                for u in page.get("Uploads", [])]

    def allowACLs(self, q):
        self.s3.put_bucket_ownership_controls(OwnershipControls={"Rules": [{"ObjectOwnership": "ObjectWriter"}]}, **self.bucket)
        self.s3.delete_public_access_block(**self.bucket)

    def setACL(self, q):
        self.s3.put_bucket_acl(ACL=q["ACL"], **self.bucket)

    def acl(self, q):
        return canned(self.s3.get_bucket_acl(**self.bucket)["Grants"])

    def setObjectACL(self, q):
        self.s3.put_object_acl(ACL=q["ACL"], **self.at(q))

    def objectACL(self, q):
        return canned(self.s3.get_object_acl(**self.at(q))["Grants"])

    def setCORS(self, q):
        r = q["Rule"]
        rule = {"AllowedOrigins": r["Origins"], "AllowedMethods": r["Methods"], "AllowedHeaders": r["Headers"],
                "ExposeHeaders": r["Exposed"], "MaxAgeSeconds": r["MaxAge"]}
        self.s3.put_bucket_cors(CORSConfiguration={"CORSRules": [rule]}, **self.bucket)

    def cors(self, q):
        return [{"Origins": r["AllowedOrigins"], "Methods": r["AllowedMethods"], "Headers": r["AllowedHeaders"],
                 "Exposed": r["ExposeHeaders"], "MaxAge": r["MaxAgeSeconds"]}
                for r in self.s3.get_bucket_cors(**self.bucket)["CORSRules"]]

    def post(self, q):
        form = self.s3.generate_presigned_post(ExpiresIn=600, **self.at(q))
        return {"URL": form["url"], "Fields": form["fields"]}

    @staticmethod
    def refused(e):
        """Status and code of what a method raised."""
        if not isinstance(e, ClientError):
            return 0, ""
        code = e.response["Error"].get("Code", "")
        return e.response["ResponseMetadata"]["HTTPStatusCode"], "" if code.isdigit() else code
