"""The command s3cmd (Debian's s3cmd), which is GPL: run, not imported. In host style the server is its proxy."""
import ast
import base64
import os
import re
import subprocess
import tempfile
import xml.etree.ElementTree as ET

REPLY = re.compile(r"^DEBUG: Response:\n(.*?)(?=^(?:DEBUG|INFO|WARNING|ERROR): |\Z)", re.M | re.S)
REQUEST = re.compile(r"^DEBUG: Sending request method_string='(\w+)'", re.M)
FAULT = re.compile(r"^ERROR: .*?\b(\d{3}) \((\w+)\)", re.M)
ENTRY = re.compile(r"^(?:[\d-]+ [\d:]+ +\d+|\s+DIR) +s3://[^/]+/(.*)$", re.M)
EVERYBODY = re.compile(r"ACL: +\*anon\*: (\w+)")
HIDDEN = "(hidden)"  # what it told is the answer to a HEAD, which has no code
PART = 5 << 20  # bytes, the least that it takes


class Refused(Exception):
    """What the command said, with status and code of its last reply."""

    def __init__(self, replies, said):
        errors = [line for line in said.splitlines() if line.startswith("ERROR: ")]
        super().__init__("; ".join(errors) or "refused")
        self.status = replies[-1]["status"] if replies else 0
        code = FAULT.search(said)
        head = (REQUEST.findall(said) or [""])[-1] == "HEAD"
        self.code = HIDDEN if head else code.group(2) if code else ""


class Driver:
    """Driver is a client of one bucket; its methods are those of Client."""

    def __init__(self, o):
        self.bucket, self.kept = o["Bucket"], {}
        host, port = o["Address"].rsplit(":", 1)
        name, below = o["Address"], o["Address"]
        if o["Host"]:
            name = "s3.%s.amazonaws.com" % o["Region"]
            below = "%(bucket)s." + name
        settings = {
            "access_key": o["AccessKey"], "secret_key": o["SecretKey"], "bucket_location": o["Region"], "host_base": name, "host_bucket": below,
            "use_https": False, "proxy_host": host if o["Host"] else "", "proxy_port": port if o["Host"] else 0, "preserve_attrs": False,
            "guess_mime_type": False, "multipart_chunk_size_mb": PART >> 20, "progress_meter": False,
            "acl_public": False,  # else a copy writes the list of its source, which a new bucket refuses
        }
        with tempfile.NamedTemporaryFile("w", suffix=".s3cfg", delete=False) as config:
            config.write("[default]\n" + "".join("%s = %s\n" % one for one in settings.items()))
        self.command = ["s3cmd", "--config", config.name, "--debug"]

    def run(self, *arguments):
        """Runs a command: what it wrote, and the replies that it got."""
        done = subprocess.run([*self.command, *arguments], capture_output=True, encoding="utf-8", stdin=subprocess.DEVNULL,
                              env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"})
        replies = [ast.literal_eval(text) for text in REPLY.findall(done.stderr) if text.strip() != "{}"]
        if done.returncode:
            raise Refused(replies, done.stderr)
        return done.stdout, replies

    def url(self, key=""):
        return "s3://%s/%s" % (self.bucket, key)

    def createBucket(self, q):
        self.run("mb", self.url())

    def deleteBucket(self, q):
        self.run("rb", self.url())

    def send(self, key, body, *more):
        with tempfile.NamedTemporaryFile() as f:
            f.write(body)
            f.flush()
            self.run("put", *more, f.name, self.url(key))

    def put(self, q):
        o, more = q["object"], []
        if o["ACL"]:
            raise NotImplementedError  # a bucket that heeds it cannot be made
        if o["Type"]:
            more += ["--mime-type", o["Type"]]
        for name, value in (o["Meta"] or {}).items():
            more += ["--add-header", "x-amz-meta-%s:%s" % (name, value)]
        self.send(q["key"], base64.b64decode(o["Body"] or ""), *more)

    def get(self, q):
        if any(q["query"].values()):
            raise NotImplementedError  # neither ranges nor conditions
        with tempfile.NamedTemporaryFile() as f:
            _, replies = self.run("get", "--force", self.url(q["key"]), f.name)
            return dict(described(replies[-1]), Body=base64.b64encode(open(f.name, "rb").read()).decode())

    def head(self, q):
        return described(self.run("info", self.url(q["key"]))[1][0])

    def copy(self, q):
        self.run("cp", self.url(q["from"]), self.url(q["key"]))

    def list(self, q):
        if q["size"] != 1000:
            raise NotImplementedError  # the size of a page cannot be chosen
        more = [] if q["Delimiter"] else ["--recursive"]
        found = ENTRY.findall(self.run("ls", *more, self.url(q["Prefix"]))[0])
        keys = [name for name in found if not (q["Delimiter"] and name.endswith("/"))]
        return {"Keys": keys, "Prefixes": [name for name in found if name not in keys]}

    def delete(self, q):
        self.run("del", self.url(q["key"]))

    def deleteAll(self, q):
        self.run("del", "--recursive", self.url(os.path.commonprefix(q["Keys"])))

    # An upload in parts is one command: it is given when the upload is completed.

    def begin(self, q):
        self.kept[q["key"]] = b""
        return "begun"

    def part(self, q):
        self.kept[q["key"]] += base64.b64decode(q["body"])
        return "kept"

    def complete(self, q):
        self.send(q["key"], self.kept.pop(q["key"]))

    def objectACL(self, q):
        rights = EVERYBODY.findall(self.run("info", self.url(q["key"]))[0])
        return {(): "private", ("READ",): "public-read"}.get(tuple(rights), "none of the canned ones: %s" % rights)

    def setCORS(self, q):
        r = q["Rule"]
        root = ET.Element("CORSConfiguration")
        rule = ET.SubElement(root, "CORSRule")
        for name, values in MEMBERS.items():
            for value in r[values] if values != "MaxAge" else [str(r[values])]:
                ET.SubElement(rule, name).text = value
        with tempfile.NamedTemporaryFile() as f:
            f.write(ET.tostring(root))
            f.flush()
            self.run("setcors", f.name, self.url())

    def cors(self, q):
        text = re.search(r"CORS: +(<.*</CORSConfiguration>)", self.run("info", self.url())[0], re.S).group(1)
        rules = []
        for rule in (n for n in ET.fromstring(text) if n.tag.endswith("CORSRule")):
            got = {member: [n.text for n in rule if n.tag.endswith(name)] for name, member in MEMBERS.items()}
            rules.append(dict(got, MaxAge=int(got["MaxAge"][0])))
        return rules

    @staticmethod
    def refused(e):
        """Status and code of what a method raised."""
        return (e.status, e.code) if isinstance(e, Refused) else (0, "")


MEMBERS = {"AllowedOrigin": "Origins", "AllowedMethod": "Methods", "AllowedHeader": "Headers", "ExposeHeader": "Exposed", "MaxAgeSeconds": "MaxAge"}


def described(reply):
    h = reply["headers"]
    return {
        "Size": int(h["content-length"]), "Type": h.get("content-type", ""), "ETag": h["etag"].strip('"'),
        "Meta": {name[len("x-amz-meta-"):]: value for name, value in h.items() if name.startswith("x-amz-meta-")},
    }
