package emulator

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"hash/crc32"
	"io"
	"strconv"
	"strings"

	"objectharness/internal/emulator/query"
)

// Kinds of frames that a select answers, and the version in front of them.
const (
	dataFrame    = 1<<24 | 8388609
	endFrame     = 1<<24 | 8388613
	csvMetaFrame = 1<<24 | 8388614
	jsonMeta     = 1<<24 | 8388615
)

// selectMost bounds an object that is looked through, in bytes.
const selectMost = 64 << 20

type (
	// selectInput says how the records of the object are written. Parting letters
	// come in base 64.
	selectInput struct {
		Compression string  `xml:"CompressionType"`
		CSV         csvForm `xml:"CSV"`
		JSON        struct {
			Type  string
			Range string
		} `xml:"JSON"`
	}
	csvForm struct {
		FileHeaderInfo   string
		RecordDelimiter  string
		FieldDelimiter   string
		QuoteCharacter   string
		CommentCharacter string
		Range            string
	}
	selectRequest struct {
		Expression string
		Input      selectInput `xml:"InputSerialization"`
		Output     struct {
			CSV    csvForm `xml:"CSV"`
			JSON   csvForm `xml:"JSON"`
			Raw    bool    `xml:"OutputRawData"`
			All    bool    `xml:"KeepAllColumns"`
			CRC    bool    `xml:"EnablePayloadCrc"`
			Header bool    `xml:"OutputHeader"`
		} `xml:"OutputSerialization"`
		Skip bool `xml:"Options>SkipPartialDataRecord"`
	}
	metaRequest struct {
		Input selectInput `xml:"InputSerialization"`
	}
)

// letters is what a text in base 64 stands for; "" where it is none.
func letters(text string) string {
	plain, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return ""
	}
	return string(plain)
}

// csv is the form of the object's records.
func (in *selectInput) csv() (f query.CSV, err error) {
	f = query.CSV{Field: letters(in.CSV.FieldDelimiter), Record: letters(in.CSV.RecordDelimiter), Quote: letters(in.CSV.QuoteCharacter),
		Comment: letters(in.CSV.CommentCharacter), Names: strings.EqualFold(in.CSV.FileHeaderInfo, "Use"), Skip: strings.EqualFold(in.CSV.FileHeaderInfo, "Ignore")}
	f.First, f.Last, err = lineRange(in.CSV.Range)
	return f, err
}

var errLineRange = errors.New("emulator: not a range of lines")

// lineRange reads line-range=0-2; an end that is missing is the last line, "" is
// all.
func lineRange(text string) (first, last int, err error) {
	if text == "" {
		return 0, -1, nil
	}
	lines, ok := strings.CutPrefix(text, "line-range=")
	if !ok {
		return 0, -1, nil // of splits: an object is one split
	}
	from, to, ok := strings.Cut(lines, "-")
	first, err = strconv.Atoi(from)
	if last = -1; to != "" {
		var wrong error
		last, wrong = strconv.Atoi(to)
		err = errors.Join(err, wrong)
	}
	if !ok || err != nil {
		return 0, -1, errLineRange
	}
	return first, last, nil
}

// selectContent answers what a query finds in the object.
func (c *call) selectContent() error {
	var r selectRequest
	text, err := c.queried(&r)
	if err != nil {
		return err
	}
	q, err := query.Parse(letters(r.Expression))
	if err != nil {
		return c.fault("SqlSyntaxError")
	}
	answer, err := c.queryResult(q, &r, text)
	if err != nil {
		return err
	}
	c.reply.Status = 206
	c.reply.Fields.Set(c.own("select-output-raw"), strconv.FormatBool(r.Output.Raw))
	if !r.Output.Raw {
		size := int64(len(text))
		end := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint64(nil, uint64(size)), 200)
		if len(answer) > 0 {
			answer = frame(dataFrame, size, answer, r.Output.CRC)
		}
		answer = append(answer, frame(endFrame, size, end, r.Output.CRC)...)
	}
	c.send(answer)
	return nil
}

// queryResult runs a query over an object.
func (c *call) queryResult(q *query.Query, r *selectRequest, text []byte) ([]byte, error) {
	process, _ := c.param("x-oss-process")
	if strings.HasPrefix(process, "json") {
		first, last, err := lineRange(r.Input.JSON.Range)
		if err != nil {
			return nil, c.fault("InvalidRange")
		}
		out, err := q.JSON(text, query.JSON{Lines: strings.EqualFold(r.Input.JSON.Type, "LINES"), First: first, Last: last},
			query.Output{Record: letters(r.Output.JSON.RecordDelimiter)})
		if err != nil {
			return nil, c.fault("InvalidJsonData")
		}
		return out, nil
	}
	f, err := r.Input.csv()
	if err != nil {
		return nil, c.fault("InvalidRange")
	}
	f.Whole = r.Skip
	return q.CSV(string(text), f, query.Output{Field: letters(r.Output.CSV.FieldDelimiter), Record: letters(r.Output.CSV.RecordDelimiter),
		Names: r.Output.Header, All: r.Output.All}), nil
}

// queried reads the document of a request about the content of the object, and
// that content.
func (c *call) queried(into any) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(judged{c}, maxBucketDocument+1))
	if err != nil {
		return nil, err
	}
	if len(body) > maxBucketDocument || xml.Unmarshal(body, into) != nil {
		return nil, c.fault("MalformedXML")
	}
	o, err := c.find()
	if err != nil {
		return nil, err
	}
	if o.Size > selectMost {
		return nil, c.fault("InvalidRequest")
	}
	return io.ReadAll(o.Range(0, o.Size))
}

// selectMeta answers how many records an object has.
func (c *call) selectMeta() error {
	var r metaRequest
	text, err := c.queried(&r)
	if err != nil {
		return err
	}
	process, _ := c.param("x-oss-process")
	rows, columns, kind := 0, 0, uint32(jsonMeta)
	if strings.HasPrefix(process, "json") {
		if rows, err = (query.JSON{Lines: strings.EqualFold(r.Input.JSON.Type, "LINES")}).Count(text); err != nil {
			return c.fault("InvalidJsonData")
		}
	} else {
		f, err := r.Input.csv()
		if err != nil {
			return c.fault("InvalidRange")
		}
		rows, columns = f.Count(string(text))
		kind = csvMetaFrame
	}
	size := int64(len(text))
	told := binary.BigEndian.AppendUint64(nil, uint64(size))
	told = binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(told, 200), 1)
	told = binary.BigEndian.AppendUint64(told, uint64(rows))
	if kind == csvMetaFrame {
		told = binary.BigEndian.AppendUint32(told, uint32(columns))
	}
	c.send(frame(kind, size, told, true))
	return nil
}

// frame writes a frame: its kind, the length of what it carries, no sum of its
// head, how far the object was read, what it carries, and the sum of both.
func frame(kind uint32, read int64, payload []byte, sum bool) []byte {
	b := binary.BigEndian.AppendUint32(nil, kind)
	b = binary.BigEndian.AppendUint32(b, uint32(len(payload)+8))
	b = binary.BigEndian.AppendUint32(b, 0)
	b = binary.BigEndian.AppendUint64(b, uint64(read))
	b = append(b, payload...)
	crc := uint32(0)
	if sum {
		crc = crc32.ChecksumIEEE(b[12:])
	}
	return binary.BigEndian.AppendUint32(b, crc)
}
