"""The commands of aws (Debian's awscli), run in this process: one of its own for each takes seconds."""
import base64
import contextlib
import io
import json
import logging
import os
import re
import tempfile

from awscli.clidriver import create_clidriver
from boto import address, canned, described

CODE = re.compile(r"An error occurred \((\w+)\)")


class Statuses(logging.Handler):
    """The statuses of the replies, which the commands do not tell."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.seen = [0]

    def emit(self, record):
        if len(record.args) == 8 and isinstance(record.args[6], int):
            self.seen.append(record.args[6])


statuses = Statuses()
wire = logging.getLogger("urllib3.connectionpool")
wire.setLevel(logging.DEBUG)
wire.addHandler(statuses)


class Refused(Exception):
    """What a command said, with the status of its last reply."""

    def __init__(self, said):
        super().__init__(said.strip() or "refused")
        code = CODE.search(said)
        self.status = statuses.seen[-1]
        self.code = code.group(1) if code and not code.group(1).isdigit() else ""


class Output(io.StringIO):
    """Standard output; awscli asks it for its encoding."""

    encoding = "utf-8"


class Driver:
    """Driver is a client of one bucket; its methods are those of Client."""

    def __init__(self, o):
        self.bucket = o["Bucket"]
        host, port = o["Address"].rsplit(":", 1)
        address[0] = (host, int(port))
        with tempfile.NamedTemporaryFile("w", suffix=".aws", delete=False) as config:
            config.write("[default]\ns3 =\n  addressing_style = %s\n" % ("virtual" if o["Host"] else "path"))
        self.env = {
            "AWS_ACCESS_KEY_ID": o["AccessKey"], "AWS_SECRET_ACCESS_KEY": o["SecretKey"], "AWS_DEFAULT_REGION": o["Region"],
            "AWS_CONFIG_FILE": config.name, "AWS_SHARED_CREDENTIALS_FILE": os.devnull, "AWS_MAX_ATTEMPTS": "1", "AWS_PAGER": "",
        }
        self.cli = None
        self.endpoint = "http://s3.%s.amazonaws.com" % o["Region"] if o["Host"] else "http://" + o["Address"]

    def run(self, *command):
        os.environ.update(self.env)
        os.environ.pop("AWS_CA_BUNDLE", None)
        out, err = Output(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            if self.cli is None:  # it takes a while, and its session keeps the keys
                self.cli = create_clidriver()
            code = self.cli.main(["--endpoint-url", self.endpoint, "--output", "json", *command])
        if code:
            raise Refused(err.getvalue())
        return out.getvalue()

    def api(self, operation, **given):
        command = ["s3api", operation, "--bucket", self.bucket]
        for name, value in given.items():
            option = "--" + name.replace("_", "-")
            command += [option, json.dumps(value) if isinstance(value, (dict, list)) else str(value)]
        out = self.run(*command)
        return json.loads(out) if out.strip() else {}

    def url(self, key):
        return "s3://%s/%s" % (self.bucket, key)

    def createBucket(self, q):
        self.run("s3", "mb", "s3://" + self.bucket)

    def deleteBucket(self, q):
        self.api("delete-bucket")

    def put(self, q):
        o, more = q["object"], []
        if o["Type"]:
            more += ["--content-type", o["Type"]]
        if o["Meta"]:
            more += ["--metadata", json.dumps(o["Meta"])]
        if o["ACL"]:
            more += ["--acl", o["ACL"]]
        with tempfile.NamedTemporaryFile() as f:
            f.write(base64.b64decode(o["Body"] or ""))
            f.flush()
            self.run("s3", "cp", "--no-guess-mime-type", *more, f.name, self.url(q["key"]))

    def get(self, q):
        query, more = q["query"], {}
        if query["To"]:
            more["range"] = "bytes=%d-%d" % (query["From"], query["To"])
        for name, option in ("IfMatch", "if_match"), ("IfNoneMatch", "if_none_match"):
            if query[name]:
                more[option] = query[name]
        with tempfile.NamedTemporaryFile() as f:
            command = ["s3api", "get-object", "--bucket", self.bucket, "--key", q["key"], f.name]
            for name, value in more.items():
                command += ["--" + name.replace("_", "-"), value]
            reply = json.loads(self.run(*command))
            return dict(described(reply), Body=base64.b64encode(open(f.name, "rb").read()).decode())

    def head(self, q):
        return described(self.api("head-object", key=q["key"]))

    def copy(self, q):
        self.run("s3", "cp", self.url(q["from"]), self.url(q["key"]))

    def list(self, q):
        more = {"delimiter": q["Delimiter"]} if q["Delimiter"] else {}
        page = self.api("list-objects-v2", prefix=q["Prefix"], page_size=q["size"], **more)
        return {"Keys": [one["Key"] for one in page.get("Contents", [])],
                "Prefixes": [one["Prefix"] for one in page.get("CommonPrefixes", [])]}

    def delete(self, q):
        self.run("s3", "rm", self.url(q["key"]))

    def deleteAll(self, q):
        self.api("delete-objects", delete={"Objects": [{"Key": key} for key in q["Keys"]]})

    def presign(self, q):
        if q["Method"] != "GET":
            raise NotImplementedError
        return self.run("s3", "presign", "--expires-in", str(q["Seconds"]), self.url(q["key"])).strip()

    def begin(self, q):
        return self.api("create-multipart-upload", key=q["key"])["UploadId"]

    def part(self, q):
        with tempfile.NamedTemporaryFile() as f:
            f.write(base64.b64decode(q["body"]))
            f.flush()
            return self.api("upload-part", key=q["key"], upload_id=q["upload"], part_number=q["number"], body=f.name)["ETag"]

    def partFrom(self, q):
        reply = self.api("upload-part-copy", key=q["key"], upload_id=q["upload"], part_number=q["number"],
                         copy_source="%s/%s" % (self.bucket, q["from"]), copy_source_range="bytes=%d-%d" % (q["at"], q["last"]))
        return reply["CopyPartResult"]["ETag"]

    def parts(self, q):
        reply = self.api("list-parts", key=q["key"], upload_id=q["upload"], page_size=q["size"])
        return [{"Number": p["PartNumber"], "ETag": p["ETag"], "Size": p["Size"]} for p in reply.get("Parts", [])]

    def complete(self, q):
        parts = [{"PartNumber": p["Number"], "ETag": p["ETag"]} for p in q["parts"]]
        self.api("complete-multipart-upload", key=q["key"], upload_id=q["upload"], multipart_upload={"Parts": parts})

    def abort(self, q):
        self.api("abort-multipart-upload", key=q["key"], upload_id=q["upload"])

    def uploads(self, q):
        return [u["Key"] for u in self.api("list-multipart-uploads", prefix=q["Prefix"], page_size=q["size"]).get("Uploads", [])]

    def allowACLs(self, q):
        self.api("put-bucket-ownership-controls", ownership_controls={"Rules": [{"ObjectOwnership": "ObjectWriter"}]})
        self.api("delete-public-access-block")

    def setACL(self, q):
        self.api("put-bucket-acl", acl=q["ACL"])

    def acl(self, q):
        return canned(self.api("get-bucket-acl")["Grants"])

    def setObjectACL(self, q):
        self.api("put-object-acl", key=q["key"], acl=q["ACL"])

    def objectACL(self, q):
        return canned(self.api("get-object-acl", key=q["key"])["Grants"])

    @staticmethod
    def refused(e):
        """Status and code of what a method raised."""
        return (e.status, e.code) if isinstance(e, Refused) else (0, "")
